import { expect, test } from "vitest";
import { sharedScheduleSchema, type SharedSchedule } from "./schedule.ts";
import { nextSlot, slotsAfter, slotsBetween } from "./slots.ts";

const longAgo = new Date("2020-01-01T00:00:00Z");

function recurring(fields: Record<string, unknown>): SharedSchedule {
  return sharedScheduleSchema.parse({
    kind: "recurring",
    start: "2027-01-04T09:00",
    zone: "Europe/London",
    rule: "FREQ=DAILY",
    ...fields,
  });
}

function daysOf(schedule: SharedSchedule, limit = 24): string[] {
  return slotsAfter(schedule, longAgo, limit).map(({ key }) => key.slice(2));
}

test("09:00 in London on 29 March 2027, a day after the clocks change, is 08:00Z (A1)", () => {
  const once = sharedScheduleSchema.parse({ kind: "once", at: "2027-03-29T09:00", zone: "Europe/London" });

  expect(nextSlot(once, longAgo)).toEqual({
    key: "O",
    local: "2027-03-29T09:00",
    zone: "Europe/London",
    at: new Date("2027-03-29T08:00:00Z"),
  });
  expect(nextSlot(once, new Date("2027-03-29T08:00:00Z"))).toBeUndefined();
});

test.each([
  ["2027", ["2027-01-31", "2027-02-28", "2027-03-31", "2027-04-30"]],
  ["2028", ["2028-01-31", "2028-02-29", "2028-03-31", "2028-04-30"]],
])(
  "a monthly reminder from 31 January %s meets every month, and the 31st again after a short one (A3)",
  (year, days) => {
    expect(daysOf(recurring({ start: `${year}-01-31T09:00`, rule: "FREQ=MONTHLY" }), 4)).toEqual(days);
  },
);

test("a yearly reminder from 29 February falls to the 28th in other years (A3)", () => {
  const yearly = recurring({ start: "2028-02-29T09:00", rule: "FREQ=YEARLY" });

  expect(daysOf(yearly, 5)).toEqual(["2028-02-29", "2029-02-28", "2030-02-28", "2031-02-28", "2032-02-29"]);
});

test("a reminder in several months of every other year uses each month's last day (A3)", () => {
  const rule = "FREQ=YEARLY;INTERVAL=2;BYMONTH=1,2,4,5";

  expect(daysOf(recurring({ start: "2026-01-30T09:00", rule }), 8)).toEqual([
    "2026-01-30",
    "2026-02-28",
    "2026-04-30",
    "2026-05-30",
    "2028-01-30",
    "2028-02-29",
    "2028-04-30",
    "2028-05-30",
  ]);
});

test.each([
  ["onMissingDay skip", { onMissingDay: "skip", rule: "FREQ=MONTHLY" }],
  ["SKIP=OMIT in the rule", { rule: "RSCALE=GREGORIAN;SKIP=OMIT;FREQ=MONTHLY" }],
  ["the day named by the rule", { rule: "FREQ=MONTHLY;BYMONTHDAY=31" }],
])("with %s, months without a 31st are left out", (_, fields) => {
  expect(daysOf(recurring({ start: "2027-01-31T09:00", ...fields }), 3)).toEqual([
    "2027-01-31",
    "2027-03-31",
    "2027-05-31",
  ]);
});

test("02:30 goes to 03:00 on the day New York skips it, and keeps its own day's name (A6)", () => {
  const daily = recurring({ start: "2027-03-13T02:30", zone: "America/New_York" });

  expect(slotsAfter(daily, longAgo, 3).map(({ key, local, at }) => [key, local, at.toISOString()])).toEqual([
    ["S:2027-03-13", "2027-03-13T02:30", "2027-03-13T07:30:00.000Z"],
    ["S:2027-03-14", "2027-03-14T03:00", "2027-03-14T07:00:00.000Z"],
    ["S:2027-03-15", "2027-03-15T02:30", "2027-03-15T06:30:00.000Z"],
  ]);
});

test("02:30 comes once on the day New York sets its clocks back, with that day's offset (A6)", () => {
  const daily = recurring({ start: "2027-11-06T02:30", zone: "America/New_York" });

  expect(slotsAfter(daily, longAgo, 3).map(({ at }) => at.toISOString())).toEqual([
    "2027-11-06T06:30:00.000Z",
    "2027-11-07T07:30:00.000Z",
    "2027-11-08T07:30:00.000Z",
  ]);
});

