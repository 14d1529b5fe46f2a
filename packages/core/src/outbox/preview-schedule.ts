import { reminderTypes } from "@reminder-app/db/schema/reminder-types";
import { after } from "@reminder-app/platform/clock";
import { invalid } from "@reminder-app/platform/errors";
import { clientFactsSchema } from "@reminder-app/schedule/client-facts";
import { civilDateIn, dueDateSchema, daysAfter } from "@reminder-app/schedule/civil-date";
import { missingFacts, nextDueDate } from "@reminder-app/schedule/due-dates";
import type { Sequence } from "@reminder-app/schedule/sequence";
import { type StepMoment, sequenceMoments } from "@reminder-app/schedule/sequence-moments";
import { type Schedule, type SharedSchedule, scheduleSchema } from "@reminder-app/schedule/schedule";
import { slotsAfter, slotsBetween } from "@reminder-app/schedule/slots";
import {
  RECIPIENT,
  ZONES_SPAN_MS,
  instantOf,
  planningZone,
  wallTimeIn,
  zoneSchema,
} from "@reminder-app/schedule/zones";
import { z } from "zod";
import { stepOverridesSchema } from "../assignments/step-overrides.ts";
import { businessRepo } from "../businesses/businesses.repo.ts";
import type { Ctx } from "../ctx.ts";
import { effectiveSchedule } from "../reminders/effective-schedule.ts";
import { noteOf } from "./moment-notes.ts";

const MOST = 500;
/** So many periods of a due rule are told. */
const MOST_PERIODS = 24;

export const PreviewScheduleInput = z.strictObject({
  schedule: scheduleSchema,
  type: z.enum(reminderTypes).default("custom").describe("Of the reminder: the daily message is not for appointments"),
  dueOn: dueDateSchema.optional().describe("The due date, for a sequence; its due rule's next ones when left out"),
  facts: clientFactsSchema.optional().describe("Facts about a client, for a statutory due rule"),
  overrides: stepOverridesSchema.optional().describe("Where one client's steps differ, by step id; for a sequence"),
  timeZone: zoneSchema.optional().describe("A recipient's zone, for a schedule in the recipients' own"),
  after: z.iso.datetime({ offset: true }).optional().describe("An instant; now when left out"),
  limit: z.int().min(1).max(MOST).default(24),
});
type Input = z.output<typeof PreviewScheduleInput>;

export interface PreviewedMoment extends Partial<Pick<StepMoment, "stepId" | "repeat" | "moved" | "collides">> {
  /** What the clocks in `timeZone` show then. */
  readonly localTime: string;
  readonly timeZone: string;
  readonly at: Date;
  /** Set where each recipient's own zone counts: when the last place on earth comes to it. */
  readonly lastAt?: Date;
  /** The due date that a step is about. */
  readonly dueOn?: string;
  /** What is special about it, in plain words. */
  readonly note?: string;
}

/**
 * The moments that a schedule means for this business, in the order of time: the planner's own, with what is special
 * about each. Of a `once` schedule and of a sequence those that are past are told too, unless `after` is given.
 */
export async function previewSchedule(ctx: Ctx, input: Input): Promise<PreviewedMoment[]> {
  const schedule = effectiveSchedule(input, await businessRepo(ctx).get());
  requireFitting(schedule, input);
  const now = ctx.now();
  const from = input.after === undefined ? earliest(schedule, now) : new Date(input.after);
  const meant = schedule.kind === "sequence" ? steps(schedule, input, now) : slots(schedule, input, from);
  return meant
    .map((moment) => place(moment, input.timeZone))
    .filter(({ at }) => at > from)
    .slice(0, input.limit)
    .map((moment) => present(moment, now));
}

/** A series without a beginning in view is told from now on; all else whole. */
function earliest({ kind }: Schedule, now: Date): Date {
  return kind === "recurring" ? now : new Date(0);
}

