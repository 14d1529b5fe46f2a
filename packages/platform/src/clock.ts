/** Tells the current instant. Rules never read the machine's clock themselves. */
export type Clock = () => Date;

export const SECOND_MS = 1_000;
export const MINUTE_MS = 60 * SECOND_MS;
export const HOUR_MS = 60 * MINUTE_MS;
export const DAY_MS = 24 * HOUR_MS;

/** The instant `ms` milliseconds after `at`. */
export function after(at: Date, ms: number): Date {
  return new Date(at.getTime() + ms);
}

/** The first of some instants; nothing where there is none. */
export function earliest(instants: readonly (Date | null | undefined)[]): Date | null {
  const given = instants.filter((at) => at instanceof Date);
  return given.length === 0 ? null : new Date(Math.min(...given.map((at) => at.getTime())));
}

/** The later of two instants. */
export function latest(one: Date, other: Date): Date {
  return one > other ? one : other;
}
