import Holidays from "date-holidays";
import { z } from "zod";

/** Kinds of days on which offices and banks are closed; observances and school holidays are not. */
const CLOSED_TYPES = new Set(["public", "bank"]);

const known = new Map<string, Holidays | undefined>();
const closedDays = new Map<string, ReadonlySet<string>>();

/** Whose holidays count: a country by ISO 3166, and perhaps its state and region: `GB-ENG`, `US`, `DE-BY`. */
export const calendarSchema = z
  .string()
  .max(20)
  .refine((name) => openCalendar(name) !== undefined, {
    error: "Write a country, and where it matters its state, as in GB-ENG, US or DE-BY",
  })
  .meta({ examples: ["GB-ENG"] });

/** Whether `day` (`YYYY-MM-DD`) is a public or bank holiday, or the substitute day of one, in the calendar. */
export function isHoliday(calendar: string, day: string): boolean {
  return holidaysOf(calendar, Number(day.slice(0, 4))).has(day);
}

function holidaysOf(calendar: string, year: number): ReadonlySet<string> {
  const key = `${calendar} ${year}`;
  const found = closedDays.get(key);
  if (found) return found;
  const days = openCalendar(calendar)?.getHolidays(year) ?? [];
  const closed = new Set(days.filter(({ type }) => CLOSED_TYPES.has(type)).map(({ date }) => date.slice(0, 10)));
  if (calendar === "US-DC") closed.add(emancipationDayObserved(year));
  closedDays.set(key, closed);
  return closed;
}

/** Washington's own holiday moves off a weekend, and with it the tax day of the whole country; the library leaves it on its date. */
function emancipationDayObserved(year: number): string {
  const weekday = new Date(`${year}-04-16T00:00:00Z`).getUTCDay();
  return `${year}-04-${weekday === 0 ? 17 : weekday === 6 ? 15 : 16}`;
}

function openCalendar(name: string): Holidays | undefined {
  if (known.has(name)) return known.get(name);
  const opened = /^[A-Z]{2}(-[A-Z0-9]{1,8}){0,2}$/.test(name) ? tryOpen(name) : undefined;
  known.set(name, opened);
  return opened;
}

function tryOpen(name: string): Holidays | undefined {
  const [country = "", state, region] = name.split("-");
  const all = new Holidays();
  if (!Object.hasOwn(all.getCountries(), country)) return undefined;
  if (state && !Object.hasOwn(all.getStates(country) ?? {}, state)) return undefined;
  if (state && region && !Object.hasOwn(all.getRegions(country, state) ?? {}, region)) return undefined;
  return region && state
    ? new Holidays(country, state, region)
    : state
      ? new Holidays(country, state)
      : new Holidays(country);
}
