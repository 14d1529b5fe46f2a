import { after, earliest, latest } from "@reminder-app/platform/clock";
import type { Id } from "@reminder-app/platform/ids";
import { type Assignment, assignmentRepo } from "../assignments/assignments.repo.ts";
import { plannedAssignmentRepo } from "../assignments/planned-assignments.repo.ts";
import { type Ctx, inTransaction } from "../ctx.ts";
import { type Reminder, reminderRepo } from "../reminders/reminders.repo.ts";
import { openTasks } from "../tasks/open-task.ts";
import { catchUp, lateStepFreeAt } from "./catch-up.ts";
import { notYetExhausted } from "./exhaust.ts";
import type { QueuedDelivery } from "./expand-occurrence.ts";
import { type FiledOccurrence, fileMoments } from "./file-moments.ts";
import { tellMissed } from "./tell-missed.ts";
import { type Visit, startVisit } from "./visit.ts";
import { type FiledStep, writeSteps } from "./write-steps.ts";
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

    const through = after(tx.now(), horizonMs);
    const due = await plannedAssignmentRepo(tx).lockDue(id, { through, limit: CHUNK });
    const visit = await startVisit(tx, { reminder, schedule }, due);
    const plans = due.map((assignment) => planOne(visit, { assignment, through, now: tx.now() }));
    const filed = fileSteps(visit, plans, tx.now());
    const queued = [...(await writeSteps(tx, visit, filed)), ...(await catchUp(tx, visit, due))];
    const moves = await movesOf(tx, visit, { plans, through });
    await moveOn(tx, moves, through);
    await tellStaff(tx, { reminder, filed, moves });
    const nextDueAt = await plannedAssignmentRepo(tx).firstNextAt(id);
    await reminderRepo(tx).update(id, { nextDueAt, updatedAt: tx.now() });
    return { reminder: { ...reminder, nextDueAt }, queued, finished: due.length < CHUNK };
  });
}

interface Planned {
  readonly assignment: Assignment;
  readonly plan: AssignmentPlan;
}

function planOne(
  { sequence, reminder: { graceMs } }: Visit,
  { assignment, through, now }: { assignment: Assignment; through: Date; now: Date },
): Planned {
  return { assignment, plan: planAssignment(sequence, assignment, { through, graceMs, now }) };
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

/** What becomes of an assignment once it was looked at. */
interface Move {
  readonly assignment: Assignment;
  readonly nextAt: Date | null;
  readonly exhausted: boolean;
}

async function movesOf(
  tx: Ctx,
  visit: Visit,
  { plans, through }: { plans: readonly Planned[]; through: Date },
): Promise<Move[]> {
  const ending = plans.filter(({ plan }) => plan.exhausted).map(({ assignment }) => assignment);
  const later = await notYetExhausted(tx, visit, ending);
  return plans.map(({ assignment, plan }) => {
    const freeAt = lateStepFreeAt(visit, assignment, tx.now());
    const again = [plan.nextAt, later.get(assignment.id) ?? null, freeAt].map(
      (at) => at && latest(at, after(through, 1)),
    );
    return { assignment, nextAt: earliest(again), exhausted: plan.exhausted && !later.has(assignment.id) };
  });
}

async function moveOn(tx: Ctx, moves: readonly Move[], through: Date): Promise<void> {
  const now = tx.now();
  const alike = Map.groupBy(moves, ({ nextAt, exhausted }) => `${nextAt?.getTime()} ${exhausted}`);
  for (const [first, ...rest] of alike.values()) {
    if (!first) continue;
    const ids = [first, ...rest].map(({ assignment }) => assignment.id);
    const ended = first.exhausted ? { state: "exhausted" as const, closedAt: now } : {};
    await assignmentRepo(tx).updateMany(ids, {
      nextAt: first.nextAt,
      plannedThrough: through,
      ...ended,
      updatedAt: now,
    });
  }
}

interface ToTell {
  readonly reminder: Reminder;
  readonly filed: readonly FiledStep[];
  readonly moves: readonly Move[];
}

async function tellStaff(tx: Ctx, { reminder, filed, moves }: ToTell): Promise<void> {
  await tellMissed(
    tx,
    reminder.id,
    filed.map(({ occurrence }) => occurrence),
  );
  const ended = moves.filter(({ exhausted }) => exhausted).map(({ assignment }) => assignment);
  await openTasks(
    tx,
    ended.map(({ id, clientId }) => ({
      kind: "exhausted" as const,
      subject: id,
      reminderId: reminder.id,
      clientId,
      assignmentId: id,
    })),
  );
}
