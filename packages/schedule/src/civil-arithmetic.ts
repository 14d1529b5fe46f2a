import { dayOfWall, DAY_MS, parseWall } from "./wall-clock.ts";

/** The civil date that lies `days` after another. */
export function addDays(date: string, days: number): string {
  return dayOfWall(parseWall(date) + days * DAY_MS);
}

/** The last day of a month, 1 to 12; months beyond run into the next years. */
export function endOfMonth(year: number, month: number): string {
  return dayOfWall(Date.UTC(year, month, 0));
}

/** A day of a month; months beyond 12 run into the next years. A day that the month lacks is its last. */
export function dayOfMonth(year: number, month: number, day: number): string {
  const last = endOfMonth(year, month);
  return day >= Number(last.slice(8)) ? last : `${last.slice(0, 8)}${String(day).padStart(2, "0")}`;
}

/** The corresponding day so many months later; the last day of a month leads to the last day of a month (Companies Act 2006, section 443). */
export function addMonths(date: string, months: number): string {
  const [year = 0, month = 0, day = 0] = date.split("-").map(Number);
  return date === endOfMonth(year, month) ? endOfMonth(year, month + months) : dayOfMonth(year, month + months, day);
}
