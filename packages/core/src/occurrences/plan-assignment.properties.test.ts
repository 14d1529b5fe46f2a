import { DAY_MS, MINUTE_MS, after } from "@reminder-app/platform/clock";
import { type Sequence, sequenceFields } from "@reminder-app/schedule/sequence";
import { sequenceMoments } from "@reminder-app/schedule/sequence-moments";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { type PlannedAssignment, planAssignment } from "./plan-assignment.ts";

const HORIZON_MS = MINUTE_MS;
const start = new Date("2027-02-01T00:00:00Z");

const time = fc.tuple(fc.integer({ min: 0, max: 23 }), fc.integer({ min: 0, max: 59 })).map(toTime);
const step = fc.record({
  days: fc.integer({ min: -30, max: 30 }),
  count: fc.constantFrom("days", "working_days"),
  time,
  ifClosed: fc.constantFrom("send", "earlier", "later"),
});
const repeat = fc.record({ everyDays: fc.integer({ min: 1, max: 9 }), atMost: fc.integer({ min: 1, max: 6 }) });
const sequences = fc
  .record({
    zone: fc.constantFrom("Europe/London", "America/New_York", "Australia/Lord_Howe", "recipient"),
    steps: fc.array(step, { minLength: 1, maxLength: 8 }),
    repeat: fc.option(repeat, { nil: undefined }),
  })
  .map(({ steps, ...rest }) =>
    sequenceFields.parse({ kind: "sequence", ...rest, steps: steps.map((one, at) => ({ ...one, id: `s${at}` })) }),
  );
const dueDays = fc.integer({ min: 0, max: 300 }).map((days) =>
  after(start, days * DAY_MS)
    .toISOString()
    .slice(0, 10),
);
const graces = fc.integer({ min: 1, max: 7 * 24 * 60 }).map((minutes) => minutes * MINUTE_MS);

function toTime([hour, minute]: readonly [number, number]): string {
  return `${String(hour).padStart(2, "0")}:${String(minute).padStart(2, "0")}`;
}

interface Seen {
  readonly keys: readonly string[];
  /** The visit that planned the moment came too late for it. */
  readonly late: readonly string[];
  readonly exhausted: number;
}

/** Visit an assignment until nothing more can come, each time after as long as `pause` says. */
function visitAll(
  sequence: Sequence,
  { dueOn, graceMs, pause }: { dueOn: string; graceMs: number; pause: (nextAt: Date, now: Date) => Date },
): Seen {
  const keys: string[] = [];
  const late: string[] = [];
  let assignment: PlannedAssignment = { dueOn, overrides: null, plannedThrough: start, state: "open" };
  let now = start;
  for (;;) {
    const through = after(now, HORIZON_MS);
    const plan = planAssignment(sequence, assignment, { now, through, graceMs });
    keys.push(...plan.moments.map(({ key }) => key));
    late.push(...plan.moments.filter(({ at }) => at < now).map(({ key }) => key));
    if (plan.exhausted || !plan.nextAt) return { keys, late, exhausted: plan.exhausted ? now.getTime() : 0 };
    expect(plan.nextAt.getTime()).toBeGreaterThan(through.getTime());
    assignment = { ...assignment, plannedThrough: through };
    now = pause(plan.nextAt, now);
  }
}

function keysAfterStart(sequence: Sequence, dueOn: string): string[] {
  return [...sequenceMoments(sequence, { dueOn })].filter(({ at }) => at > start).map(({ key }) => key);
}

test("a planner that comes whenever it is asked for plans every moment once, in time, and then the chase is exhausted (A4, A5)", () => {
  fc.assert(
    fc.property(sequences, dueDays, graces, (sequence, dueOn, graceMs) => {
      const pause = (nextAt: Date) => after(nextAt, -HORIZON_MS / 2);
      const { keys, late, exhausted } = visitAll(sequence, { dueOn, graceMs, pause });
      expect(keys).toEqual(keysAfterStart(sequence, dueOn));
      expect(late).toEqual([]);
      expect(exhausted).toBeGreaterThan(0);
    }),
    { numRuns: 60 },
  );
});

test("however rarely or often the planner comes, also after long outages, no moment is planned twice and none is lost (A11, A12)", () => {
  const pauses = fc.infiniteStream(
    fc.oneof(fc.integer({ min: 1, max: 120 }), fc.integer({ min: 1_000, max: 60_000 }), fc.constant(0)),
  );
  fc.assert(
    fc.property(sequences, dueDays, graces, pauses, (sequence, dueOn, graceMs, minutes) => {
      const pause = (nextAt: Date, now: Date) => {
        const wait = minutes.next().value ?? 0;
        return wait === 0 ? nextAt : after(now, wait * MINUTE_MS);
      };
      const { keys } = visitAll(sequence, { dueOn, graceMs, pause });
      expect(keys).toEqual(keysAfterStart(sequence, dueOn));
    }),
    { numRuns: 40 },
  );
});