test("a time that comes twice is used once, the first time (A6)", () => {
  const daily = recurring({ start: "2027-11-07T01:30", zone: "America/New_York" });
  const between = slotsBetween(daily, new Date("2027-11-07T04:00:00Z"), new Date("2027-11-08T05:00:00Z"), 10);

  expect(between.map(({ at }) => at.toISOString())).toEqual(["2027-11-07T05:30:00.000Z"]);
  expect(nextSlot(daily, new Date("2027-11-07T05:30:00Z"))?.key).toBe("S:2027-11-08");
});

test("09:00 stays 09:00 across both switches (A6)", () => {
  const daily = recurring({ start: "2027-01-01T09:00", zone: "America/New_York" });
  const across = (after: string) => slotsAfter(daily, new Date(after), 2).map(({ at }) => at.toISOString());

  expect(across("2027-03-13T00:00:00Z")).toEqual(["2027-03-13T14:00:00.000Z", "2027-03-14T13:00:00.000Z"]);
  expect(across("2027-11-06T00:00:00Z")).toEqual(["2027-11-06T13:00:00.000Z", "2027-11-07T14:00:00.000Z"]);
});

test("of two times that fall to one instant, on a day that Samoa skipped, one is left (A6)", () => {
  const midnights = recurring({ start: "2011-12-29T00:00", zone: "Pacific/Apia" });

  expect(slotsAfter(midnights, new Date("2011-12-01T00:00:00Z"), 3).map(({ local }) => local)).toEqual([
    "2011-12-29T00:00",
    "2011-12-31T00:00",
    "2012-01-01T00:00",
  ]);
});

test("excluded days are left out after counting, included ones come beside the rule at start's time or their own", () => {
  const schedule = recurring({
    count: 4,
    exclude: ["2027-01-05"],
    include: ["2027-01-02", "2027-01-06T15:30", "2027-02-01"],
  });

  expect(slotsAfter(schedule, longAgo, 24).map(({ local }) => local)).toEqual([
    "2027-01-02T09:00",
    "2027-01-04T09:00",
    "2027-01-06T15:30",
    "2027-01-07T09:00",
    "2027-02-01T09:00",
  ]);
});

test("an end may be a local day, a local time or an instant, and belongs to the schedule", () => {
  expect(daysOf(recurring({ until: "2027-01-06" }))).toHaveLength(3);
  expect(daysOf(recurring({ until: "2027-01-06T08:59" }))).toHaveLength(2);
  expect(daysOf(recurring({ until: "2027-01-06T09:00" }))).toHaveLength(3);
  expect(daysOf(recurring({ rule: "FREQ=DAILY;UNTIL=20270106" }))).toHaveLength(3);
  expect(daysOf(recurring({ rule: "FREQ=DAILY;UNTIL=20270106T090000" }))).toHaveLength(3);
  expect(daysOf(recurring({ zone: "America/New_York", rule: "FREQ=DAILY;UNTIL=20270106T140000Z" }))).toHaveLength(3);
  expect(daysOf(recurring({ zone: "America/New_York", rule: "FREQ=DAILY;UNTIL=20270106T135959Z" }))).toHaveLength(2);
});

test("a start that the rule does not match is no moment", () => {
  expect(daysOf(recurring({ rule: "FREQ=WEEKLY;BYDAY=WE" }), 2)).toEqual(["2027-01-06", "2027-01-13"]);
});

test("the rule may set its own time of day, once", () => {
  expect(nextSlot(recurring({ rule: "FREQ=DAILY;BYHOUR=7;BYMINUTE=15" }), longAgo)?.local).toBe("2027-01-05T07:15");
});

test("any instant may be asked about, the first and last that a Date can hold included", () => {
  const daily = recurring({ zone: "Pacific/Kiritimati" });
  const once = sharedScheduleSchema.parse({ kind: "once", at: "2027-03-29T09:00:30", zone: "Pacific/Kiritimati" });

  expect(nextSlot(daily, new Date(-8.64e15))?.key).toBe("S:2027-01-04");
  expect(nextSlot(daily, new Date(8.64e15))).toBeUndefined();
  expect(nextSlot(once, new Date(-8.64e15))?.local).toBe("2027-03-29T09:00:30");
  expect(nextSlot(once, new Date(8.64e15))).toBeUndefined();
});

test("slots between two instants leave out the first, take in the last, and stop at the limit", () => {
  const daily = recurring({});
  const from = new Date("2027-01-04T09:00:00Z");
  const through = new Date("2027-01-07T09:00:00Z");

  expect(slotsBetween(daily, from, through, 10).map(({ key }) => key)).toEqual([
    "S:2027-01-05",
    "S:2027-01-06",
    "S:2027-01-07",
  ]);
  expect(slotsBetween(daily, from, through, 2)).toHaveLength(2);
  expect(slotsBetween(daily, from, from, 2)).toEqual([]);
  expect(slotsAfter(daily, from, 0)).toEqual([]);
});
