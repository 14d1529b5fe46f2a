import type { Assignment } from "../assignments/assignments.repo.ts";
import type { Ctx } from "../ctx.ts";
import { type Outcome, plannedRowsRepo } from "../deliveries/planned-rows.repo.ts";
import { writeDeliveries } from "../deliveries/write-deliveries.ts";
import { type QueuedDelivery, deliveriesFor, toQueued } from "./expand-occurrence.ts";
import type { FiledOccurrence } from "./file-moments.ts";
import type { Moment } from "./make-deliveries.ts";
import { type Occurrence, occurrenceRepo } from "./occurrences.repo.ts";

/** A moment of one assignment, as it is to stand in the ledger. */
export interface FiledStep {
  readonly assignment: Assignment;
  readonly occurrence: FiledOccurrence;
}

type Around = Pick<Moment, "business" | "reminder">;

/**
 * Write steps that come due, with their deliveries. A step that is in the ledger already is left as it is, unless it
 * never went to anybody and has a later date by now: then it is planned once more.
 */
export async function writeSteps(tx: Ctx, around: Around, filed: readonly FiledStep[]): Promise<QueuedDelivery[]> {
  const known = await occurrenceRepo(tx).bySlot(
    around.reminder.id,
    filed.map(({ occurrence }) => occurrence.slotKey),
  );
  const isNew = ({ occurrence }: FiledStep) => !known.has(occurrence.slotKey);
  const moved = filed.filter(({ occurrence: { slotKey, dueAt } }) => {
    const before = known.get(slotKey);
    return before !== undefined && before.dueAt < dueAt;
  });
  const again = await neverSent(tx, moved, known);
  return [...(await insertSteps(tx, around, filed.filter(isNew))), ...(await redateSteps(tx, around, again))];
}

/** Write steps that are not in the ledger yet, with their deliveries. */
export async function insertSteps(tx: Ctx, around: Around, steps: readonly FiledStep[]): Promise<QueuedDelivery[]> {
  await occurrenceRepo(tx).insertNew(steps.map(({ occurrence }) => occurrence));
  return insertDeliveries(tx, around, steps);
}

/** Give occurrences that are there, by their ids, another date; what they had skipped is taken back. */
export async function redateSteps(tx: Ctx, around: Around, steps: readonly FiledStep[]): Promise<QueuedDelivery[]> {
  await plannedRowsRepo(tx).removeStopped(steps.map(({ occurrence }) => occurrence.id));
  for (const { occurrence } of steps) {
    const { id, slotKey: _, reminderId: __, createdAt: ___, ...change } = occurrence;
    await occurrenceRepo(tx).update(id, change);
  }
  return insertDeliveries(tx, around, steps);
}

async function insertDeliveries(tx: Ctx, around: Around, steps: readonly FiledStep[]): Promise<QueuedDelivery[]> {
  const going = steps.filter(({ occurrence }) => occurrence.state === "expanded");
  const rows = await deliveriesFor(
    tx,
    going.map(({ assignment, occurrence }) => ({ assignment, moment: { ...around, occurrence, urgent: false } })),
  );
  await writeDeliveries(tx, around.business, rows);
  return rows.flatMap(toQueued);
}

async function neverSent(
  tx: Ctx,
  steps: readonly FiledStep[],
  known: ReadonlyMap<string, Occurrence>,
): Promise<FiledStep[]> {
  const named = steps.flatMap((step) => {
    const before = known.get(step.occurrence.slotKey);
    return before ? [{ ...step, occurrence: { ...step.occurrence, id: before.id } }] : [];
  });
  const outcomes = await plannedRowsRepo(tx).outcomesOf(named.map(({ occurrence }) => occurrence.id));
  const sent = new Set(outcomes.filter((outcome) => !isStopped(outcome)).map(({ occurrenceId }) => occurrenceId));
  return named.filter(({ occurrence }) => !sent.has(occurrence.id));
}

/** It never left, and will not: no provider was called, and no other message carried its line. */
export function isStopped({ state, tried, merged }: Outcome): boolean {
  return (state === "skipped" || state === "expired" || state === "cancelled") && !tried && !merged;
}