/** Throws `validation_failed` for what does not go with this kind of schedule. */
function requireFitting(schedule: Schedule, { dueOn, overrides, timeZone, facts }: Input): void {
  if (facts && (schedule.kind !== "sequence" || schedule.due?.kind !== "statutory" || dueOn !== undefined))
    throw invalid("facts", "only count for a statutory due rule without a dueOn; leave them out");
  if (timeZone && schedule.zone !== RECIPIENT)
    throw invalid("timeZone", "only counts where schedule.zone is recipient; leave it out");
  if (schedule.kind !== "sequence") {
    if (dueOn !== undefined) throw invalid("dueOn", "only counts for a sequence; leave it out");
    if (overrides) throw invalid("overrides", "only count for a sequence; leave them out");
    return;
  }
  const unknown = Object.keys(overrides ?? {}).find((id) => !schedule.steps.some((step) => step.id === id));
  if (unknown !== undefined) throw invalid(`overrides.${unknown}`, "names no step of the sequence");
}

/** A moment as a schedule means it. */
interface Meant extends Partial<Pick<StepMoment, "stepId" | "repeat" | "moved" | "collides">> {
  readonly meant: string;
  readonly zone: string;
  readonly at: Date;
  readonly dueOn?: string;
}

function slots(schedule: SharedSchedule, { timeZone, limit }: Input, from: Date): Meant[] {
  // What has begun on earth may be still to come in the recipient's zone.
  const begun = timeZone ? slotsBetween(schedule, after(from, -ZONES_SPAN_MS), from, MOST) : [];
  return [...begun, ...slotsAfter(schedule, from, limit)].map(({ local, skipped, zone, at }) => ({
    meant: skipped ?? local,
    zone,
    at,
  }));
}

function steps(sequence: Sequence, input: Input, now: Date): Meant[] {
  const periods = duePeriods(sequence, input, now);
  const found = periods.flatMap((dueOn) =>
    [...sequenceMoments(sequence, { dueOn, overrides: input.overrides })].map(({ local, ...moment }) => ({
      ...moment,
      meant: local,
      dueOn,
    })),
  );
  return periods.length > 1 ? found.toSorted((one, other) => one.at.getTime() - other.at.getTime()) : found;
}

/** The due date given, or the next ones of the rule. Throws `validation_failed` where there is none. */
function duePeriods({ due, zone }: Sequence, { dueOn, facts: given, after: from }: Input, now: Date): string[] {
  if (dueOn !== undefined) return [dueOn];
  const facts = given ?? null;
  if (!due) throw invalid("dueOn", "must be given, because the steps of a sequence are counted from it");
  const missing = missingFacts(due, facts);
  if (missing.length > 0) throw invalid(`facts.${missing[0]}`, "must be given, because due dates follow from it");
  const dates: string[] = [];
  let last = daysAfter(civilDateIn(planningZone(zone), from === undefined ? now : new Date(from)), -1);
  for (let period = 0; period < MOST_PERIODS; period += 1) {
    const next = nextDueDate(due, { facts, after: last });
    if (!next) break;
    dates.push(next.dueOn);
    last = next.dueOn;
  }
  return dates;
}

function place(moment: Meant, timeZone: string | undefined): Meant {
  return moment.zone === RECIPIENT && timeZone
    ? { ...moment, zone: timeZone, at: instantOf(moment.meant, timeZone) }
    : moment;
}

function present({ meant, zone, at, stepId, repeat, dueOn, moved, collides }: Meant, now: Date): PreviewedMoment {
  const isRecipients = zone === RECIPIENT;
  const span = isRecipients ? { lastAt: after(at, ZONES_SPAN_MS) } : {};
  const note = noteOf({
    meant,
    zone,
    at,
    past: (span.lastAt ?? at) <= now,
    ...(moved && { moved }),
    ...(collides && { collides }),
    ...span,
  });
  return {
    localTime: isRecipients ? meant : wallTimeIn(zone, at),
    timeZone: zone,
    at,
    ...span,
    ...(stepId !== undefined && { stepId }),
    ...(repeat !== undefined && { repeat }),
    ...(dueOn !== undefined && { dueOn }),
    ...(moved && { moved }),
    ...(collides && { collides }),
    ...(note !== undefined && { note }),
  };
}
