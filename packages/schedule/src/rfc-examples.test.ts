import { readFileSync } from "node:fs";
import { countCases } from "@reminder-app/testing/count-cases";
import { expect, test } from "vitest";
import { scheduleSchema, sharedScheduleSchema } from "./schedule.ts";
import { slotsAfter } from "./slots.ts";

/** The examples of RFC 5545, 3.8.5.3 and 3.3.10: all begin at 09:00 in New York. */
const given = { kind: "recurring", zone: "America/New_York" };
const longAgo = new Date("1990-01-01T00:00:00Z");

interface Example {
  readonly says: string;
  /** `YYYY-MM-DD`, 2 September 1997 when left out. */
  readonly start?: string;
  readonly rule: string;
  readonly exclude?: readonly string[];
  /** Month by month: `1997-09 2 9 16`. */
  readonly gives: readonly string[];
  /** How many days there are in all; `forever` when the list goes on. */
  readonly total: number | "forever";
}

const examples = JSON.parse(
  readFileSync(new URL("golden/rfc-5545-examples.json", import.meta.url), "utf8"),
) as readonly Example[];

function daysOf(months: readonly string[]): string[] {
  return months.flatMap((text) => {
    const [month, ...days] = text.split(" ");
    return days.map((day) => `${month}-${day.padStart(2, "0")}`);
  });
}

test.for(examples)("the RFC's example '$says' gives the RFC's days (A2)", (example, { task }) => {
  const { start = "1997-09-02", rule, exclude, gives, total } = example;
  const schedule = sharedScheduleSchema.parse({ ...given, start: `${start}T09:00`, rule, ...(exclude && { exclude }) });
  const days = daysOf(gives);
  const slots = slotsAfter(schedule, longAgo, total === "forever" ? days.length : total + 1);
  const found = slots.map(({ key }) => key.slice(2));

  countCases(task, "recurrence", { cases: 1, violations: found.slice(0, days.length).join() === days.join() ? 0 : 1 });
  expect(found.slice(0, days.length)).toEqual(days);
  expect(found).toHaveLength(total === "forever" ? days.length : total);
  expect(slots.every(({ local }) => local.endsWith("T09:00"))).toBe(true);
});

test("the RFC's nine o'clock is nine in summer and winter time (A6)", () => {
  const rule = "FREQ=WEEKLY;INTERVAL=2;COUNT=8;WKST=SU;BYDAY=TU,TH";
  const across = sharedScheduleSchema.parse({ ...given, start: "1997-10-14T09:00", rule });
  const times = slotsAfter(across, longAgo, 8).map(({ at }) => at.toISOString());

  expect(times.slice(0, 4)).toEqual([
    "1997-10-14T13:00:00.000Z",
    "1997-10-16T13:00:00.000Z",
    "1997-10-28T14:00:00.000Z",
    "1997-10-30T14:00:00.000Z",
  ]);
});

test.each([
  ["Monday of week number 20", "FREQ=YEARLY;BYWEEKNO=20;BYDAY=MO", "write BYMONTH with BYDAY"],
  ["every 3 hours on a day", "FREQ=HOURLY;INTERVAL=3;UNTIL=19970902T170000Z", "nothing repeats within a day"],
  ["every 15 minutes", "FREQ=MINUTELY;INTERVAL=15;COUNT=6", "nothing repeats within a day"],
  ["every hour and a half", "FREQ=MINUTELY;INTERVAL=90;COUNT=4", "nothing repeats within a day"],
  [
    "every 20 minutes from 9 to 16:40, by the day",
    "FREQ=DAILY;BYHOUR=9,10,11;BYMINUTE=20",
    "write a schedule for each",
  ],
  [
    "every 20 minutes from 9 to 16:40, by the minute",
    "FREQ=MINUTELY;INTERVAL=20;BYHOUR=9",
    "nothing repeats within a day",
  ],
  [
    "8:30 and 9:30 on Sundays in January (3.3.10)",
    "FREQ=YEARLY;INTERVAL=2;BYMONTH=1;BYDAY=SU;BYHOUR=8,9;BYMINUTE=30",
    "write a schedule for each",
  ],
])("the RFC's example '%s' is refused, with what to write instead (A2)", (_, rule, instead) => {
  const issues = scheduleSchema.safeParse({ ...given, start: "1997-09-02T09:00", rule }).error?.issues;

  expect(issues?.map(({ path }) => path)).toEqual([["rule"]]);
  expect(issues?.[0]?.message).toContain(instead);
});
