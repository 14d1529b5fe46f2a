import { DAY_MS, after } from "@reminder-app/platform/clock";
import { newId } from "@reminder-app/platform/ids";
import { civilDateIn, daysAfter } from "@reminder-app/schedule/civil-date";
import type { Assignment } from "../assignments/assignments.repo.ts";
import { businessRepo } from "../businesses/businesses.repo.ts";
import type { Ctx } from "../ctx.ts";
import { RECEIPT_STEP, besideChase, receiptSlot } from "../deliveries/receipts.ts";
import { stopDeliveries } from "../deliveries/stop-deliveries.ts";
import { writeDeliveries } from "../deliveries/write-deliveries.ts";
import { deliveriesFor } from "../occurrences/expand-occurrence.ts";
import { type Occurrence, occurrenceRepo } from "../occurrences/occurrences.repo.ts";
import type { Reminder } from "../reminders/reminders.repo.ts";
import type { Chase } from "./lock-chase.ts";
import type { Allocation, Payment } from "./payments.repo.ts";

/** Thanks that could not go for so long are not sent any more. */
const MOST_LATE_MS = 3 * DAY_MS;
/** Whose payment is noted so long after it arrived is not thanked any more. */
const MOST_PAST_DAYS = 14;

type Thanked = Pick<Payment, "id" | "receivedOn">;

interface Chased {
  readonly assignment: Assignment;
  readonly reminder: Reminder;
}

/**
 * Thank a client for money that has arrived, by the reminder that chased it, once for each payment. Call it in the
 * transaction in which it arrived, with the chase locked. What was never chased is not thanked for.
 */
export async function thankForPayment(
  tx: Ctx,
  chase: Chase,
  { payment, parts }: { payment: Thanked; parts: readonly Pick<Allocation, "paymentRequestId">[] },
): Promise<void> {
  const chased = parts.flatMap(({ paymentRequestId }) => chasedBy(chase, paymentRequestId))[0];
  if (!chased) return;
  const business = await businessRepo(tx).get();
  if (payment.receivedOn < daysAfter(civilDateIn(business.timeZone, tx.now()), -MOST_PAST_DAYS)) return;
  const { assignment, reminder } = besideChase(chased);
  const slotKey = receiptSlot(payment.id);
  if ((await occurrenceRepo(tx).bySlot(reminder.id, [slotKey])).size > 0) return;
  const occurrence = await writeMoment(tx, reminder.id, slotKey);
  const thanks = { ...reminder, type: "payment" as const, channelMode: "first_success" as const, needsApproval: false };
  const moment = { business, reminder: thanks, occurrence, urgent: false };
  await writeDeliveries(tx, business, await deliveriesFor(tx, [{ assignment, moment }]));
}

/** Those by which a request is chased, those first that still are; none where the business does not want thanks sent. */
function chasedBy({ requests, assignments, reminders }: Chase, id: Allocation["paymentRequestId"]): Chased[] {
  const request = requests.find((one) => one.id === id);
  if (!request?.policy.receipts) return [];
  return assignments
    .filter(({ paymentRequestId }) => paymentRequestId === id)
    .toSorted((one, other) => Number(one.state === "cancelled") - Number(other.state === "cancelled"))
    .flatMap((assignment) => {
      const reminder = reminders.get(assignment.reminderId);
      return reminder && reminder.status !== "draft" ? [{ assignment, reminder }] : [];
    });
}

async function writeMoment(tx: Ctx, reminderId: Reminder["id"], slotKey: string): Promise<Occurrence> {
  const now = tx.now();
  const occurrence = {
    id: newId<"Occurrence">(),
    reminderId,
    slotKey,
    assignmentId: null,
    stepId: RECEIPT_STEP,
    localAt: null,
    state: "expanded" as const,
    reason: null,
    dueAt: now,
    expiresAt: after(now, MOST_LATE_MS),
    cursor: null,
    createdAt: now,
    updatedAt: now,
  };
  await occurrenceRepo(tx).insertNew([occurrence]);
  return { ...occurrence, businessId: tx.businessId };
}

/** What was noted by mistake is not thanked for, if the thanks have not left yet. */
export async function withdrawThanks(tx: Ctx, { reminders }: Chase, id: Payment["id"]): Promise<void> {
  for (const reminderId of reminders.keys()) {
    const moments = await occurrenceRepo(tx).bySlot(reminderId, [receiptSlot(id)]);
    const occurrenceIds = [...moments.values()].map((occurrence) => occurrence.id);
    if (occurrenceIds.length > 0) await stopDeliveries(tx, { occurrenceIds }, "payment_removed");
  }
}
