import { goingStatuses } from "@reminder-app/db/schema/reminders";
import { after } from "@reminder-app/platform/clock";
import type { Id } from "@reminder-app/platform/ids";
import type { SharedSchedule } from "@reminder-app/schedule/schedule";
import { type Slot, nextSlot, slotsBetween } from "@reminder-app/schedule/slots";
import { type Ctx, inTransaction } from "../ctx.ts";
import { businessRepo } from "../businesses/businesses.repo.ts";
import { effectiveSchedule } from "../reminders/effective-schedule.ts";
import { type Reminder, reminderRepo } from "../reminders/reminders.repo.ts";
import { type NamedMoment, fileMoments } from "./file-moments.ts";
import { occurrenceRepo } from "./occurrences.repo.ts";
import { tellMissed } from "./tell-missed.ts";

export interface Planned {
  readonly reminder: Reminder;
  /** What still has to be turned into deliveries. */
  readonly occurrenceIds: readonly Id<"Occurrence">[];
  /** How many moments came due in an outage and are too late. */
  readonly missed: number;
}

/** One pass plans at most this many moments; the sweep comes back for more. */
const MOST_SLOTS = 1_000;

/**
 * Turn every moment up to `horizonMs` from now into an occurrence. Of the moments that were missed in an outage the
 * latest goes out if it is within the reminder's grace; the others are filed as missed. Planning twice changes nothing.
 * While a reminder is paused its moments are filed, and sent to nobody. Sequences are planned by {@link planSequenceChunk}.
 */
export async function planReminder(ctx: Ctx, id: Id<"Reminder">, horizonMs: number): Promise<Planned> {
  return inTransaction(ctx, async (tx) => {
    const reminder = await reminderRepo(tx).lock(id);
    const { missed = 0, ...change } =
      isGoing(reminder) && reminder.nextDueAt ? await planSlots(tx, reminder, horizonMs) : {};
    return { reminder: { ...reminder, ...change }, occurrenceIds: await occurrenceRepo(tx).unexpanded(id), missed };
  });
}

async function planSlots(
  tx: Ctx,
  reminder: Reminder & { nextDueAt: Date | null },
  horizonMs: number,
): Promise<Partial<Pick<Reminder, "nextDueAt" | "status"> & Pick<Planned, "missed">>> {
  const now = tx.now();
  const schedule = effectiveSchedule(reminder, await businessRepo(tx).get());
  if (schedule.kind === "sequence") return {};
  const slots = slotsDue({ ...reminder, schedule }, after(now, horizonMs), MOST_SLOTS);
  const last = slots.at(-1);
  if (!last) return {};

  const filed = fileMoments(reminder, slots, now);
  await occurrenceRepo(tx).insertNew(filed);
  const missed = await tellMissed(tx, reminder.id, filed);
  const next = nextSlot(schedule, last.at);
  const status = next || reminder.status === "paused" ? reminder.status : ("completed" as const);
  const change = { nextDueAt: next?.at ?? null, status };
  await reminderRepo(tx).update(reminder.id, { ...change, updatedAt: now });
  return { ...change, missed };
}

/** The first `limit` moments of a reminder that are not planned yet and come up to `through`, in the order of time. */
export function slotsDue(
  reminder: Pick<Reminder, "nextDueAt" | "round"> & { schedule: SharedSchedule },
  through: Date,
  limit: number,
): (Slot & NamedMoment)[] {
  if (!reminder.nextDueAt) return [];
  const slots = slotsBetween(reminder.schedule, after(reminder.nextDueAt, -1), through, limit);
  return slots.map((slot) => ({ ...slot, slotKey: slotKeyOf(reminder, slot) }));
}

/** Whether a reminder has a clock that runs: also in a pause, which is filed as it passes. */
export function isGoing({ status }: Pick<Reminder, "status">): boolean {
  return goingStatuses.includes(status);
}

/** The name of a moment of a reminder; only a new round makes a `once` moment new. */
export function slotKeyOf({ round, schedule }: Pick<Reminder, "round" | "schedule">, slot: Slot): string {
  return schedule.kind === "once" ? `O:${round}` : slot.key;
}
