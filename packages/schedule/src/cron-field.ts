/** One field of a cron text, as the numbers that it names. */
export interface CronField {
  readonly name: string;
  readonly least: number;
  readonly most: number;
  /** What stands for a number: `JAN` for 1, in the order of the numbers from `least` on. */
  readonly words?: readonly string[];
}

/** Reads numbers, words, ranges, steps and lists. Gives the numbers in their order, or what is wrong with the text. */
export function readCronField(field: CronField, text: string): { numbers: readonly number[] } | { fault: string } {
  const numbers = new Set<number>();
  for (const item of text.split(",")) {
    const found = readItem(field, item.toUpperCase());
    if (typeof found === "string") return { fault: found };
    for (const number of found) numbers.add(number);
  }
  return { numbers: [...numbers].toSorted((a, b) => a - b) };
}

function readItem(field: CronField, item: string): readonly number[] | string {
  const [span = "", step, ...rest] = item.split("/");
  const ends = readSpan(field, span, step !== undefined);
  if (!ends || rest.length > 0 || (step !== undefined && !/^[1-9]\d{0,2}$/.test(step)))
    return `${JSON.stringify(item.slice(0, 40))} is no ${field.name}; write ${field.least} to ${field.most}, as in ${example(field)}`;
  const [first, last] = ends;
  if (first > last)
    return `The ${field.name}s ${item} run backwards; write the part before and the part after as a list`;
  const by = Number(step ?? 1);
  return Array.from({ length: Math.floor((last - first) / by) + 1 }, (_, index) => first + index * by);
}

/** A number alone with a step goes on to the field's end: `10/5` is `10-31/5`. */
function readSpan(field: CronField, span: string, isStepped: boolean): readonly [number, number] | undefined {
  if (span === "*") return [field.least, field.most];
  const [first, last, ...rest] = span.split("-").map((text) => readNumber(field, text));
  if (first === undefined || rest.length > 0) return undefined;
  if (span.includes("-")) return last === undefined ? undefined : [first, last];
  return [first, isStepped ? field.most : first];
}

function readNumber({ least, most, words = [] }: CronField, text: string): number | undefined {
  const word = words.indexOf(text);
  if (word >= 0) return least + word;
  const number = /^\d{1,2}$/.test(text) ? Number(text) : Number.NaN;
  return number >= least && number <= most ? number : undefined;
}

function example({ least }: CronField): string {
  return `${least + 1}, ${least + 1}-${least + 3} or ${least + 1},${least + 3}`;
}
