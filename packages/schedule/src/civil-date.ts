import { z } from "zod";
import { DAY_MS, dayOfWall, parseWall } from "./wall-clock.ts";
import { instantOf, wallTimeIn } from "./zones.ts";

/** A day on the calendar, without time or zone: `2027-04-30`. Days that do not exist are refused. Years 1900 to 9999. */
export const civilDateSchema = z
  .string()
  .refine(isCivilDate, { error: "Write an existing date as YYYY-MM-DD, for example 2027-04-30" })
  .meta({ examples: ["2030-04-30"] });

function isCivilDate(text: string): boolean {
  if (!/^(19|[2-9]\d)\d\d-\d\d-\d\d$/.test(text)) return false;
  const parsed = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(parsed.getTime()) && parsed.toISOString().startsWith(text);
}

/** Steps reach years before and after a due date, and may not leave the calendar. */
const LAST_DUE_DATE = "9899-12-31";

/** A civil date that steps can be counted from. */
export const dueDateSchema = civilDateSchema.refine((date) => date <= LAST_DUE_DATE, {
  error: `A due date is at the latest ${LAST_DUE_DATE}, so that the steps after it exist`,
});

const formats = new Map<string, Intl.DateTimeFormat>();
const MOST_FORMATS = 200;

/** Making one costs a hundred times what its use does. */
function formatOf(locale: string): Intl.DateTimeFormat {
  const known = formats.get(locale);
  if (known) return known;
  const made = new Intl.DateTimeFormat(locale, { dateStyle: "long", timeZone: "UTC" });
  if (formats.size >= MOST_FORMATS) formats.clear();
  formats.set(locale, made);
  return made;
}

/** The day in the words and calendar of `locale` (BCP 47), for example "30 April 2027". Throws a RangeError for a malformed locale. */
export function formatCivilDate(date: string, locale: string): string {
  return formatOf(locale).format(new Date(`${date}T00:00:00Z`));
}

/** Which day it is in `zone` at the instant `at`. */
export function civilDateIn(zone: string, at: Date): string {
  return wallTimeIn(zone, at).slice(0, 10);
}

/** The first instant of a day in `zone`; where the clocks skip midnight, the day begins when they go on. */
export function startOfDay(date: string, zone: string): Date {
  return instantOf(`${date}T00:00`, zone);
}

/** The day that comes `days` after `date`. */
export function daysAfter(date: string, days: number): string {
  return dayOfWall(parseWall(date) + days * DAY_MS);
}

/** How many days `to` comes after `from`; below 0 when it comes before. */
export function daysBetween(from: string, to: string): number {
  return (parseWall(to) - parseWall(from)) / DAY_MS;
}

/** The instant `from`, or later on the same day in `zone`: no earlier than at the time of day that the clocks show at `model`. */
export function notBeforeTimeOf(model: Date, zone: string, from: Date): Date {
  const at = instantOf(civilDateIn(zone, from) + wallTimeIn(zone, model).slice(10), zone);
  return at > from ? at : from;
}
