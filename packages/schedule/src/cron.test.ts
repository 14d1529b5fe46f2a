import { countCases } from "@reminder-app/testing/count-cases";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { readCron } from "./cron.ts";
import { scheduleSchema, sharedScheduleSchema } from "./schedule.ts";
import { slotsAfter } from "./slots.ts";

const DAY_MS = 86_400_000;
const given = { kind: "recurring", start: "2027-01-01", zone: "Europe/London" };

test.each([
  ["0 9 * * *", "FREQ=DAILY", "09:00"],
  ["30 17 * * 1-5", "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", "17:30"],
  ["0 9 * * mon,Wed,FRI", "FREQ=WEEKLY;BYDAY=MO,WE,FR", "09:00"],
  ["0 9 * * 0,7", "FREQ=WEEKLY;BYDAY=SU", "09:00"],
  ["0 9 * * 5-7", "FREQ=WEEKLY;BYDAY=FR,SA,SU", "09:00"],
  ["0 9 * JAN-MAR 1", "FREQ=WEEKLY;BYDAY=MO;BYMONTH=1,2,3", "09:00"],
  ["5 0 1,15 * *", "FREQ=MONTHLY;BYMONTHDAY=1,15", "00:05"],
  ["0 9 */10 * ?", "FREQ=MONTHLY;BYMONTHDAY=1,11,21,31", "09:00"],
  ["0 9 10/10 * *", "FREQ=MONTHLY;BYMONTHDAY=10,20,30", "09:00"],
  ["0 9 1 */3 *", "FREQ=MONTHLY;BYMONTHDAY=1;BYMONTH=1,4,7,10", "09:00"],
  ["0 9 L * *", "FREQ=MONTHLY;BYMONTHDAY=-1", "09:00"],
  ["0 9 15,L * *", "FREQ=MONTHLY;BYMONTHDAY=15,-1", "09:00"],
  ["0 9 ? * 5#2", "FREQ=MONTHLY;BYDAY=2FR", "09:00"],
  ["0 9 * * FRI#1,5#3", "FREQ=MONTHLY;BYDAY=1FR,3FR", "09:00"],
  ["0 9 * 6 5L", "FREQ=MONTHLY;BYDAY=-1FR;BYMONTH=6", "09:00"],
  ["0 9 * 2 *", "FREQ=DAILY;BYMONTH=2", "09:00"],
  ["0 9 1-31 * *", "FREQ=DAILY", "09:00"],
  ["  0   9  *  *  0-6 ", "FREQ=DAILY", "09:00"],
  ["@daily", "FREQ=DAILY", "00:00"],
  ["@weekly", "FREQ=WEEKLY;BYDAY=SU", "00:00"],
  ["@Monthly", "FREQ=MONTHLY;BYMONTHDAY=1", "00:00"],
  ["@yearly", "FREQ=MONTHLY;BYMONTHDAY=1;BYMONTH=1", "00:00"],
])("the cron %s means %s at %s (A2)", (cron, rule, time) => {
  expect(readCron(cron)).toEqual({ rule, time });
  expect(scheduleSchema.parse({ ...given, cron })).toEqual({ ...given, start: `2027-01-01T${time}`, rule });
});

test.each([
  ["*/15 9 * * *", "means several times a day"],
  ["0,30 9 * * *", "means several times a day"],
  ["0 9,17 * * *", "a schedule for each further time"],
  ["0 * * * *", "means several times a day"],
  ["* * * * *", "means several times a day"],
  ["0 9 13 * 5", "write two schedules, or a rule such as FREQ=MONTHLY;BYMONTHDAY=13;BYDAY=FR for both"],
  ["0 9 */2 * 5", "of which cron takes either"],
  ["0 9 15W * *", "15W is not supported, as the nearest weekday is no recurrence"],
  ["0 9 LW * *", "write the rule FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1"],
  ["0 9 L-3 * *", "write the rule FREQ=MONTHLY;BYMONTHDAY=-4"],
  ["0 9 5L * *", '"5L" is no day of the month'],
  ["0 9 * * L", "write 5#2 for the second Friday, 5L for the last"],
  ["0 9 * * 5#6", "write 5#2 for the second Friday"],
  ["0 9 * * 1-5L", "write 5#2 for the second Friday"],
  ["@reboot", "@reboot is no time"],
  ["@hourly", "@hourly is several times a day"],
  ["@fortnightly", '"@fortnightly" is unknown'],
  ["0 0 9 * * *", "leave out seconds and years"],
  ["0 9 * *", "has fewer than five fields"],
  ["", "has fewer than five fields"],
  ["60 9 * * *", '"60" is no minute; write 0 to 59'],
  ["0 24 * * *", '"24" is no hour; write 0 to 23'],
  ["0 9 0 * *", '"0" is no day of the month'],
  ["0 9 32 * *", '"32" is no day of the month'],
  ["0 9 1 13 *", '"13" is no month'],
  ["0 9 1 JANUARY *", '"JANUARY" is no month'],
  ["0 9 * * 8", '"8" is no day of the week'],
  ["0 9 * * SAT-SUN", "run backwards"],
  ["0 9 20-10 * *", "run backwards"],
  ["0 9 1-2-3 * *", "is no day of the month"],
  ["0 9 1, * *", "is no day of the month"],
  ["0 9 */0 * *", "is no day of the month"],
  ["0 9 */2/3 * *", "is no day of the month"],
  ["0 9 -1 * *", "is no day of the month"],
  ["0 9 30 2 *", "The rule never matches"],
])("the cron %j is refused by name: %s (A2)", (cron, message) => {
  const issues = scheduleSchema.safeParse({ ...given, cron }).error?.issues;

  expect(issues?.map(({ path }) => path)).toEqual([["cron"]]);
  expect(issues?.[0]?.message).toContain(message);
});

