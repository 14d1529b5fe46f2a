import type { ProviderPayment } from "@reminder-app/payments/gateway";
import { type Id, newId } from "@reminder-app/platform/ids";
import { civilDateIn } from "@reminder-app/schedule/civil-date";
import { businessRepo } from "../businesses/businesses.repo.ts";
import { recordAudit } from "../audit/record-audit.ts";
import { type Ctx, actorName, inTransaction } from "../ctx.ts";
import { allocate, netOf } from "./allocate.ts";
import type { Checkout } from "./checkouts.repo.ts";
import { type Chase, lockChase } from "./lock-chase.ts";
import { type MeantPart, type MeantParts, meantParts } from "./meant-parts.ts";
import { openTask } from "../tasks/open-task.ts";
import { type Payment, paymentRepo } from "./payments.repo.ts";
import { type RefundDue, refundDueFor } from "./refund-due.ts";
import { settleRequests } from "./settle-requests.ts";
import { thankForPayment } from "./thank-for-payment.ts";
import { emitEvents } from "../webhooks/emit-event.ts";
import { paymentEvents } from "../webhooks/event-facts.ts";

/** How a payment stood when the provider was asked. */
export interface ProviderSnapshot {
  /** The checkout of ours that it came by. */
  readonly checkout: Checkout;
  readonly payment: ProviderPayment;
}

export type AppliedPayment =
  | { readonly kind: "applied"; readonly payment: Payment; readonly refundDue: RefundDue | undefined }
  /** A later answer of the provider is stored already. */
  | { readonly kind: "outdated" }
  /** Nothing has moved. */
  | { readonly kind: "pending" };

/**
 * Store how a payment stands, and let all that it pays follow. Applied again, or in another order, it comes to the same:
 * what the provider was asked earlier never takes the place of what it was asked later.
 */
export async function applyProviderPayment(ctx: Ctx, { checkout, payment }: ProviderSnapshot): Promise<AppliedPayment> {
  if (payment.state === "pending") return { kind: "pending" };
  return inTransaction(ctx, async (tx) => {
    const repo = paymentRepo(tx);
    const chase = await lockChase(tx, await concernedBy(tx, { checkout, payment }));
    // Looked for once the chase is locked: another answer about it may have been stored while this one waited.
    const found = await repo.findByProviderRef(payment.paymentRef);
    const present = found && (await repo.lock(found.id));
    if (present?.askedAt && present.askedAt > payment.askedAt) return { kind: "outdated" };

    const row = await rowOf(tx, { checkout, payment }, present);
    if (present) await repo.update(row.id, row);
    else await repo.insert(row);
    const parts = present
      ? { meant: await repo.allocationsOf([row.id]) }
      : meantParts(checkout, payment, chase.requests);
    await repo.replaceAllocations(row.id, allocate(parts.meant.map(asMeant), netOf(row)));
    const settled = await settleRequests(tx, chase);
    await tell(tx, chase, { row, present, parts });
    const applied = { ...row, businessId: tx.businessId };
    return { kind: "applied", payment: applied, refundDue: await refundDueFor(tx, applied, settled) };
  });
}

/** What a payment is for: by its checkout, and by what staff have used of it since. */
async function concernedBy(tx: Ctx, { checkout, payment }: ProviderSnapshot): Promise<Id<"PaymentRequest">[]> {
  const known = await paymentRepo(tx).findByProviderRef(payment.paymentRef);
  const stored = known ? await paymentRepo(tx).allocationsOf([known.id]) : [];
  return [...new Set([...checkout.parts, ...stored].map(({ paymentRequestId }) => paymentRequestId))];
}

const asMeant = ({ paymentRequestId, position, meant }: MeantPart): MeantPart => ({
  paymentRequestId,
  position,
  meant,
});

interface Moved {
  readonly row: Omit<Payment, "businessId">;
  readonly present: Payment | undefined;
  readonly parts: MeantParts;
}

/** Let the client, the firm's programs, its staff and the audit trail know how a payment has moved. */
async function tell(tx: Ctx, chase: Chase, { row, present, parts: { meant, doubt } }: Moved): Promise<void> {
  const { id, clientId, amount, currency, state, refunded, disputed } = row;
  const arrives = state === "succeeded" && present?.state !== "succeeded" && netOf(row) > 0;
  if (arrives) await thankForPayment(tx, chase, { payment: row, parts: meant });
  if (doubt !== undefined) await openTask(tx, { kind: "overpaid", subject: `payment:${id}`, clientId, note: doubt });
  await emitEvents(tx, paymentEvents(present, row));
  if (present?.state === state && netOf(present) === netOf(row)) return;
  await recordAudit(tx, "payment.moved", { entityId: id, clientId, amount, currency, state, refunded, disputed });
}

async function rowOf(
  tx: Ctx,
  { checkout, payment }: ProviderSnapshot,
  present: Payment | undefined,
): Promise<Omit<Payment, "businessId">> {
  const { timeZone } = await businessRepo(tx).get();
  return {
    id: present?.id ?? newId<"Payment">(),
    clientId: checkout.clientId,
    method: "stripe",
    providerRef: payment.paymentRef,
    checkoutId: checkout.id,
    currency: payment.currency,
    amount: payment.amount,
    refunded: payment.refunded,
    disputed: payment.disputed,
    disputeOpen: payment.disputeOpen,
    state: payment.state === "pending" ? "processing" : payment.state,
    failure: payment.failure?.slice(0, 64) ?? null,
    receivedOn: civilDateIn(timeZone, payment.paidAt ?? tx.now()),
    note: present?.note ?? null,
    recordedBy: present?.recordedBy ?? actorName(tx.actor),
    createdAt: present?.createdAt ?? tx.now(),
    askedAt: payment.askedAt,
    updatedAt: tx.now(),
  };
}
