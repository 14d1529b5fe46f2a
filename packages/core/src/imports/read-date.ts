import { civilDateSchema } from "@reminder-app/schedule/civil-date";

export const dateOrders = ["ymd", "dmy", "mdy"] as const;
export type DateOrder = (typeof dateOrders)[number];

const PARTS = /^(\d{1,4})[./ -](\d{1,2}|[A-Za-z]{3,9})[./ -](\d{1,4})(?:[ T].*)?$/;
const months = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

/** A day as statements write it, in the given order: `31.03.2026`, `3/31/26`, `20260331`, `31 Mar 2026`, as `2026-03-31`. */
export function readDate(written: string, order: DateOrder): string | undefined {
  const text = written.trim();
  const compact = /^(\d{4})(\d\d)(\d\d)$/.exec(text);
  const [, one = "", two = "", three = ""] = compact ?? PARTS.exec(text) ?? [];
  const found = one.length === 4 ? "ymd" : order;
  if (found === "ymd" && one.length !== 4 && order !== "ymd") return undefined;
  const [year, month, day] =
    found === "ymd" ? [one, two, three] : found === "dmy" ? [three, two, one] : [three, one, two];
  const number = /^[A-Za-z]/.test(month) ? months.indexOf(month.slice(0, 3).toLowerCase()) + 1 : Number(month);
  const full = year.length === 2 ? `20${year}` : year;
  const date = `${full}-${String(number).padStart(2, "0")}-${day.padStart(2, "0")}`;
  return civilDateSchema.safeParse(date).success ? date : undefined;
}

/** The only order in which all of these are days; `usual` where several are. Undefined when none is. */
export function guessOrder(samples: readonly string[], usual: DateOrder): DateOrder | undefined {
  const possible = dateOrders.filter((order) => samples.every((sample) => readDate(sample, order) !== undefined));
  if (possible.includes(usual)) return usual;
  return possible[0];
}
