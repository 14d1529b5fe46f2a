import { expect, test } from "vitest";
import { scheduleSchema } from "./schedule.ts";
import { stepMoments, sequenceMoments } from "./sequence-moments.ts";
import type { DueFacts } from "./place-steps.ts";

type Fields = Readonly<Record<string, unknown>>;

const step = (id: string, days: number, fields: Fields = {}) => ({ id, days, time: "09:00", ...fields });

function sequence(steps: readonly Fields[], fields: Fields = {}) {
  const parsed = scheduleSchema.parse({ kind: "sequence", zone: "Europe/London", steps, ...fields });
  if (parsed.kind !== "sequence") throw new Error("not a sequence");
  return parsed;
}

/** The first moments as `key local`, with what is special about them. */
function told(steps: readonly Fields[], fields: Fields, due: string | DueFacts, most = 20): string[] {
  const facts = typeof due === "string" ? { dueOn: due } : due;
  return [...sequenceMoments(sequence(steps, fields), facts)]
    .slice(0, most)
    .map(
      ({ key, local, moved, collides }) => `${key} ${local}${moved ? ` ${moved}` : ""}${collides ? " left out" : ""}`,
    );
}

function faultsOf(steps: readonly Fields[], fields: Fields = {}): string[] {
  const issues = scheduleSchema.safeParse({ kind: "sequence", zone: "UTC", steps, ...fields }).error?.issues ?? [];
  return issues.map(({ path, message }) => `${path.join(".")}: ${message}`);
}

test("seven steps around a due date are seven dated moments, in the order of time (A4)", () => {
  const steps = [-14, -7, 0, 3, 14, 30, 60].map((days) => step(`d${days}`, days));
  expect(told(steps.toReversed(), {}, "2027-04-30")).toEqual([
    "d-14 2027-04-16T09:00",
    "d-7 2027-04-23T09:00",
    "d0 2027-04-30T09:00",
    "d3 2027-05-03T09:00",
    "d14 2027-05-14T09:00",
    "d30 2027-05-30T09:00",
    "d60 2027-06-29T09:00",
  ]);
});

test("the day before a Tuesday after a bank holiday goes to Friday if earlier, and also if later would pass the due date (A9)", () => {
  const england = { calendar: "GB-ENG" };
  const on = (days: number, ifClosed: string, dueOn: string) => told([step("t", days, { ifClosed })], england, dueOn);

  expect(on(-1, "earlier", "2027-05-04")).toEqual(["t 2027-04-30T09:00 earlier"]);
  expect(on(-1, "send", "2027-05-04")).toEqual(["t 2027-05-03T09:00"]);
  expect(on(-1, "later", "2027-05-04")).toEqual(["t 2027-05-04T09:00 later"]);
  expect(on(-1, "later", "2027-05-03")).toEqual(["t 2027-04-30T09:00 earlier"]);
  expect(on(-3, "later", "2027-05-05")).toEqual(["t 2027-05-04T09:00 later"]);
});

test("a step on a due date that is a holiday goes before it, never after (A9)", () => {
  const england = { calendar: "GB-ENG" };
  expect(told([step("t", 0, { ifClosed: "later" })], england, "2027-05-03")).toEqual(["t 2027-04-30T09:00 earlier"]);
  expect(told([step("t", 0)], england, "2027-05-03")).toEqual(["t 2027-05-03T09:00"]);
});

test("a step after the due date never comes on or before it: where earlier would, it goes later (A9)", () => {
  const earlier = [step("t+1", 1, { ifClosed: "earlier" })];
  expect(told(earlier, {}, "2027-06-04")).toEqual(["t+1 2027-06-07T09:00 later"]);
  expect(told(earlier, {}, "2027-06-05")).toEqual(["t+1 2027-06-07T09:00 later"]);
  expect(told([step("t+2", 2, { ifClosed: "earlier" })], {}, "2027-06-03")).toEqual(["t+2 2027-06-04T09:00 earlier"]);
});

test("working days are counted over weekends and holidays, before and after the due date (A9)", () => {
  const steps = [-5, -1, 0, 1, 5].map((days) => step(`w${days}`, days, { count: "working_days" }));
  expect(told(steps, { calendar: "GB-ENG" }, "2027-12-29")).toEqual([
    "w-5 2027-12-20T09:00",
    "w-1 2027-12-24T09:00",
    "w0 2027-12-29T09:00",
    "w1 2027-12-30T09:00",
    "w5 2028-01-06T09:00",
  ]);
  expect(told([step("w-1", -1, { count: "working_days" })], { calendar: "GB-ENG" }, "2027-05-03")).toEqual([
    "w-1 2027-04-30T09:00",
  ]);
});

