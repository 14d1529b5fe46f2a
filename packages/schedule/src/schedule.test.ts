import { expect, test } from "vitest";
import { scheduleSchema } from "./schedule.ts";

const valid = { kind: "recurring", start: "2027-01-31T09:00", zone: "Europe/London", rule: "FREQ=MONTHLY" };

function faultsOf(input: unknown): string[] {
  const parsed = scheduleSchema.safeParse(input);
  return parsed.success ? [] : parsed.error.issues.map(({ path, message }) => `${path.join(".")}: ${message}`);
}

test.each([
  ["FREQ=HOURLY", "FREQ takes DAILY, WEEKLY, MONTHLY or YEARLY"],
  ["FREQ=MINUTELY", "FREQ takes DAILY, WEEKLY, MONTHLY or YEARLY"],
  ["FREQ=SECONDLY", "FREQ takes DAILY, WEEKLY, MONTHLY or YEARLY"],
  ["FREQ=FORTNIGHTLY", "FREQ takes DAILY, WEEKLY, MONTHLY or YEARLY"],
  ["INTERVAL=2", "FREQ is missing"],
  ["FREQ=YEARLY;BYEASTER=0", "BYEASTER is not part of RFC 5545"],
  ["FREQ=DAILY;BYHOLIDAY=1", '"BYHOLIDAY" is no rule part'],
  ["RRULE:FREQ=DAILY", '"RRULE:FREQ" is no rule part'],
  ["FREQ=DAILY;__proto__=1", '"__proto__" is no rule part'],
  ["FREQ=DAILY;toString=1", '"toString" is no rule part'],
  ["FREQ=DAILY;COUNT", '"COUNT" is no rule part; write NAME=value'],
  ["FREQ=DAILY;FREQ=DAILY", "FREQ is given twice"],
  ["FREQ=DAILY;", "The rule has an empty part"],
  ["FREQ=DAILY;COUNT=", "COUNT is empty"],
  ["FREQ=WEEKLY;BYDAY=MO,", "BYDAY takes days like MO,TU"],
  ["FREQ=WEEKLY;BYDAY=MO,MO", "BYDAY takes days like MO,TU"],
  ["FREQ=MONTHLY;BYDAY=0MO", "BYDAY takes days like MO,TU"],
  ["FREQ=MONTHLY;BYDAY=6MO", "BYDAY within a month takes numbers 1 to 5"],
  ["FREQ=YEARLY;BYMONTH=13", "BYMONTH takes months 1 to 12"],
  ["FREQ=MONTHLY;BYMONTHDAY=0", "BYMONTHDAY takes days 1 to 31"],
  ["FREQ=MONTHLY;BYMONTHDAY=32", "BYMONTHDAY takes days 1 to 31"],
  ["FREQ=YEARLY;BYYEARDAY=367", "BYYEARDAY takes days 1 to 366"],
  ["FREQ=MONTHLY;BYDAY=MO;BYSETPOS=0", "BYSETPOS takes positions 1 to 366"],
  ["FREQ=DAILY;COUNT=-200", "COUNT takes a whole number, 1 to 10000"],
  ["FREQ=DAILY;COUNT=10001", "COUNT takes a whole number, 1 to 10000"],
  ["FREQ=DAILY;INTERVAL=0", "INTERVAL takes a whole number, 1 to 1000"],
  ["FREQ=DAILY;INTERVAL=1.5", "INTERVAL takes a whole number, 1 to 1000"],
  ["FREQ=DAILY;UNTIL=20270230", "UNTIL takes a date or time"],
  ["FREQ=DAILY;UNTIL=2027-12-31", "UNTIL takes a date or time"],
  ["FREQ=WEEKLY;WKST=XX", "WKST takes the day on which a week starts"],
  ["FREQ=DAILY;BYHOUR=9,17", "BYHOUR takes one hour"],
  ["FREQ=DAILY;BYHOUR=24", "BYHOUR takes one hour"],
  ["FREQ=DAILY;BYMINUTE=0,30", "BYMINUTE takes one minute"],
  ["FREQ=DAILY;BYSECOND=0,30", "BYSECOND takes one second"],
  ["FREQ=YEARLY;BYWEEKNO=20", "BYWEEKNO is not supported"],
  ["FREQ=DAILY;COUNT=3;UNTIL=20271231", "UNTIL and COUNT may not both be given"],
  ["FREQ=WEEKLY;BYDAY=1MO", "BYDAY with numbers needs FREQ=MONTHLY or YEARLY"],
  ["FREQ=DAILY;BYDAY=-1FR", "BYDAY with numbers needs FREQ=MONTHLY or YEARLY"],
  ["FREQ=YEARLY;BYMONTH=5;BYDAY=6MO", "BYDAY within a month takes numbers 1 to 5"],
  ["FREQ=YEARLY;BYDAY=53MO", "BYDAY takes no 53rd weekday"],
  ["FREQ=YEARLY;BYDAY=-53MO", "BYDAY takes no 53rd weekday"],
  ["FREQ=YEARLY;BYDAY=54MO", "BYDAY takes days like MO,TU"],
  ["FREQ=DAILY;BYYEARDAY=100", "BYYEARDAY may only be given with FREQ=YEARLY"],
  ["FREQ=WEEKLY;BYYEARDAY=100", "BYYEARDAY may only be given with FREQ=YEARLY"],
  ["FREQ=DAILY;BYSECOND=60", "BYSECOND takes one second"],
  ["RSCALE=GREGORIAN;SKIP=BACKWARD;FREQ=YEARLY;BYWEEKNO=53", "BYWEEKNO is not supported"],
  ["FREQ=WEEKLY;BYMONTHDAY=1", "BYMONTHDAY may not be given with FREQ=WEEKLY"],
  ["FREQ=MONTHLY;BYYEARDAY=100", "BYYEARDAY may only be given with FREQ=YEARLY"],
  ["FREQ=MONTHLY;BYSETPOS=1", "BYSETPOS needs another BY part"],
  ["FREQ=YEARLY;BYYEARDAY=100;BYDAY=MO", "BYYEARDAY may not stand with BYDAY or BYMONTHDAY"],
  ["FREQ=YEARLY;BYYEARDAY=100;BYMONTH=4;BYMONTHDAY=10", "BYYEARDAY may not stand with BYDAY or BYMONTHDAY"],
  ["FREQ=YEARLY;BYMONTHDAY=15", "FREQ=YEARLY with BYMONTHDAY needs BYMONTH"],
  ["FREQ=YEARLY;BYDAY=MO,1TU", "FREQ=YEARLY without BYMONTH may not mix BYDAY"],
  ["FREQ=YEARLY;BYMONTH=5;BYMONTHDAY=1;BYDAY=1MO", "FREQ=YEARLY may not have BYDAY with numbers beside BYMONTHDAY"],
  ["RSCALE=HEBREW;FREQ=YEARLY", "RSCALE takes GREGORIAN"],
  ["RSCALE=GREGORIAN;SKIP=FORWARD;FREQ=MONTHLY", "SKIP takes OMIT or BACKWARD"],
  ["SKIP=BACKWARD;FREQ=MONTHLY", "SKIP needs RSCALE=GREGORIAN"],
  ["RSCALE=GREGORIAN;SKIP=BACKWARD;FREQ=MONTHLY;BYMONTHDAY=31", "SKIP=BACKWARD may not stand with BYMONTHDAY"],
  [
    "RSCALE=GREGORIAN;SKIP=BACKWARD;FREQ=YEARLY;BYYEARDAY=366",
    "SKIP=BACKWARD may not stand with BYMONTHDAY or BYYEARDAY",
  ],
  ["FREQ=MONTHLY;BYMONTH=1,2;BYSETPOS=1", "BYSETPOS with a start on day 29 to 31"],
  ["FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", "The rule never matches"],
  ["FREQ=DAILY;INTERVAL=7;BYDAY=MO", "The rule never matches"],
  ["FREQ=WEEKLY;BYDAY=MO;BYSETPOS=2", "The rule never matches"],
  ["FREQ=DAILY;UNTIL=20270130", "The schedule ends before its first moment"],
])("the rule %s is refused by name: %s", (rule, message) => {
  const faults = faultsOf({ ...valid, rule });

  expect(faults).toHaveLength(1);
  expect(faults[0]).toContain(`rule: ${message}`);
});

