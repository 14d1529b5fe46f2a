import { readFileSync } from "node:fs";
import { countCases } from "@reminder-app/testing/count-cases";
import fc from "fast-check";
import { expect, test } from "vitest";
import { sequenceMoments } from "./sequence-moments.ts";
import { type Sequence, type Step, sequenceFields } from "./sequence.ts";

/**
 * The same question answered in another way: on a list of days, each open or closed by published tables, steps are
 * found by walking and counting; instants by asking the runtime's own calendar what its clocks show.
 */
const published = JSON.parse(readFileSync(new URL("golden/holidays.json", import.meta.url), "utf8")) as Readonly<
  Record<string, readonly string[]>
>;
const calendars = ["GB-ENG", "US", "DE-BY"] as const;
const zones = ["Europe/London", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "recipient"] as const;

const HOUR_MS = 3_600_000;
const allDays = Array.from({ length: 3 * 365 + 1 }, (_, index) =>
  new Date(Date.UTC(2026, 0, 1 + index)).toISOString().slice(0, 10),
);

interface Told {
  readonly key: string;
  readonly local: string;
  readonly at: string;
  readonly left: boolean;
}

function byWalking(sequence: Sequence, dueOn: string): Told[] {
  const holidays = new Set((published[sequence.calendar ?? ""] ?? []).flatMap((line) => line.split(" ")));
  const closed = (day: string) => holidays.has(day) || new Date(day).toUTCString().startsWith("S");
  const open = allDays.filter((day) => !closed(day));
  const beforeDay = (day: string) => open.filter((other) => other < day);
  const afterDay = (day: string) => open.filter((other) => other > day);

  function away(day: string, { days, count }: Pick<Step, "days" | "count">): string {
    if (count === "days" || days === 0) return allDays[allDays.indexOf(day) + days] ?? "";
    return (days < 0 ? beforeDay(day).at(days) : afterDay(day)[days - 1]) ?? "";
  }
  function land({ ifClosed }: Step, meant: string): string {
    if (ifClosed === "send" || !closed(meant)) return meant;
    const [earlier = "", later = ""] = [beforeDay(meant).at(-1), afterDay(meant)[0]];
    const [wanted, other] = ifClosed === "earlier" ? [earlier, later] : [later, earlier];
    const staysOnItsSide = wanted > dueOn === meant > dueOn;
    return staysOnItsSide ? wanted : other;
  }

  const steps = sequence.steps.map((step) => {
    const meant = away(dueOn, step);
    return { step, meant, day: land(step, meant) };
  });
  const told = steps.map(({ step, meant, day }, index) => {
    const there = steps.filter((other) => other.day === day);
    const asMeant = there.filter((other) => other.meant === day);
    const latest = there
      .map((other) => other.meant)
      .toSorted()
      .at(-1);
    const stay = asMeant.length > 0 ? asMeant : there.filter((other) => other.meant === latest);
    const same = steps.slice(index + 1).some((other) => stay.includes(other) && other.step.time === step.time);
    const isLeft = !stay.some((other) => other.step === step && other.meant === meant) || same;
    return write(sequence, { key: step.id, local: `${day}T${step.time}`, left: isLeft });
  });

  const last = steps.toSorted((a, b) => (momentOf(a) < momentOf(b) ? -1 : 1)).at(-1);
  const { repeat } = sequence;
  const used = steps.map(({ day }) => day);
  let found = 0;
  if (!repeat || !last) return told.toSorted(inOrder);
  for (let turn = 1; found < (repeat.atMost ?? 0); turn += 1) {
    const day = land(last.step, away(last.meant, { days: turn * repeat.everyDays, count: repeat.count }));
    if (day <= last.day || used.includes(day)) continue;
    used.push(day);
    found += 1;
    told.push(write(sequence, { key: `${last.step.id}:${found}`, local: `${day}T${last.step.time}`, left: false }));
  }
  return told.toSorted(inOrder);
}

function momentOf({ meant, step }: { meant: string; step: Step }): string {
  return `${meant}T${step.time}`;
}

