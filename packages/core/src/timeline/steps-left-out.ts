import { momentOfSlot } from "../occurrences/plan-assignment.ts";
import { type StepMoment, sequenceMoments } from "@reminder-app/schedule/sequence-moments";
import type { Sequence } from "@reminder-app/schedule/sequence";
import type { Assignment } from "../assignments/assignments.repo.ts";
import type { Ctx } from "../ctx.ts";
import { occurrenceRepo } from "../occurrences/occurrences.repo.ts";
import { effectiveSchedule } from "../reminders/effective-schedule.ts";
import { type ReasonCode, reasons } from "../reasons.ts";
import { clientFactRepo } from "./client-facts.repo.ts";
import { type ClientFile, aboutAssignment, localTime, nameOf } from "./client-file.ts";
import { type Placed, entryOf } from "./entry.ts";

/** What lets a sequence begin for a client who is on it already. */
const BEGINNINGS = ["reminder.activated", "assignment.reopened"];

/**
 * The steps that are past and never came to be, each with the reason: the ledger has no row of them, for they were past
 * from the start, fell away, gave way to another, or were left out for this client.
 */
export async function stepsLeftOut(ctx: Ctx, file: ClientFile): Promise<Placed[]> {
  const ids = file.assignments.map(({ id }) => id);
  const filed = new Set(
    (await occurrenceRepo(ctx).ofAssignments(ids)).map(
      ({ assignmentId, slotKey }) => `${assignmentId} ${momentOfSlot(slotKey)}`,
    ),
  );
  const entities = [...new Set(file.assignments.flatMap(({ id, reminderId }) => [id, reminderId]))];
  const begun = await clientFactRepo(ctx, [...file.all.keys()]).lastDone(entities, BEGINNINGS);
  return file.assignments.flatMap((assignment) => {
    const reminder = file.reminders.get(assignment.id);
    if (!reminder || reminder.schedule.kind !== "sequence") return [];
    const sequence = effectiveSchedule({ ...reminder, schedule: reminder.schedule }, file.business);
    const since = [assignment.createdAt, begun.get(assignment.id), begun.get(reminder.id)];
    const latest = new Date(Math.max(...since.map((at) => at?.getTime() ?? 0)));
    return absentSteps(sequence, assignment, { until: ctx.now(), begun: latest })
      .filter(({ moment }) => !filed.has(`${assignment.id} ${moment.key}`))
      .map(({ moment, reason }) => ({
        at: moment.at,
        key: `a${assignment.id} ${moment.key}`,
        entry: entryOf({
          at: moment.at,
          kind: "step_left_out",
          state: "skipped",
          reason,
          sentence: `${nameOf(reminder, assignment)}, step ${moment.stepId}, was for ${localTime(file, moment.at)}. ${reasons[reason]}`,
          ...aboutAssignment(file, assignment),
          stepId: moment.stepId,
          tone: reminder.stepMessages?.[moment.stepId]?.tone ?? null,
        }),
      }));
  });
}

interface Absent {
  readonly moment: StepMoment;
  readonly reason: ReasonCode;
}

function absentSteps(
  sequence: Sequence,
  { dueOn, overrides, plannedThrough, closedAt, state }: Assignment,
  { until, begun }: { until: Date; begun: Date },
): Absent[] {
  if (dueOn === null || plannedThrough === null) return [];
  const ends = [until, plannedThrough, ...(state !== "exhausted" && closedAt ? [closedAt] : [])];
  const end = Math.min(...ends.map((at) => at.getTime()));
  const past = (facts: Parameters<typeof sequenceMoments>[1]) => {
    const found: StepMoment[] = [];
    for (const moment of sequenceMoments(sequence, facts)) {
      if (moment.at.getTime() > end) break;
      found.push(moment);
    }
    return found;
  };
  const skipped = Object.entries(overrides ?? {}).filter(([, { skip }]) => skip);
  const kept = Object.fromEntries(Object.entries(overrides ?? {}).filter(([, { skip }]) => !skip));
  const chosen = new Set(skipped.map(([id]) => id));
  return [
    ...past({ dueOn, overrides }).map((moment) => ({ moment, reason: whyAbsent(moment, begun) })),
    ...(chosen.size === 0 ? [] : past({ dueOn, overrides: kept }))
      .filter(({ stepId, repeat }) => repeat === 0 && chosen.has(stepId))
      .map((moment) => ({ moment, reason: "left_out_for_client" as const })),
  ];
}

function whyAbsent({ at, collides }: StepMoment, begun: Date): ReasonCode {
  if (collides) return "day_taken";
  return at <= begun ? "joined_late" : "due_date_moved";
}