test("beside a cron, start is a date, and all else of a recurrence may be given; what was translated is accepted again (A2)", () => {
  const faults = (fields: object) =>
    scheduleSchema.safeParse({ ...given, cron: "0 9 * * *", ...fields }).error?.issues.map(({ message }) => message);

  expect(faults({ start: "2027-01-01T09:00" })).toEqual([
    "The time comes from `cron`; write a date such as 2027-03-29",
  ]);
  expect(faults({ until: "2026-01-01" })?.[0]).toContain("ends before its first moment, 2027-01-01T09:00");
  expect(faults({ rule: "FREQ=DAILY" })).toEqual(["says what `rule` says; keep one of them"]);
  const kept = scheduleSchema.parse({ ...given, cron: "0 9 * * 1", count: 3, exclude: ["2027-01-11"] });
  expect(scheduleSchema.parse(JSON.parse(JSON.stringify(kept)))).toEqual(kept);
});

/** One field: its text, and by its own account which numbers it means. */
interface Told {
  readonly text: string;
  readonly means: (number: number) => boolean;
}

function fieldOf(least: number, most: number): fc.Arbitrary<Told> {
  const any = fc.integer({ min: least, max: most });
  const one = any.map((number): Told => ({ text: String(number), means: (asked) => asked === number }));
  const range = fc.tuple(any, any).map(([a, b]): Told => {
    const [first, last] = [Math.min(a, b), Math.max(a, b)];
    return { text: `${first}-${last}`, means: (asked) => asked >= first && asked <= last };
  });
  const stepped = fc.tuple(range, fc.integer({ min: 1, max: 9 })).map(([span, step]): Told => {
    const first = Number.parseInt(span.text, 10);
    return { text: `${span.text}/${step}`, means: (asked) => span.means(asked) && (asked - first) % step === 0 };
  });
  const every = fc
    .integer({ min: 2, max: 9 })
    .map((step): Told => ({ text: `*/${step}`, means: (asked) => (asked - least) % step === 0 }));
  const list = fc.array(fc.oneof(one, range, stepped, every), { minLength: 1, maxLength: 3 });
  return list.map((items) => ({
    text: items.map(({ text }) => text).join(","),
    means: (asked) => items.some(({ means }) => means(asked)),
  }));
}

const anything: Told = { text: "*", means: () => true };
const sometimes = (field: fc.Arbitrary<Told>) => fc.oneof(fc.constant(anything), field);
const days = fc.oneof(
  fc.record({ day: sometimes(fieldOf(1, 31)), weekday: fc.constant(anything) }),
  fc.record({ day: fc.constant(anything), weekday: fieldOf(0, 7) }),
);
const times = fc.record({ minute: fc.integer({ min: 0, max: 59 }), hour: fc.integer({ min: 0, max: 23 }) });

test("a translated cron gives the minutes at which cron itself would ring, counted day by day (A2)", ({ task }) => {
  let [cases, violations] = [0, 0];
  const asked = fc.record({ days, times, month: sometimes(fieldOf(1, 12)) });
  fc.assert(
    fc.property(asked, ({ days: { day, weekday }, times: { minute, hour }, month }) => {
      const cron = `${minute} ${hour} ${day.text} ${month.text} ${weekday.text}`;
      const rings = (at: Date) =>
        day.means(at.getUTCDate()) &&
        month.means(at.getUTCMonth() + 1) &&
        (weekday.means(at.getUTCDay()) || (at.getUTCDay() === 0 && weekday.means(7)));
      const expected: string[] = [];
      const start = Date.UTC(2027, 0, 1, hour, minute);
      for (let at = start; at < start + 9 * 366 * DAY_MS && expected.length < 40; at += DAY_MS)
        if (rings(new Date(at))) expected.push(new Date(at).toISOString());

      const parsed = sharedScheduleSchema.safeParse({ ...given, zone: "UTC", cron });
      const slots = parsed.success ? slotsAfter(parsed.data, new Date("2026-12-31T23:59:00Z"), 40) : [];
      const found = slots.map(({ at }) => at.toISOString()).slice(0, expected.length);
      cases += 1;
      violations += found.join() === expected.join() ? 0 : 1;
      expect(found).toEqual(expected);
    }),
    { numRuns: 300, endOnFailure: true },
  );
  countCases(task, "recurrence", { cases, violations });
});

test("the numbered weekdays of a cron are those that a calendar shows (A2)", () => {
  const numbered = fc.record({ weekday: fc.integer({ min: 0, max: 6 }), nth: fc.constantFrom(1, 2, 3, 4, 5, -1) });
  fc.assert(
    fc.property(numbered, ({ weekday, nth }) => {
      const expected: string[] = [];
      for (let at = Date.UTC(2027, 0, 1); expected.length < 12; at += DAY_MS) {
        const [day, nextWeek] = [new Date(at), new Date(at + 7 * DAY_MS)];
        const isIt =
          nth === -1 ? nextWeek.getUTCMonth() !== day.getUTCMonth() : Math.ceil(day.getUTCDate() / 7) === nth;
        if (day.getUTCDay() === weekday && isIt) expected.push(`S:${day.toISOString().slice(0, 10)}`);
      }
      const cron = `0 9 * * ${weekday}${nth === -1 ? "L" : `#${nth}`}`;
      const slots = slotsAfter(sharedScheduleSchema.parse({ ...given, cron }), new Date("2026-12-31T00:00:00Z"), 12);
      expect(slots.map(({ key }) => key)).toEqual(expected);
    }),
    { numRuns: 42 },
  );
});
