/** One measurement of one side. */
export interface Sample {
  /** CPU time of the process under test for each operation, in microseconds. */
  readonly cpuUs: number;
  /** Operations in a second of wall time. */
  readonly rate: number;
  readonly p99Ms?: number;
}

export interface Pair {
  readonly floor: Sample;
  readonly product: Sample;
}

/** The product against the floor, each in the same minute: ratios are medians over the pairs, as are the figures beside them. */
export interface BenchResult {
  readonly id: string;
  readonly cpuRatio: number;
  readonly rateRatio: number;
  readonly pairs: number;
  readonly floorCpuUs: number;
  readonly productCpuUs: number;
  readonly floorRate: number;
  readonly productRate: number;
  readonly p99Ratio?: number;
}

export interface Sides {
  readonly floor: () => Promise<Sample>;
  readonly product: () => Promise<Sample>;
}

/** Measure both sides in turn, the first of a pair alternating, so that a busy moment of the machine favours neither. */
export async function measurePairs(sides: Sides, count: number): Promise<Pair[]> {
  const pairs: Pair[] = [];
  for (let index = 0; index < count; index += 1) {
    const early = index % 2 === 0 ? await sides.floor() : undefined;
    const product = await sides.product();
    pairs.push({ floor: early ?? (await sides.floor()), product });
  }
  return pairs;
}

/** Throws when there is no pair. */
export function summarise(id: string, pairs: readonly Pair[]): BenchResult {
  const over = (figure: (pair: Pair) => number): number => median(pairs.map(figure));
  const p99s = pairs.flatMap(({ floor, product }) =>
    floor.p99Ms === undefined || product.p99Ms === undefined ? [] : [product.p99Ms / floor.p99Ms],
  );
  return {
    id,
    cpuRatio: round(
      over(({ floor, product }) => product.cpuUs / floor.cpuUs),
      2,
    ),
    rateRatio: round(
      over(({ floor, product }) => product.rate / floor.rate),
      2,
    ),
    pairs: pairs.length,
    floorCpuUs: round(
      over(({ floor }) => floor.cpuUs),
      0,
    ),
    productCpuUs: round(
      over(({ product }) => product.cpuUs),
      0,
    ),
    floorRate: round(
      over(({ floor }) => floor.rate),
      0,
    ),
    productRate: round(
      over(({ product }) => product.rate),
      0,
    ),
    ...(p99s.length > 0 && { p99Ratio: round(median(p99s), 2) }),
  };
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((left, right) => left - right);
  const middle = Math.floor(sorted.length / 2);
  const [low, high] = [sorted[sorted.length % 2 === 0 ? middle - 1 : middle], sorted[middle]];
  if (low === undefined || high === undefined) throw new RangeError("There is nothing to take a median of");
  return (low + high) / 2;
}

/** The value that one in a hundred exceeds. */
export function p99(values: readonly number[]): number {
  const sorted = values.toSorted((left, right) => left - right);
  return sorted[Math.floor(sorted.length * 0.99)] ?? 0;
}

export function round(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}
