import { after } from "@reminder-app/platform/clock";
import type { Id } from "@reminder-app/platform/ids";
import type { Assignment } from "../assignments/assignments.repo.ts";
import { plannedAssignmentRepo } from "../assignments/planned-assignments.repo.ts";
import { followAssignments } from "../assignments/start-assignment.ts";
import { type Ctx, inTransaction } from "../ctx.ts";
import { type InForce, inForce } from "../reminders/plan-in-force.ts";
import { type Reminder, reminderRepo } from "../reminders/reminders.repo.ts";
import { catchUp } from "./catch-up.ts";
import type { QueuedDelivery } from "./expand-occurrence.ts";
import { type FiledOccurrence, fileMoments } from "./file-moments.ts";
import { type Planned, moveOn } from "./move-on.ts";
import { openPeriods } from "./open-periods.ts";
import { tellMissed } from "./tell-missed.ts";
import { type Visit, startVisit } from "./visit.ts";
import { type FiledStep, writeSteps } from "./write-steps.ts";
import { isGoing } from "./plan-reminder.ts";
import { planAssignment, stepSlotKey } from "./plan-assignment.ts";

export interface PlannedChunk {
  readonly reminder: Reminder;
  readonly queued: readonly QueuedDelivery[];
  readonly finished: boolean;
  /** How many steps came due in an outage and are too late. */
  readonly missed: number;
}

const CHUNK = 500;

/**
 * Plan the next assignments of a sequence that something comes due for up to `horizonMs` from now, with their
 * deliveries, in one transaction. Call it until it is finished; planning twice changes nothing.
 */
export async function planSequenceChunk(ctx: Ctx, id: Id<"Reminder">, horizonMs: number): Promise<PlannedChunk> {
  return inTransaction(ctx, async (tx) => {
    const reminder = await reminderRepo(tx).lock(id);
    if (!isGoing(reminder) || reminder.schedule.kind !== "sequence")
      return { reminder, queued: [], finished: true, missed: 0 };

    const through = after(tx.now(), horizonMs);
    const due = await plannedAssignmentRepo(tx).lockDue(id, { through, limit: CHUNK });
    const groups = await inForce(tx, reminder, due);
    const planned: Done[] = [];
    for (const group of groups) planned.push(await planAlike(tx, group, through));
    const nextDueAt = await followAssignments(tx, id);
    const opened = planned.some((one) => one.opened > 0);
    return {
      reminder: { ...reminder, nextDueAt },
      queued: planned.flatMap(({ queued }) => queued),
      finished: due.length < CHUNK && !opened,
      missed: planned.reduce((sum, { missed }) => sum + missed, 0),
    };
  });
}

/** What a visit has made. */
interface Done {
  readonly queued: readonly QueuedDelivery[];
  /** How many next periods. */
  readonly opened: number;
  readonly missed: number;
}

/** Plan assignments that the same plan is in force for. */
async function planAlike(tx: Ctx, { reminder, assignments }: InForce<Assignment>, through: Date): Promise<Done> {
  const { schedule } = reminder;
  if (schedule.kind !== "sequence") return { queued: [], opened: 0, missed: 0 };
  const visit = await startVisit(tx, { reminder, schedule }, assignments);
  const plans = assignments.map((assignment) => planOne(visit, { assignment, through, now: tx.now() }));
  const filed = fileSteps(visit, plans, tx.now());
  const queued = [...(await writeSteps(tx, visit, filed)), ...(await catchUp(tx, visit, assignments))];
  const missed = await tellMissed(
    tx,
    filed.map(({ occurrence }) => occurrence),
  );
  const periods = await openPeriods(tx, visit, { due: assignments, through });
  await moveOn(tx, visit, { plans, periods, through });
  return { queued, opened: periods.made.length, missed: missed.get(reminder.id) ?? 0 };
}

function planOne(
  { sequence, momentsOf, reminder: { graceMs } }: Visit,
  { assignment, through, now }: { assignment: Assignment; through: Date; now: Date },
): Planned {
  return { assignment, plan: planAssignment(sequence, assignment, { through, graceMs, now, momentsOf }) };
}

/** A step's deliveries are made with it, so that it is expanded at once. */
export function occurrencesOf(reminder: Reminder, { assignment, plan }: Planned, now: Date): FiledOccurrence[] {
  const moments = plan.moments.filter(({ collides }) => !collides);
  const named = moments.map((moment) => ({ ...moment, slotKey: stepSlotKey(assignment, moment) }));
  return fileMoments(reminder, named, now).map((occurrence, index) => ({
    ...occurrence,
    assignmentId: assignment.id,
    stepId: moments[index]?.stepId ?? null,
    state: occurrence.state === "planned" ? "expanded" : occurrence.state,
  }));
}

function fileSteps({ reminder }: Visit, plans: readonly Planned[], now: Date): FiledStep[] {
  return plans.flatMap((planned) =>
    occurrencesOf(reminder, planned, now).map((occurrence) => ({ assignment: planned.assignment, occurrence })),
  );
}