test.each([
  [{ zone: "Europe/Lodnon" }, "zone: ", "did you mean Europe/London?"],
  [{ zone: "+02:00" }, "zone: ", "is not an IANA time zone"],
  [{ start: "2027-02-29T09:00" }, "start: ", "Write a local date like 2027-12-31, or a local date and time"],
  [{ start: "2027-02-01" }, "start: ", "Write an existing local date and time without offset"],
  [{ start: "2027-02-01T09:00Z" }, "start: ", "Write a local date like 2027-12-31, or a local date and time"],
  [{ start: "2201-01-01T09:00" }, "rule: ", "never matches"],
  [{ until: "2027-12-32" }, "until: ", "Write a local date like"],
  [{ until: "2027-01-30" }, "until: ", "ends before its first moment, 2027-01-31T09:00"],
  [{ until: "2027-12-31", count: 3 }, "count: ", "The end is given twice, as `until` and `count`"],
  [{ until: "2027-12-31", rule: "FREQ=DAILY;COUNT=3" }, "until: ", "COUNT in the rule and `until`"],
  [{ until: "2027-12-31", rule: "FREQ=DAILY;UNTIL=20271231" }, "until: ", "UNTIL in the rule and `until`"],
  [{ count: 3, rule: "FREQ=DAILY;COUNT=3" }, "count: ", "COUNT in the rule and `count`"],
  [{ count: 3, rule: "FREQ=DAILY;UNTIL=20271231" }, "count: ", "UNTIL in the rule and `count`"],
  [{ count: 0 }, "count: ", ">=1"],
  [
    { onMissingDay: "last", rule: "FREQ=MONTHLY;BYMONTHDAY=31" },
    "onMissingDay: ",
    "BYMONTHDAY=28,29,30,31;BYSETPOS=-1",
  ],
  [
    { onMissingDay: "skip", rule: "RSCALE=GREGORIAN;SKIP=OMIT;FREQ=MONTHLY" },
    "onMissingDay: ",
    "SKIP in the rule says the same",
  ],
  [{ exclude: ["2027-04-31"] }, "exclude.0: ", "Write an existing date"],
  [{ count: 1, exclude: ["2027-01-31"] }, "exclude: ", "Every day of the schedule is excluded"],
  [{ include: ["2027-02-01", "2027-02-01T15:00"] }, "include: ", "2027-02-01 is included twice"],
  [{ include: ["2027-02-01"], exclude: ["2027-02-01"] }, "exclude: ", "2027-02-01 is included as well"],
  [{ cron: "0 9 * * *" }, "cron: ", "says what `rule` says; keep one of them"],
  [{ rule: undefined }, "rule: ", "or a `cron` such as 0 9 * * 1-5"],
])("a recurring schedule with %o is refused at %s with the reason", (fields, field, message) => {
  const faults = faultsOf({ ...valid, ...fields });

  expect(faults).toHaveLength(1);
  expect(faults[0]?.startsWith(field)).toBe(true);
  expect(faults[0]).toContain(message);
});

