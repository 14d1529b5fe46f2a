import { countCases } from "@reminder-app/testing/count-cases";
import fc from "fast-check";
import { expect, test } from "vitest";
import { neverOpens, nextOpening } from "./sending-hours.ts";
import { type WeekWindows, sendWindowsSchema, weekdays } from "./send-windows.ts";

const MINUTE_MS = 60_000;
const office: WeekWindows = {
  mon: [
    { from: "09:00", to: "12:30" },
    { from: "13:30", to: "18:00" },
  ],
  tue: [{ from: "09:00", to: "18:00" }],
  fri: [{ from: "20:00", to: "24:00" }],
  sat: [{ from: "00:00", to: "02:00" }],
};
const night = { start: "20:00", end: "08:00" };

function openingOf(at: string, hours = {}, zone = "America/New_York"): string | undefined {
  return nextOpening({ windows: office, ...hours }, zone, new Date(at))?.toISOString();
}

test.each([
  ["06:00 on a Tuesday waits for 09:00 of the same day", "2027-06-01T10:00:00.000Z", "2027-06-01T13:00:00.000Z"],
  ["within a window it goes at once, to the millisecond", "2027-06-01T21:59:59.999Z", "2027-06-01T21:59:59.999Z"],
  ["between two windows it waits for the second", "2027-06-07T16:30:00.000Z", "2027-06-07T17:30:00.000Z"],
  ["at the end it waits for the next open day", "2027-06-01T22:00:00.000Z", "2027-06-05T00:00:00.000Z"],
  ["24:00 runs on into the next day's 00:00", "2027-06-05T04:00:00.000Z", "2027-06-05T04:00:00.000Z"],
  ["after the week's last window it waits for Monday", "2027-06-05T06:00:00.000Z", "2027-06-07T13:00:00.000Z"],
])("%s (A8)", (_, at, opening) => {
  expect(openingOf(at)).toBe(opening);
});

test("quiet hours take away from the windows, and what neither leaves never opens (A8)", () => {
  expect(openingOf("2027-06-04T20:00:00.000Z", { quietHours: night })).toBe("2027-06-07T13:00:00.000Z");
  expect(openingOf("2027-06-07T12:00:00.000Z", { quietHours: { start: "08:00", end: "10:00" } })).toBe(
    "2027-06-07T14:00:00.000Z",
  );
  const evenings = { windows: { fri: [{ from: "20:00", to: "24:00" }] }, quietHours: night };
  expect(openingOf("2027-06-04T20:00:00.000Z", evenings)).toBeUndefined();
});

test("the weekday and the hour are the recipient's (A8)", () => {
  const monday = "2027-06-07T00:30:00.000Z";
  expect(openingOf(monday, {}, "Asia/Tokyo")).toBe(monday);
  expect(openingOf(monday, {}, "Pacific/Honolulu")).toBe("2027-06-07T19:00:00.000Z");
});

test("a window in the hour that the clocks skip opens after it, and one in the hour that comes twice opens twice (A6, A8)", () => {
  const sundays = (from: string, to: string) => ({ windows: { sun: [{ from, to }] } });
  expect(openingOf("2027-03-14T05:00:00.000Z", sundays("02:30", "04:00"))).toBe("2027-03-14T07:00:00.000Z");
  expect(openingOf("2027-03-14T05:00:00.000Z", sundays("02:00", "03:00"))).toBe("2027-03-21T06:00:00.000Z");
  expect(openingOf("2027-11-07T05:10:00.000Z", sundays("01:00", "01:20"))).toBe("2027-11-07T05:10:00.000Z");
  expect(openingOf("2027-11-07T05:40:00.000Z", sundays("01:00", "01:20"))).toBe("2027-11-07T06:00:00.000Z");
});

test("without windows and quiet hours every moment is open", () => {
  const at = new Date("2027-06-01T05:00:00Z");
  expect(nextOpening({}, "Europe/London", at)).toBe(at);
});

test("channels that could never send are named (A8)", () => {
  const evening = { mon: [{ from: "19:00", to: "24:00" }] };
  expect(neverOpens({ sms: evening, email: evening, whatsapp: office }, { start: "18:00", end: "08:00" })).toEqual([
    "sms",
    "email",
  ]);
  expect(neverOpens({ sms: evening }, night)).toEqual([]);
  expect(neverOpens({ sms: evening }, undefined)).toEqual([]);
});

