import type { Id } from "@reminder-app/platform/ids";
import { type Assignment, assignmentRepo } from "../assignments/assignments.repo.ts";
import { close, isChased } from "../assignments/close-assignment.ts";
import { plannedAssignmentRepo } from "../assignments/planned-assignments.repo.ts";
import { followAssignments } from "../assignments/start-assignment.ts";
import type { Ctx } from "../ctx.ts";
import { type Reminder, reminderRepo } from "../reminders/reminders.repo.ts";
import { movedRecordRepo } from "./moved-records.repo.ts";

interface Both {
  readonly from: Id<"Client">;
  readonly to: Id<"Client">;
}

export interface MergedAssignments {
  /** How many became the survivor's. */
  readonly assignments: number;
  /** What the survivor is reminded of as well. */
  readonly cancelled: readonly Pick<Assignment, "id" | "reminderId" | "period">[];
  /** Messages of these whose send had started before. */
  readonly inFlight: number;
  /** Reminders whose next moment may be another one now. */
  readonly reminderIds: readonly Id<"Reminder">[];
}

/** The reminders of which something may still come for either of two clients, locked in one order for all. */
export async function lockRemindersOf(tx: Ctx, { from, to }: Both): Promise<Map<Id<"Reminder">, Reminder>> {
  const planned = plannedAssignmentRepo(tx);
  const ids = new Set([...(await planned.remindersOf(from)), ...(await planned.remindersOf(to))]);
  const reminders = new Map<Id<"Reminder">, Reminder>();
  for (const id of [...ids].toSorted()) reminders.set(id, await reminderRepo(tx).lock(id));
  return reminders;
}

interface Merging extends Both {
  readonly reminders: ReadonlyMap<Id<"Reminder">, Reminder>;
  /** Of both clients. */
  readonly assignments: readonly Assignment[];
  /** Nothing was sent for an archived client, and nothing begins by the merge. */
  readonly isArchived: boolean;
}

/**
 * Let the survivor be reminded of what the merged client was. Where the survivor has the same period of a reminder, the
 * merged client's is cancelled and stays behind as its history.
 */
export async function mergeAssignments(tx: Ctx, merging: Merging): Promise<MergedAssignments> {
  const { from, to, assignments, isArchived } = merging;
  const keyOf = ({ reminderId, period }: Assignment) => `${reminderId} ${period.toLowerCase()}`;
  const taken = new Set(assignments.filter(({ clientId }) => clientId === to).map(keyOf));
  const theirs = assignments.filter(({ clientId }) => clientId === from);
  const colliding = theirs.filter((one) => taken.has(keyOf(one)));
  const moving = theirs.filter((one) => !taken.has(keyOf(one)));
  let inFlight = 0;
  for (const present of isArchived ? theirs : colliding) inFlight += await end(tx, merging, present);
  await movedRecordRepo(tx, merging).moveAssignments(moving.map(({ id }) => id));
  const changed = new Set(theirs.map(({ reminderId }) => reminderId));
  for (const reminder of merging.reminders.values())
    if (changed.has(reminder.id) && reminder.schedule.kind === "sequence") await followAssignments(tx, reminder.id);
  return {
    assignments: moving.length,
    cancelled: colliding.filter(isChased).map(({ id, reminderId, period }) => ({ id, reminderId, period })),
    inFlight,
    reminderIds: [...merging.reminders.keys()].filter((id) => changed.has(id)),
  };
}

/** Nothing more comes of it. Answers how many messages were on their way. */
async function end(tx: Ctx, { reminders }: Merging, present: Assignment): Promise<number> {
  if (isChased(present)) {
    const reminder = reminders.get(present.reminderId) ?? (await reminderRepo(tx).get(present.reminderId));
    return (await close(tx, { reminder, present }, "cancelled")).inFlight;
  }
  await assignmentRepo(tx).update(present.id, { nextOpened: true, nextAt: null });
  return 0;
}
