import { after } from "@reminder-app/platform/clock";
import { newId } from "@reminder-app/platform/ids";
import type { StepMoment } from "@reminder-app/schedule/sequence-moments";
import type { Assignment } from "../assignments/assignments.repo.ts";
import type { Ctx } from "../ctx.ts";
import { plannedRowsRepo } from "../deliveries/planned-rows.repo.ts";
import { type PauseReason, holdReasonCode } from "../deliveries/standstill.ts";
import type { QueuedDelivery } from "./expand-occurrence.ts";
import type { Reminder } from "../reminders/reminders.repo.ts";
import type { FiledOccurrence } from "./file-moments.ts";
import { type Occurrence, occurrenceRepo } from "./occurrences.repo.ts";
import { lateStep, stepSlotKey } from "./plan-assignment.ts";
import { type Visit, standstillOf } from "./visit.ts";
import { type FiledStep, insertSteps, isStopped, redateSteps } from "./write-steps.ts";

/** A step that is past, was not sent, and is to be made up for. */
export interface LateStep {
  readonly assignment: Assignment;
  readonly moment: StepMoment;
  readonly slotKey: string;
  /** As it was filed when it came due in a pause. */
  readonly filed?: Occurrence | undefined;
}

const pauseReasons: ReadonlySet<string | null> = new Set<PauseReason>([
  "business_paused",
  "client_paused",
  "paused",
  "payment_on_its_way",
  ...Object.values(holdReasonCode),
]);

/** Whether a moment was left out because of a pause or hold, so that it may be made up for. */
export function isPauseReason(reason: string | null): boolean {
  return pauseReasons.has(reason);
}

/**
 * Send the latest step that is past once, now, to those who joined after it or were paused or held when it came due,
 * where the sequence wants it so. Nothing is sent again, and nothing goes after a later step.
 */
export async function catchUp(tx: Ctx, visit: Visit, assignments: readonly Assignment[]): Promise<QueuedDelivery[]> {
  const late = await findLate(tx, visit, assignments);
  const steps = (ones: readonly LateStep[]) => ones.map((one) => fileLate(tx, visit, one));
  return [
    ...(await insertSteps(tx, visit, steps(late.filter(({ filed }) => !filed)))),
    ...(await redateSteps(tx, visit, steps(late.filter(({ filed }) => filed)))),
  ];
}

/** What {@link catchUp} sends at this moment. */
export async function findLate(tx: Ctx, visit: Visit, assignments: readonly Assignment[]): Promise<LateStep[]> {
  const past = assignments.flatMap((assignment) => pastOf(visit, assignment, tx.now()));
  const known = await occurrenceRepo(tx).bySlot(
    visit.reminder.id,
    past.map(({ slotKey }) => slotKey),
  );
  const unsent = await inPause(
    tx,
    past.map((one) => ({ ...one, filed: known.get(one.slotKey) })),
  );
  if (unsent.length === 0) return [];
  const lastUsed = await occurrenceRepo(tx).lastUsed(
    unsent.map(({ assignment }) => assignment.id),
    tx.now(),
  );
  return unsent.filter(({ assignment, moment }) => (lastUsed.get(assignment.id) ?? moment.at) <= moment.at);
}

/** When what keeps a late step back ends by itself. */
export function lateStepFreeAt(visit: Visit, assignment: Assignment, now: Date): Date | null {
  if (assignment.state !== "open" || !lateStep(visit.sequence, assignment, { now, momentsOf: visit.momentsOf }))
    return null;
  const still = standstillOf(visit, assignment, now);
  return still?.kind === "pause" ? still.until : null;
}

function pastOf(visit: Visit, assignment: Assignment, now: Date): LateStep[] {
  if (assignment.state !== "open" || standstillOf(visit, assignment, now)) return [];
  const moment = lateStep(visit.sequence, assignment, { now, momentsOf: visit.momentsOf });
  return moment ? [{ assignment, moment, slotKey: stepSlotKey(assignment, moment) }] : [];
}

/** Those that are not in the ledger at all, or only because of a pause or hold. */
async function inPause(tx: Ctx, steps: readonly LateStep[]): Promise<LateStep[]> {
  const filed = steps.flatMap((step) => (step.filed ? [step.filed] : []));
  const outcomes = await plannedRowsRepo(tx).outcomesOf(filed.map(({ id }) => id));
  const byOccurrence = Map.groupBy(outcomes, ({ occurrenceId }) => occurrenceId);
  return steps.filter((step) => {
    if (!step.filed) return true;
    const made = byOccurrence.get(step.filed.id) ?? [];
    if (made.length === 0) return step.filed.state === "cancelled" && pauseReasons.has(step.filed.reason);
    return made.every((outcome) => isStopped(outcome) && pauseReasons.has(outcome.reason));
  });
}

function fileLate(tx: Ctx, { reminder }: Visit, { assignment, moment, filed }: LateStep): FiledStep {
  const occurrence = lateOccurrence(reminder, { assignment, step: moment, now: tx.now() });
  return { assignment, occurrence: { ...occurrence, id: filed?.id ?? occurrence.id } };
}

/** A step that is made up for at `now`. */
export function lateOccurrence(
  reminder: Pick<Reminder, "id" | "graceMs">,
  { assignment, step, now }: { assignment: Assignment; step: StepMoment; now: Date },
): FiledOccurrence {
  return {
    id: newId<"Occurrence">(),
    reminderId: reminder.id,
    slotKey: stepSlotKey(assignment, step),
    assignmentId: assignment.id,
    stepId: step.stepId,
    localAt: null,
    state: "expanded",
    reason: "late_step",
    dueAt: now,
    expiresAt: after(now, reminder.graceMs),
    cursor: null,
    createdAt: now,
    updatedAt: now,
  };
}