test("several faults are told at once", () => {
  expect(faultsOf({ ...valid, zone: "nowhere", start: "soon" })).toHaveLength(2);
  expect(faultsOf({ ...valid, rule: "FREQ=DAILY;BYMONTH=13;COUNT=0" })).toHaveLength(2);
});

test("a one-off takes a local time to the minute or second, in a zone, and nothing else", () => {
  const once = { kind: "once", at: "2027-03-29T09:00", zone: "Europe/London" };

  expect(faultsOf(once)).toEqual([]);
  expect(faultsOf({ ...once, at: "2027-03-29T09:00:30" })).toEqual([]);
  expect(faultsOf({ ...once, at: "2027-03-29T09:00+01:00" })[0]).toContain("at: Write an existing local date and time");
  expect(faultsOf({ ...once, at: "2027-03-29T24:00" })[0]).toContain("at: Write an existing local date and time");
  expect(faultsOf({ ...once, rule: "FREQ=DAILY" })[0]).toContain('Unrecognized key: "rule"');
  expect(faultsOf({ kind: "sometimes" })[0]).toContain("kind: ");
});

test("what was accepted is accepted again from its JSON, unchanged", () => {
  const accepted = scheduleSchema.parse({
    ...valid,
    onMissingDay: "skip",
    until: "2027-12-31",
    include: ["2027-02-01T15:00"],
  });

  expect(scheduleSchema.parse(JSON.parse(JSON.stringify(accepted)))).toEqual(accepted);
});
