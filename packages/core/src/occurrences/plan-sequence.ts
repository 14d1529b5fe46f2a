import { after } from "@reminder-app/platform/clock";
import type { Id } from "@reminder-app/platform/ids";
import type { Sequence } from "@reminder-app/schedule/sequence";
import { type Assignment, assignmentRepo } from "../assignments/assignments.repo.ts";
import { type Business, businessRepo } from "../businesses/businesses.repo.ts";
import { type Ctx, inTransaction } from "../ctx.ts";
import { deliveryRowsRepo } from "../deliveries/delivery-rows.repo.ts";
import { effectiveSchedule } from "../reminders/effective-schedule.ts";
import { type Reminder, reminderRepo } from "../reminders/reminders.repo.ts";
import { type QueuedDelivery, deliveriesFor, toQueued } from "./expand-occurrence.ts";
import { type FiledOccurrence, fileMoments } from "./file-moments.ts";
import { occurrenceRepo } from "./occurrences.repo.ts";
import { isGoing } from "./plan-reminder.ts";
import { type AssignmentPlan, planAssignment, stepSlotKey } from "./plan-assignment.ts";

export interface PlannedChunk {
  readonly reminder: Reminder;
  readonly queued: readonly QueuedDelivery[];
  readonly finished: boolean;
}

const CHUNK = 500;

/**
 * Plan the next assignments of a sequence that something comes due for up to `horizonMs` from now, with their
 * deliveries, in one transaction. Call it until it is finished; planning twice changes nothing.
 */
export async function planSequenceChunk(ctx: Ctx, id: Id<"Reminder">, horizonMs: number): Promise<PlannedChunk> {
  return inTransaction(ctx, async (tx) => {
    const reminder = await reminderRepo(tx).lock(id);
    const { schedule } = reminder;
    if (!isGoing(reminder) || schedule.kind !== "sequence") return { reminder, queued: [], finished: true };

    const business = await businessRepo(tx).get();
    const sequence = effectiveSchedule(schedule, business);
    const through = after(tx.now(), horizonMs);
    const due = await assignmentRepo(tx).lockDue(id, { through, limit: CHUNK });
    const plans = due.map((assignment) => planOne(reminder, { sequence, assignment, through }));
    const queued = await writeMoments(tx, { business, reminder }, plans);
    await moveOn(tx, plans, through);
    const nextDueAt = await assignmentRepo(tx).firstNextAt(id);
    await reminderRepo(tx).update(id, { nextDueAt, updatedAt: tx.now() });
    return { reminder: { ...reminder, nextDueAt }, queued, finished: due.length < CHUNK };
  });
}

interface Planned {
  readonly assignment: Assignment;
  readonly plan: AssignmentPlan;
}

function planOne(
  { graceMs }: Reminder,
  { sequence, assignment, through }: { sequence: Sequence; assignment: Assignment; through: Date },
): Planned {
  return { assignment, plan: planAssignment(sequence, assignment, { through, graceMs }) };
}

async function writeMoments(
  tx: Ctx,
  { business, reminder }: { business: Business; reminder: Reminder },
  plans: readonly Planned[],
): Promise<QueuedDelivery[]> {
  const filed = plans.flatMap(({ assignment, plan }) =>
    occurrencesOf(reminder, { assignment, plan }, tx.now()).map((occurrence) => ({ assignment, occurrence })),
  );
  const known = await occurrenceRepo(tx).knownSlots(
    reminder.id,
    filed.map(({ occurrence }) => occurrence.slotKey),
  );
  const fresh = filed.filter(({ occurrence }) => !known.has(occurrence.slotKey));
  await occurrenceRepo(tx).insertNew(fresh.map(({ occurrence }) => occurrence));
  const rows = await deliveriesFor(
    tx,
    fresh
      .filter(({ occurrence }) => occurrence.state === "expanded")
      .map(({ assignment, occurrence }) => ({
        assignment,
        moment: { business, reminder, occurrence, urgent: false },
      })),
  );
  await deliveryRowsRepo(tx).insertNew(rows);
  return rows.flatMap(toQueued);
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

async function moveOn(tx: Ctx, plans: readonly Planned[], through: Date): Promise<void> {
  const now = tx.now();
  const byNext = Map.groupBy(plans, ({ plan }) => `${plan.nextAt?.getTime()} ${plan.exhausted}`);
  for (const [first, ...rest] of byNext.values()) {
    if (!first) continue;
    const ids = [first, ...rest].map(({ assignment }) => assignment.id);
    const { nextAt, exhausted } = first.plan;
    const ended = exhausted ? { state: "exhausted" as const, closedAt: now } : {};
    await assignmentRepo(tx).updateMany(ids, { nextAt, plannedThrough: through, ...ended, updatedAt: now });
  }
}