test("the weekend is that of the calendar's country, and Saturday and Sunday without a calendar (A9)", () => {
  const friday = [step("t", 0, { ifClosed: "earlier" })];
  expect(told(friday, { calendar: "IL" }, "2027-06-18")).toEqual(["t 2027-06-17T09:00 earlier"]);
  expect(told(friday, { calendar: "IL" }, "2027-06-20")).toEqual(["t 2027-06-20T09:00"]);
  expect(told(friday, {}, "2027-06-20")).toEqual(["t 2027-06-18T09:00 earlier"]);
});

test("of steps that holidays bring to one day the one meant for it stays, else the latest; those of one day stay together (A9)", () => {
  const earlier = { ifClosed: "earlier" };
  expect(told([step("a", -3, earlier), step("b", -2, earlier), step("c", -1, earlier)], {}, "2027-06-07")).toEqual([
    "a 2027-06-04T09:00",
    "b 2027-06-04T09:00 earlier left out",
    "c 2027-06-04T09:00 earlier left out",
  ]);
  const apart = [step("b", -2, { ...earlier, time: "17:00" }), step("c", -1, { ...earlier, time: "08:00" })];
  expect(told(apart, {}, "2027-06-07")).toEqual(["c 2027-06-04T08:00 earlier", "b 2027-06-04T17:00 earlier left out"]);
  const together = [step("b", -1, { ...earlier, time: "08:00" }), step("c", -1, { ...earlier, time: "17:00" })];
  expect(told(together, {}, "2027-06-07")).toEqual(["b 2027-06-04T08:00 earlier", "c 2027-06-04T17:00 earlier"]);
});

test("of steps that are counted to one moment only the last goes (A9)", () => {
  const steps = [step("d", 3), step("w", 1, { count: "working_days" })];
  expect(told(steps, {}, "2027-06-04")).toEqual(["d 2027-06-07T09:00 left out", "w 2027-06-07T09:00"]);
});

test("where all moments come at one time of day, steps of one day come together (A4)", () => {
  const steps = [step("a", 0), step("b", 0, { time: "17:00" })];
  const atEight = { ...sequence(steps), everyMomentAt: "08:00" };
  expect(stepMoments(atEight, { dueOn: "2027-06-01" }).map(({ local, collides }) => [local, collides])).toEqual([
    ["2027-06-01T08:00", undefined],
    ["2027-06-01T08:00", undefined],
  ]);
});

test("one assignment may leave a step out, or have it on another day or at another time (A4)", () => {
  const steps = [step("a", -7), step("b", -1, { count: "working_days" }), step("c", 3)];
  const overrides = { a: { skip: true as const }, b: { days: -2 }, c: { time: "18:30" } };
  expect(told(steps, {}, { dueOn: "2027-06-07", overrides })).toEqual(["b 2027-06-05T09:00", "c 2027-06-10T18:30"]);
});

test("the last step comes again so many times, and on to the thousandth where no end is given (A5)", () => {
  const steps = [step("t", 0), step("late", 3)];
  expect(told(steps, { repeat: { everyDays: 7, atMost: 3 } }, "2027-06-01")).toEqual([
    "t 2027-06-01T09:00",
    "late 2027-06-04T09:00",
    "late:1 2027-06-11T09:00",
    "late:2 2027-06-18T09:00",
    "late:3 2027-06-25T09:00",
  ]);
  expect(told(steps, { repeat: { everyDays: 7 } }, "2027-06-01", 5_000)).toHaveLength(1_002);
});

test("repeats of working days skip what is closed, and those that moves bring to one day count once (A5, A9)", () => {
  const thursday = "2027-06-03";
  const working = { repeat: { everyDays: 2, count: "working_days", atMost: 3 } };
  expect(told([step("t", 0)], working, thursday).slice(1)).toEqual([
    "t:1 2027-06-07T09:00",
    "t:2 2027-06-09T09:00",
    "t:3 2027-06-11T09:00",
  ]);
  const daily = { repeat: { everyDays: 1, atMost: 3 } };
  expect(told([step("t", 0, { ifClosed: "later" })], daily, thursday).slice(1)).toEqual([
    "t:1 2027-06-04T09:00",
    "t:2 2027-06-07T09:00 later",
    "t:3 2027-06-08T09:00",
  ]);
});

test("only the last step repeats: an assignment without it has no repeats, and a moved day makes no other the last (A5)", () => {
  const repeat = { repeat: { everyDays: 7, atMost: 1 } };
  const steps = [step("a", 1, { ifClosed: "later" }), step("b", 2)];
  expect(told(steps, repeat, { dueOn: "2027-06-04", overrides: { b: { skip: true } } })).toEqual([
    "a 2027-06-07T09:00 later",
  ]);
  expect(told(steps, repeat, "2027-06-04")).toEqual([
    "b 2027-06-06T09:00",
    "a 2027-06-07T09:00 later",
    "b:1 2027-06-13T09:00",
  ]);
});