function write({ zone }: Sequence, { key, local, left }: Omit<Told, "at">): Told {
  return { key, local, at: instantBy(zone === "recipient" ? "Pacific/Kiritimati" : zone, local), left };
}

const formats = new Map<string, Intl.DateTimeFormat>();
function shown(zone: string, ms: number): string {
  const format =
    formats.get(zone) ??
    new Intl.DateTimeFormat("sv-SE", { timeZone: zone, dateStyle: "short", timeStyle: "short", hourCycle: "h23" });
  formats.set(zone, format);
  return format.format(ms).replace(" ", "T");
}

/** The first minute, of those around, at which the clocks show the time or, where they skip it, more. */
function instantBy(zone: string, local: string): string {
  const ms = Date.parse(`${local}Z`);
  const ahead = [-16, 16].map((hours) => Date.parse(`${shown(zone, ms + hours * HOUR_MS)}Z`) - (ms + hours * HOUR_MS));
  const found = ahead.map((offset) => ms - offset).filter((at) => shown(zone, at) === local);
  if (found.length > 0) return new Date(Math.min(...found)).toISOString();
  for (let at = ms - 16 * HOUR_MS; ; at += 60_000) if (shown(zone, at) > local) return new Date(at).toISOString();
}

function inOrder(a: Told, b: Told): number {
  const [one, other] = [`${a.local} ${a.key} ${a.left}`, `${b.local} ${b.key} ${b.left}`];
  return one < other ? -1 : one > other ? 1 : 0;
}

const counting = fc.constantFrom("days", "working_days");
const aStep = fc.record({
  days: fc.integer({ min: -40, max: 40 }),
  count: counting,
  time: fc.constantFrom("01:30", "02:15", "02:30", "09:00", "23:59"),
  ifClosed: fc.constantFrom("send", "earlier", "later"),
});
const aSequence = fc
  .record({
    steps: fc.array(aStep, { minLength: 1, maxLength: 8 }),
    zone: fc.constantFrom(...zones),
    calendar: fc.option(fc.constantFrom(...calendars), { nil: undefined }),
    repeat: fc.option(
      fc.record({
        everyDays: fc.integer({ min: 1, max: 20 }),
        count: counting,
        atMost: fc.integer({ min: 1, max: 5 }),
      }),
      { nil: undefined },
    ),
  })
  .map(({ steps, ...fields }) =>
    sequenceFields.parse({
      kind: "sequence",
      ...fields,
      steps: steps.map((step, index) => ({ id: `s${index}`, ...step })),
    }),
  );
/** Some are on closed days, and some near a change of the clocks. */
const aDueDate = fc.oneof(
  fc.integer({ min: 330, max: 700 }).map((day) => allDays[day] ?? ""),
  fc.constantFrom("2027-03-14", "2027-03-28", "2027-04-04", "2027-05-03", "2027-07-04", "2027-10-03", "2027-10-31"),
);

test("a sequence means what walking over the days and counting finds (A4, A5, A6, A9)", ({ task }) => {
  let [cases, violations] = [0, 0];
  const cover = fc.property(aSequence, aDueDate, (sequence, dueOn) => {
    const found = [...sequenceMoments(sequence, { dueOn })];
    const told = found.map(({ key, local, at, collides }) => ({
      key,
      local,
      at: at.toISOString(),
      left: collides === true,
    }));
    const expected = byWalking(sequence, dueOn);
    const isSame = JSON.stringify(told.toSorted(inOrder)) === JSON.stringify(expected);
    const isOrdered = found.every(({ at }, index) => at >= (found[index - 1]?.at ?? at));
    cases += expected.length;
    violations += isSame && isOrdered ? 0 : 1;
    expect(told.toSorted(inOrder)).toEqual(expected);
    expect(isOrdered).toBe(true);
  });
  try {
    fc.assert(cover, { seed: 9, numRuns: 500 });
  } finally {
    countCases(task, "sequences", { cases, violations });
  }
});
