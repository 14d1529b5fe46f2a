import Holidays from "date-holidays";
import { z } from "zod";
import { DAY_MS, parseWall, type WallMs } from "./wall-clock.ts";

/** Kinds of days on which offices and banks are closed; observances and school holidays are not. */
const CLOSED_TYPES = new Set(["public", "bank"]);
const SATURDAY_AND_SUNDAY = [6, 7];
/** Years of calendars that are remembered, some megabytes. */
const MOST_YEARS = 5_000;

/** What is known of one calendar. */
interface Calendar {
  readonly source: Holidays;
  /** 1 for Monday to 7 for Sunday. */
  readonly weekend: readonly number[];
  readonly holidays: Set<WallMs>;
  readonly years: Set<number>;
}

const opened = new Map<string, Calendar>();
let yearsRead = 0;

/** Whose holidays count: a country by ISO 3166, and perhaps its state and region: `GB-ENG`, `US`, `DE-BY`. */
export const calendarSchema = z
  .string()
  .max(20)
  .superRefine((name, issues) => {
    const message = calendarFault(name);
    if (message) issues.addIssue({ code: "custom", message });
  })
  .meta({ examples: ["GB-ENG"] });

/** Whether the day that begins at `dayMs` is a public or bank holiday, or the substitute day of one. Half holidays are not. */
export function isHoliday(name: string, dayMs: WallMs): boolean {
  const calendar = openCalendar(name);
  const year = new Date(dayMs).getUTCFullYear();
  // Holidays of several days may run into the next year.
  for (const wanted of [year - 1, year]) if (!calendar.years.has(wanted)) readYear(name, calendar, wanted);
  return calendar.holidays.has(dayMs);
}

/** Whether the day that begins at `dayMs` is of the calendar's weekend; Saturday and Sunday where no calendar is named. */
export function isWeekend(name: string | undefined, dayMs: WallMs): boolean {
  const { weekend } = name === undefined ? { weekend: SATURDAY_AND_SUNDAY } : openCalendar(name);
  return weekend.includes(new Date(dayMs).getUTCDay() || 7);
}

function readYear(name: string, calendar: Calendar, year: number): void {
  if (yearsRead >= MOST_YEARS) {
    for (const { holidays, years } of opened.values()) {
      holidays.clear();
      years.clear();
    }
    yearsRead = 0;
  }
  yearsRead += 1;
  calendar.years.add(year);
  for (const { type, date, start, end } of holidaysOf(calendar.source, year)) {
    if (!CLOSED_TYPES.has(type) || !date.includes(" 00:00")) continue;
    const first = parseWall(date.slice(0, 10));
    const days = Math.max(1, Math.round((end.getTime() - start.getTime()) / DAY_MS));
    for (let day = 0; day < days; day += 1) calendar.holidays.add(first + day * DAY_MS);
  }
  if (name === "US-DC") calendar.holidays.add(parseWall(emancipationDayObserved(year)));
}

/** Some calendars end before the year 9999; after that nothing is known to be closed. */
function holidaysOf(source: Holidays, year: number): ReturnType<Holidays["getHolidays"]> {
  try {
    return source.getHolidays(year);
  } catch {
    return [];
  }
}

/** Washington's own holiday moves off a weekend, and with it the tax day of the whole country; the library leaves it on its date. */
function emancipationDayObserved(year: number): string {
  const weekday = new Date(`${year}-04-16T00:00:00Z`).getUTCDay();
  return `${year}-04-${weekday === 0 ? 17 : weekday === 6 ? 15 : 16}`;
}

function openCalendar(name: string): Calendar {
  const known = opened.get(name);
  if (known) return known;
  const fault = calendarFault(name);
  if (fault) throw new TypeError(`A calendar was used that its schema refuses: ${fault}`);
  const [country = "", state, region] = name.split("-");
  const calendar: Calendar = {
    source: state && region ? new Holidays(country, state, region) : new Holidays(country, state ?? ""),
    weekend: weekendIn(country),
    holidays: new Set(),
    years: new Set(),
  };
  opened.set(name, calendar);
  return calendar;
}

/** By the runtime's own data on regions (Intl Locale Info), which TypeScript does not know yet. */
function weekendIn(country: string): readonly number[] {
  const locale = new Intl.Locale(`und-${country}`) as Intl.Locale & { getWeekInfo(): { weekend: number[] } };
  return locale.getWeekInfo().weekend;
}

/** Why there is no such calendar. */
function calendarFault(name: string): string | undefined {
  if (opened.has(name)) return undefined;
  const [country = "", state, region, ...more] = name.split("-");
  const all = new Holidays();
  if (more.length > 0 || !Object.hasOwn(all.getCountries(), country))
    return "Write a country, and where it matters its state, as in GB-ENG, US or DE-BY";
  if (state === undefined) return undefined;
  const states = all.getStates(country) ?? {};
  if (!Object.hasOwn(states, state)) return oneOf(country, states);
  if (region === undefined) return undefined;
  const regions = all.getRegions(country, state) ?? {};
  return Object.hasOwn(regions, region) ? undefined : oneOf(`${country}-${state}`, regions);
}

function oneOf(within: string, parts: object): string {
  const names = Object.keys(parts).map((part) => `${within}-${part}`);
  return names.length > 0
    ? `Write ${within}, or one of its parts: ${names.join(", ")}`
    : `Write ${within}, which has no parts`;
}