test("a repeat that comes before a step that was moved behind it stands in the order of time (A5)", () => {
  const steps = [step("a", 1, { ifClosed: "later" }), step("b", 1, { time: "10:00" })];
  expect(told(steps, { repeat: { everyDays: 1, atMost: 3 } }, "2027-06-04")).toEqual([
    "b 2027-06-05T10:00",
    "b:1 2027-06-06T10:00",
    "a 2027-06-07T09:00 later",
    "b:2 2027-06-08T10:00",
    "b:3 2027-06-09T10:00",
  ]);
});

test("each step has the offset of its own day; a time that the clocks skip comes after the gap, one that comes twice once (A6)", () => {
  const steps = [step("a", -1, { time: "02:30" }), step("b", 0, { time: "02:30" }), step("c", 1, { time: "09:00" })];
  const newYork = sequence(steps, { zone: "America/New_York" });
  const at = (dueOn: string) => stepMoments(newYork, { dueOn }).map((moment) => moment.at.toISOString().slice(0, 16));
  expect(at("2027-03-14")).toEqual(["2027-03-13T07:30", "2027-03-14T07:00", "2027-03-15T13:00"]);
  const twice = sequence([step("a", 0, { time: "01:30" })], { zone: "America/New_York" });
  expect(stepMoments(twice, { dueOn: "2027-11-07" })[0]?.at.toISOString()).toBe("2027-11-07T05:30:00.000Z");
});

test("for the recipients' own zones a step is planned when its time comes in the first of them (A6)", () => {
  const [first] = stepMoments(sequence([step("t", 0)], { zone: "recipient" }), { dueOn: "2027-06-01" });
  expect([first?.zone, first?.local, first?.at.toISOString()]).toEqual([
    "recipient",
    "2027-06-01T09:00",
    "2027-05-31T19:00:00.000Z",
  ]);
});

test("around the latest due date steps end with the calendar (A5)", () => {
  const moments = told([step("t", 730)], { repeat: { everyDays: 366 } }, "9899-12-31", 5_000);
  expect(moments.at(-1)).toMatch(/^t:97 9999-/);
});

test.each([
  [[], {}, "steps: A sequence needs at least one step"],
  [
    Array.from({ length: 501 }, (_, index) => step(`s${index}`, index)),
    {},
    "steps: A sequence has at most 500 steps; the last one may repeat",
  ],
  [[step("a", 0), step("a", 1)], {}, "steps.1.id: a names two steps; give each its own name"],
  [
    [step("a", 1), step("b", 1)],
    {},
    "steps.1.time: is the moment of a too; give it another day or time, or join the two",
  ],
  [
    [step("a", 0), step("b", 0, { count: "working_days" })],
    {},
    "steps.1.time: is the moment of a too; give it another day or time, or join the two",
  ],
  [[step("a", 731)], {}, "steps.0.days: A step lies at most 730 days after the due date; the last one may repeat"],
  [[step("a", -731)], {}, "steps.0.days: A step lies at most 730 days before the due date"],
  [[step("T-14", 0)], {}, "steps.0.id: Write a name of small letters, digits, -, + and _, such as t-14"],
  [[step("a", 0, { time: "24:00" })], {}, "steps.0.time: Write a time of day as HH:MM, 00:00 to 23:59"],
  [[step("a", 0)], { repeat: { everyDays: 0 } }, "repeat.everyDays: A step repeats every day at the most"],
  [
    [step("a", 0)],
    { repeat: { everyDays: 367 } },
    "repeat.everyDays: A step repeats every 366 days at the least; beyond that write a due rule",
  ],
  [[step("a", 0)], { repeat: { everyDays: 7, atMost: 1_001 } }, "repeat.atMost: A step repeats at most 1,000 times"],
  [
    [step("a", 0)],
    { repeat: { everyDays: 7, atMost: 0 } },
    "repeat.atMost: Leave the repeat out for a step that comes once",
  ],
  [
    [step("a", 0)],
    { calendar: "UK" },
    "calendar: Write a country, and where it matters its state, as in GB-ENG, US or DE-BY",
  ],
  [
    [step("a", 0)],
    { calendar: "GB-XYZ" },
    "calendar: Write GB, or one of its parts: GB-ALD, GB-ENG, GB-NIR, GB-SCT, GB-WLS",
  ],
])("a sequence that cannot be meant is refused with what to write: %#", (steps, fields, fault) => {
  expect(faultsOf(steps, fields)).toEqual([fault]);
});

test("two steps of one day at two times are two steps (A4)", () => {
  expect(faultsOf([step("a", 1), step("b", 1, { time: "17:00" })])).toEqual([]);
});
