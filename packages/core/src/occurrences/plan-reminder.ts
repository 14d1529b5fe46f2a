import { goingStatuses } from "@reminder-app/db/schema/reminders";
import { after } from "@reminder-app/platform/clock";
import type { Id } from "@reminder-app/platform/ids";
import type { SharedSchedule } from "@reminder-app/schedule/schedule";
import { type Slot, nextSlot, slotsBetween } from "@reminder-app/schedule/slots";
import { type Ctx, inTransaction } from "../ctx.ts";
import { businessRepo } from "../businesses/businesses.repo.ts";
import { type ScheduleDefaults, effectiveSchedule } from "../reminders/effective-schedule.ts";
import { type Reminder, reminderRepo } from "../reminders/reminders.repo.ts";
import { type FiledOccurrence, type NamedMoment, fileMoments } from "./file-moments.ts";
import { occurrenceRepo } from "./occurrences.repo.ts";
import { tellMissed } from "./tell-missed.ts";

export interface Planned {
  readonly reminder: Reminder;
  /** How many moments came due in an outage and are too late. */
  readonly missed: number;
}

/** One pass plans at most this many moments of a reminder; the sweep comes back for more. */
const MOST_SLOTS = 1_000;

/**
 * Turn every moment of some reminders up to `horizonMs` from now into an occurrence. Of the moments that were missed in
 * an outage the latest goes out if it is within the reminder's grace; the others are filed as missed. Planning twice
 * changes nothing. While a reminder is paused its moments are filed, and sent to nobody. Sequences stay as they are:
 * they are planned by {@link planSequenceChunk}. Answers with those reminders that are there, locked; of several without
 * those that somebody else holds.
 */
export async function planReminders(ctx: Ctx, ids: readonly Id<"Reminder">[], horizonMs: number): Promise<Planned[]> {
  return inTransaction(ctx, async (tx) => {
    const locked = await reminderRepo(tx).lockMany(ids);
    const business = await businessRepo(tx).scheduleDefaults();
    const filed = locked.flatMap((reminder) => fileSlots(reminder, business, { now: tx.now(), horizonMs }) ?? []);
    const occurrences = filed.flatMap((one) => one.occurrences);
    await occurrenceRepo(tx).insertNew(occurrences);
    const missed = await tellMissed(tx, occurrences);
    await moveOn(tx, filed);
    const changes = new Map(filed.map(({ id, change }) => [id, change]));
    return locked.map((reminder) => ({
      reminder: { ...reminder, ...changes.get(reminder.id) },
      missed: missed.get(reminder.id) ?? 0,
    }));
  });
}

/** What is written of a reminder when its moments are planned. */
interface Filed {
  readonly id: Id<"Reminder">;
  readonly occurrences: readonly FiledOccurrence[];
  readonly change: Pick<Reminder, "nextDueAt" | "status">;
}

/** Undefined when there is nothing to plan. */
function fileSlots(
  reminder: Reminder,
  business: ScheduleDefaults,
  { now, horizonMs }: { now: Date; horizonMs: number },
): Filed | undefined {
  const schedule = effectiveSchedule(reminder, business);
  if (!isGoing(reminder) || schedule.kind === "sequence") return undefined;
  const slots = slotsDue({ ...reminder, schedule }, after(now, horizonMs), MOST_SLOTS);
  const last = slots.at(-1);
  if (!last) return undefined;
  const next = nextSlot(schedule, last.at);
  const status = next || reminder.status === "paused" ? reminder.status : ("completed" as const);
  const change = { nextDueAt: next?.at ?? null, status };
  return { id: reminder.id, occurrences: fileMoments(reminder, slots, now), change };
}

/** Reminders that are alike, as those of one moment mostly are, are written together. */
async function moveOn(tx: Ctx, filed: readonly Filed[]): Promise<void> {
  const alike = Map.groupBy(filed, ({ change }) => `${change.status} ${change.nextDueAt?.getTime()}`);
  for (const group of alike.values()) {
    const ids = group.map(({ id }) => id);
    await reminderRepo(tx).updateMany(ids, { ...group[0]?.change, updatedAt: tx.now() });
  }
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
