import { AppError, NotFoundError, invalid } from "@reminder-app/platform/errors";
import type { Id } from "@reminder-app/platform/ids";
import { z } from "zod";
import { changesOf } from "../audit/changes.ts";
import { recordAudit } from "../audit/record-audit.ts";
import { close } from "../assignments/close-assignment.ts";
import { type Ctx, inTransaction, requireRole } from "../ctx.ts";
import { withoutUndefined } from "../defined.ts";
import { changePolicy } from "./change-policy.ts";
import { type Chase, lockChase } from "./lock-chase.ts";
import { type PaymentRequest, paymentRequestRepo } from "./payment-requests.repo.ts";
import { requestFields } from "./request-input.ts";
import { moveDueDates } from "./move-due-dates.ts";
import { settleRequests } from "./settle-requests.ts";
import { emitEvent } from "../webhooks/emit-event.ts";
import { requestFacts } from "../webhooks/event-facts.ts";

export const ChangePaymentRequestInput = z.strictObject(requestFields).partial();

type Change = z.output<typeof ChangePaymentRequestInput>;

/**
 * Change what is owed: never to less than was paid or is on its way. The chase goes on for the new balance, and by the
 * new due date where it went by the one before.
 */
export async function changePaymentRequest(ctx: Ctx, id: Id<"PaymentRequest">, input: Change): Promise<PaymentRequest> {
  requireRole(ctx, "staff", "change payment requests");
  return inTransaction(ctx, async (tx) => {
    const { before, changed, chase } = await changeRequest(tx, id, input);
    if (changed.state === "open" && changed.dueOn !== before.dueOn)
      await moveDueDates(tx, chase, { from: before.dueOn, to: changed.dueOn });
    return changed;
  });
}

/** The same for what changes the chase by itself. */
export async function changeRequest(
  tx: Ctx,
  id: Id<"PaymentRequest">,
  input: Change,
): Promise<{ before: PaymentRequest; changed: PaymentRequest; chase: Chase }> {
  const { chase, present } = await lockOne(tx, id);
  if (present.state === "cancelled") throw new AppError("conflict", "The payment request is cancelled; make a new one");
  const { policy, ...fields } = withoutUndefined(input);
  const total = fields.items?.reduce((all, { amount }) => all + amount, 0) ?? present.total;
  requireCovering(present, total);
  const change = { ...fields, total, ...(policy && { policy: changePolicy(present.policy, policy) }) };
  await paymentRequestRepo(tx).update(id, { ...change, updatedAt: tx.now() });
  const [changed = present] = await settleRequests(tx, { ...chase, requests: [{ ...present, ...change }] });
  await recordAudit(tx, "payment_request.changed", { entityId: id, changes: changesOf(present, change) });
  return { before: present, changed, chase };
}

function requireCovering({ paid, processing }: PaymentRequest, total: number): void {
  const moved = paid + processing;
  if (total < moved)
    throw invalid("items", `must add up to at least ${moved} minor units, which were paid or are on their way`);
}

/** Ask for it no more: the chase ends, and no send of it starts once this has committed. What was paid stays. */
export async function cancelPaymentRequest(ctx: Ctx, id: Id<"PaymentRequest">): Promise<PaymentRequest> {
  requireRole(ctx, "staff", "cancel payment requests");
  return inTransaction(ctx, async (tx) => {
    const { chase, present } = await lockOne(tx, id);
    if (present.state === "cancelled") return present;
    if (present.processing > 0)
      throw new AppError("conflict", "A payment is on its way; cancel it once that has succeeded or failed");
    const change = { state: "cancelled" as const, cancelledAt: tx.now(), updatedAt: tx.now() };
    await paymentRequestRepo(tx).update(id, change);
    for (const assignment of chase.assignments) {
      const reminder = chase.reminders.get(assignment.reminderId);
      if (reminder) await close(tx, { reminder, present: assignment }, "cancelled");
    }
    const cancelled = { ...present, ...change };
    await emitEvent(tx, "payment_request.cancelled", requestFacts(cancelled));
    await recordAudit(tx, "payment_request.cancelled", { entityId: id, clientId: present.clientId });
    return cancelled;
  });
}

async function lockOne(tx: Ctx, id: Id<"PaymentRequest">): Promise<{ chase: Chase; present: PaymentRequest }> {
  const chase = await lockChase(tx, [id]);
  const [present] = chase.requests;
  if (!present) throw new NotFoundError("Payment request", id);
  return { chase, present };
}
