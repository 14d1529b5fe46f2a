import { DAY_MS, after } from "@reminder-app/platform/clock";
import type { Id } from "@reminder-app/platform/ids";
import { sequenceMoments } from "@reminder-app/schedule/sequence-moments";
import { slotsBetween } from "@reminder-app/schedule/slots";
import { businessRepo } from "../businesses/businesses.repo.ts";
import type { Ctx } from "../ctx.ts";
import { type Occurrence, occurrenceRepo } from "../occurrences/occurrences.repo.ts";
import { stepSlotKey } from "../occurrences/plan-assignment.ts";
import { slotKeyOf } from "../occurrences/plan-reminder.ts";
import { inForce } from "../reminders/plan-in-force.ts";
import type { Reminder } from "../reminders/reminders.repo.ts";
import { scheduleOf } from "../reminders/schedule-of.ts";
import { plannedAheadRepo } from "./planned-ahead.repo.ts";
import { redateDelivery } from "./redate-delivery.ts";

/** Moments are looked for so far from where they were thought to be. */
const AROUND_MS = 2 * DAY_MS;
const MOST_AROUND = 10;

/** Give what is planned of a reminder and has not left the instants that its wall times mean now. Call it with the reminder's row locked. */
export async function redatePlanned(tx: Ctx, reminder: Reminder): Promise<void> {
  const repo = plannedAheadRepo(tx);
  const open = await repo.openOccurrences(reminder.id);
  if (open.length === 0) return;
  const right = await rightInstants(
    tx,
    reminder,
    open.filter(({ dueAt }) => dueAt > tx.now()),
  );
  const shifts = new Map<Id<"Occurrence">, number>();
  for (const { id, dueAt, expiresAt } of open) {
    const shift = (right.get(id)?.getTime() ?? dueAt.getTime()) - dueAt.getTime();
    if (shift === 0) continue;
    shifts.set(id, shift);
    const moved = { dueAt: after(dueAt, shift), expiresAt: after(expiresAt, shift), updatedAt: tx.now() };
    await occurrenceRepo(tx).update(id, moved);
  }
  const business = await businessRepo(tx).get();
  const byId = new Map(open.map((occurrence) => [occurrence.id, occurrence]));
  for (const delivery of await repo.waitingOf([...byId.keys()])) {
    const occurrence = byId.get(delivery.occurrenceId);
    const shift = shifts.get(delivery.occurrenceId) ?? 0;
    const change = occurrence && redateDelivery({ business, reminder, occurrence, shift }, delivery, tx.now());
    if (change) await repo.redate(delivery, { ...change, updatedAt: tx.now() });
  }
}

/** When moments that are still to come are due, by the names that they were planned under. */
async function rightInstants(
  tx: Ctx,
  reminder: Reminder,
  ahead: readonly Occurrence[],
): Promise<ReadonlyMap<Id<"Occurrence">, Date>> {
  const schedule = await scheduleOf(tx, reminder);
  const named =
    schedule.kind === "sequence"
      ? await stepInstants(tx, reminder, ahead)
      : new Map(
          ahead.flatMap(({ dueAt }) =>
            slotsBetween(schedule, after(dueAt, -AROUND_MS), after(dueAt, AROUND_MS), MOST_AROUND).map(
              (slot) => [slotKeyOf(reminder, slot), slot.at] as const,
            ),
          ),
        );
  return new Map(
    ahead.flatMap(({ id, slotKey }) => {
      const at = named.get(slotKey);
      return at ? [[id, at] as const] : [];
    }),
  );
}

async function stepInstants(
  tx: Ctx,
  reminder: Reminder,
  ahead: readonly Occurrence[],
): Promise<ReadonlyMap<string, Date>> {
  const until = Math.max(...ahead.map(({ dueAt }) => dueAt.getTime())) + AROUND_MS;
  const ids = [...new Set(ahead.flatMap(({ assignmentId }) => assignmentId ?? []))];
  const named = new Map<string, Date>();
  const assigned = await plannedAheadRepo(tx).assignmentsOf(ids);
  for (const group of await inForce(tx, reminder, assigned)) {
    const schedule = await scheduleOf(tx, group.reminder);
    if (schedule.kind !== "sequence") continue;
    for (const { dueOn, overrides, id, round } of group.assignments) {
      for (const moment of dueOn === null ? [] : sequenceMoments(schedule, { dueOn, overrides })) {
        if (moment.at.getTime() > until) break;
        named.set(stepSlotKey({ id, round }, moment), moment.at);
      }
    }
  }
  return named;
}
