import type { Id } from "@reminder-app/platform/ids";
import type { Assignment } from "../assignments/assignments.repo.ts";
import type { Ctx } from "../ctx.ts";
import { type Reminder, reminderRepo } from "../reminders/reminders.repo.ts";
import { chasedRepo } from "./chased.repo.ts";
import { type PaymentRequest, paymentRequestRepo } from "./payment-requests.repo.ts";

/** Some payment requests, and all by which they are chased. */
export interface Chase {
  readonly reminders: ReadonlyMap<Id<"Reminder">, Reminder>;
  readonly assignments: readonly Assignment[];
  readonly requests: readonly PaymentRequest[];
}

/**
 * Lock some payment requests with all by which they are chased, in the order that planner and stops take: reminders,
 * assignments, requests; payments come after them. Whoever moves money begins with this. What is not there is left out.
 */
export async function lockChase(tx: Ctx, ids: readonly Id<"PaymentRequest">[]): Promise<Chase> {
  const repo = chasedRepo(tx);
  const reminders = await lockReminders(tx, await repo.remindersOf(ids));
  await repo.lock(ids);
  const requests = await paymentRequestRepo(tx).lockMany(ids);
  // Who was put on a reminder for one of these meanwhile is seen now: nobody is any more while the requests are locked.
  const assignments = await repo.lock(ids);
  const missing = assignments.map(({ reminderId }) => reminderId).filter((id) => !reminders.has(id));
  const more = await lockReminders(tx, [...new Set(missing)]);
  return { reminders: new Map([...reminders, ...more]), assignments, requests };
}

async function lockReminders(tx: Ctx, ids: readonly Id<"Reminder">[]): Promise<Map<Id<"Reminder">, Reminder>> {
  if (ids.length === 0) return new Map();
  return new Map((await reminderRepo(tx).lockMany(ids)).map((row) => [row.id, row]));
}