test.each([
  [{ sms: {} }, "sms", "Name at least one day"],
  [{ sms: { mon: [] } }, "sms.mon", "Leave a day out"],
  [{ sms: { funday: [] } }, "sms", "funday"],
  [{ pigeon: office }, "", "pigeon"],
  [{ sms: { mon: [{ from: "12:00", to: "09:00" }] } }, "sms.mon.0.to", "must end after it begins"],
  [{ sms: { mon: [{ from: "09:00", to: "24:30" }] } }, "sms.mon.0.to", "00:01 to 24:00"],
  [{ sms: { mon: [{ from: "24:00", to: "24:00" }] } }, "sms.mon.0.from", "00:00 to 23:59"],
  [
    {
      sms: {
        mon: [
          { from: "11:00", to: "13:00" },
          { from: "09:00", to: "12:00" },
        ],
      },
    },
    "sms.mon",
    "09:00-12:00 and 11:00-13:00 overlap; join them",
  ],
])("windows such as %j are refused at %s", (windows, path, message) => {
  const issues = sendWindowsSchema.safeParse(windows).error?.issues ?? [];
  expect(issues[0]?.path.join(".")).toBe(path);
  expect(issues[0]?.message).toContain(message);
});

test("windows that touch are two windows all the same", () => {
  const day = [
    { from: "09:00", to: "12:00" },
    { from: "12:00", to: "24:00" },
  ];
  expect(sendWindowsSchema.safeParse({ sms: { mon: day } }).success).toBe(true);
});

const minuteOfDay = fc.integer({ min: 0, max: 24 * 60 - 1 });
const clock = (minute: number) =>
  `${String(Math.floor(minute / 60)).padStart(2, "0")}:${String(minute % 60).padStart(2, "0")}`;
const span = fc
  .tuple(minuteOfDay, fc.integer({ min: 1, max: 24 * 60 }))
  .filter(([from, to]) => from < to)
  .map(([from, to]) => ({ from: clock(from), to: clock(to) }));
const week = fc.dictionary(fc.constantFrom(...weekdays), fc.array(span, { minLength: 1, maxLength: 2 }), {
  minKeys: 1,
  noNullPrototype: true,
});
const quiet = fc
  .tuple(minuteOfDay, minuteOfDay)
  .filter(([start, end]) => start !== end)
  .map(([start, end]) => ({ start: clock(start), end: clock(end) }));
/** Each with a change of its clocks in the days that follow. */
const places = [
  ["America/New_York", Date.UTC(2027, 2, 12, 3)],
  ["America/New_York", Date.UTC(2027, 10, 5, 3)],
  ["Europe/Madrid", Date.UTC(2027, 9, 29, 20)],
  ["Australia/Lord_Howe", Date.UTC(2027, 3, 2, 3)],
  ["Africa/Cairo", Date.UTC(2027, 3, 28, 3)],
  ["Pacific/Apia", Date.UTC(2011, 11, 29, 3)],
  ["Asia/Kathmandu", Date.UTC(2027, 5, 1)],
] as const;
const formats = new Map(
  places.map(([zone]) => [
    zone,
    new Intl.DateTimeFormat("en-GB", {
      timeZone: zone,
      weekday: "short",
      hour: "2-digit",
      minute: "2-digit",
      hourCycle: "h23",
    }),
  ]),
);

/** Minute by minute, by what the runtime's own calendar says the clocks show. */
function scan(
  windows: WeekWindows | undefined,
  quietHours: { start: string; end: string } | undefined,
  [zone, atMs]: readonly [string, number],
): number | undefined {
  for (let ms = atMs; ms < atMs + 9 * 24 * 60 * MINUTE_MS; ms += MINUTE_MS) {
    const [weekday = "", time = ""] = (formats.get(zone as never)?.format(ms) ?? "").split(/,? /);
    const spans = windows && (windows[weekday.toLowerCase() as keyof WeekWindows] ?? []);
    const isOpen = !spans || spans.some(({ from, to }) => from <= time && time < to);
    const { start, end } = quietHours ?? { start: "", end: "" };
    const isQuiet = start < end ? start <= time && time < end : start > end && (time >= start || time < end);
    if (isOpen && !isQuiet) return ms;
  }
  return undefined;
}

test("the next opening is the one that a look at the clock each minute finds (A6, A8)", ({ task }) => {
  let cases = 0;
  let violations = 0;
  const cover = fc.property(
    fc.option(week, { nil: undefined }),
    fc.option(quiet, { nil: undefined }),
    fc.constantFrom(...places),
    fc.integer({ min: 0, max: 3 * 24 * 60 }),
    (windows, quietHours, [zone, fromMs], minutes) => {
      const atMs = fromMs + minutes * MINUTE_MS;
      cases += 1;
      const found = nextOpening({ windows, quietHours }, zone, new Date(atMs))?.getTime();
      const expected = scan(windows, quietHours, [zone, atMs]);
      if (found !== expected) violations += 1;
      expect(found).toBe(expected);
    },
  );
  try {
    fc.assert(cover, { seed: 8, numRuns: 300 });
  } finally {
    countCases(task, "windows", { cases, violations });
  }
});
