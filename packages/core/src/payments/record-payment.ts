import { paymentMethods } from "@reminder-app/db/schema/payments";
import { AppError, invalid } from "@reminder-app/platform/errors";
import { type Id, newId } from "@reminder-app/platform/ids";
import { civilDateIn, civilDateSchema } from "@reminder-app/schedule/civil-date";
import { z } from "zod";
import { recordAudit } from "../audit/record-audit.ts";
import { businessRepo } from "../businesses/businesses.repo.ts";
import { clientRepo } from "../clients/clients.repo.ts";
import { type Ctx, actorName, inTransaction, requireRole } from "../ctx.ts";
import { paragraph } from "../texts.ts";
import { allocate } from "./allocate.ts";
import { bankLineRepo } from "./bank-lines.repo.ts";
import { lockChase } from "./lock-chase.ts";
import { fillInOrder, paymentPartsSchema, requireParts } from "./parts-for.ts";
import { paymentRequestRepo } from "./payment-requests.repo.ts";
import { type Payment, paymentRepo } from "./payments.repo.ts";
import { amountSchema, currencySchema } from "./request-input.ts";
import { settleRequests } from "./settle-requests.ts";
import { thankForPayment, withdrawThanks } from "./thank-for-payment.ts";
import { emitEvents } from "../webhooks/emit-event.ts";
import { paymentEvents } from "../webhooks/event-facts.ts";

export const RecordPaymentInput = z.strictObject({
  clientId: z.uuid(),
  amount: amountSchema.describe("In minor units of the currency"),
  currency: currencySchema,
  method: z.enum(paymentMethods).exclude(["stripe"]).default("manual"),
  receivedOn: civilDateSchema.optional().describe("The day on which it arrived; today when left out"),
  note: paragraph(500).optional(),
  parts: paymentPartsSchema
    .optional()
    .describe(
      "What of it is for which request; when left out what was due first is paid first, and the rest is credit",
    ),
});
type Input = z.output<typeof RecordPaymentInput>;

/**
 * Note money that came another way: in cash, by transfer. The chase of what is paid by it ends, and no send of it starts
 * once this has committed. What is more than was owed is the client's credit.
 */
export async function recordPayment(ctx: Ctx, input: Input): Promise<Payment> {
  requireRole(ctx, "staff", "record payments");
  return inTransaction(ctx, async (tx) => {
    const { id: clientId } = await clientRepo(tx).get(input.clientId as Id<"Client">);
    const { timeZone } = await businessRepo(tx).get();
    const today = civilDateIn(timeZone, tx.now());
    if (input.receivedOn !== undefined && input.receivedOn > today)
      throw invalid("receivedOn", `must be ${today} or earlier`);

    const { parts: named } = input;
    const open = await paymentRequestRepo(tx).openOf(clientId, input.currency);
    const ids = named?.map(({ paymentRequestId }) => paymentRequestId) ?? open.map(({ id }) => id);
    const chase = await lockChase(tx, ids);
    if (named) requireParts(named, chase.requests, { ...input, clientId });
    const inOrder = ids.flatMap((id) => chase.requests.find((request) => request.id === id) ?? []);
    const parts = named ?? fillInOrder(inOrder, input.amount);

    const payment = newPayment(tx, { ...input, clientId, receivedOn: input.receivedOn ?? today });
    await paymentRepo(tx).insert(payment);
    const meant = parts.map(({ paymentRequestId, amount }, position) => ({
      paymentRequestId,
      position,
      meant: amount,
    }));
    await paymentRepo(tx).replaceAllocations(payment.id, allocate(meant, payment.amount));
    await settleRequests(tx, chase);
    await thankForPayment(tx, chase, { payment, parts });
    await emitEvents(tx, paymentEvents(undefined, payment));
    const { id, amount, currency, method } = payment;
    await recordAudit(tx, "payment.recorded", { entityId: id, clientId, amount, currency, method });
    return { ...payment, businessId: tx.businessId };
  });
}

function newPayment(
  tx: Ctx,
  {
    clientId,
    amount,
    currency,
    method,
    receivedOn,
    note,
  }: Omit<Input, "clientId" | "receivedOn"> & { clientId: Id<"Client">; receivedOn: string },
): Omit<Payment, "businessId"> {
  const now = tx.now();
  return {
    id: newId<"Payment">(),
    clientId,
    method,
    providerRef: null,
    checkoutId: null,
    currency,
    amount,
    refunded: 0,
    disputed: 0,
    disputeOpen: false,
    state: "succeeded",
    failure: null,
    askedAt: null,
    receivedOn,
    note: note ?? null,
    recordedBy: actorName(tx.actor),
    createdAt: now,
    updatedAt: now,
  };
}

/** Take back a payment that was noted by mistake: what it paid is owed again. Throws `conflict` for one of the provider's. */
export async function removePayment(ctx: Ctx, id: Id<"Payment">): Promise<void> {
  requireRole(ctx, "staff", "remove payments");
  return inTransaction(ctx, async (tx) => {
    const { method, clientId, amount, currency } = await paymentRepo(tx).get(id);
    if (method === "stripe")
      throw new AppError("conflict", "It came through Stripe; refund it there, and it is noted here by itself");
    const parts = await paymentRepo(tx).allocationsOf([id]);
    const chase = await lockChase(
      tx,
      parts.map(({ paymentRequestId }) => paymentRequestId),
    );
    await paymentRepo(tx).lock(id);
    await paymentRepo(tx).remove(id);
    await withdrawThanks(tx, chase, id);
    await settleRequests(tx, chase, { mistaken: true });
    await bankLineRepo(tx).reopenOf(id, tx.now());
    await recordAudit(tx, "payment.removed", { entityId: clientId, paymentId: id, amount, currency, method });
  });
}
