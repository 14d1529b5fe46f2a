import type { ProviderPayment } from "@reminder-app/payments/gateway";
import { newId } from "@reminder-app/platform/ids";
import { civilDateIn } from "@reminder-app/schedule/civil-date";
import { businessRepo } from "../businesses/businesses.repo.ts";
import { recordAudit } from "../audit/record-audit.ts";
import { type Ctx, actorName, inTransaction } from "../ctx.ts";
import { allocate, netOf } from "./allocate.ts";
import { surplusOf } from "./balance.ts";
import type { Checkout } from "./checkouts.repo.ts";
import { lockChase } from "./lock-chase.ts";
import type { PaymentRequest } from "./payment-requests.repo.ts";
import { openTask } from "../tasks/open-task.ts";
import { type Payment, paymentRepo } from "./payments.repo.ts";
import { settleRequests } from "./settle-requests.ts";
import { thankForPayment } from "./thank-for-payment.ts";
import { emitEvents } from "../webhooks/emit-event.ts";
import { paymentEvents } from "../webhooks/event-facts.ts";

const UNFITTING = "The amount or currency that arrived is not what was asked for; use it as credit, or refund it";

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

/** What was paid too much and goes back by the business's policy: to be asked for after the commit, once for each key. */
export interface RefundDue {
  readonly key: string;
  readonly paymentRef: string;
  readonly amount: number;
}

/**
 * Store how a payment stands, and let all that it pays follow. Applied again, or in another order, it comes to the same:
 * what the provider was asked earlier never takes the place of what it was asked later.
 */
export async function applyProviderPayment(ctx: Ctx, { checkout, payment }: ProviderSnapshot): Promise<AppliedPayment> {
  if (payment.state === "pending") return { kind: "pending" };
  return inTransaction(ctx, async (tx) => {
    const { parts } = checkout;
    const known = await paymentRepo(tx).findByProviderRef(payment.paymentRef);
    const before = known ? await paymentRepo(tx).allocationsOf([known.id]) : [];
    const ids = [...parts, ...before].map(({ paymentRequestId }) => paymentRequestId);
    const chase = await lockChase(tx, [...new Set(ids)]);
    // Looked for again: another answer about it may have been stored while this one waited.
    const found = await paymentRepo(tx).findByProviderRef(payment.paymentRef);
    const present = found && (await paymentRepo(tx).lock(found.id));
    const stored = present ? await paymentRepo(tx).allocationsOf([present.id]) : [];
    if (present?.askedAt && present.askedAt > payment.askedAt) return { kind: "outdated" };

    const row = await rowOf(tx, { checkout, payment }, present);
    if (present) await paymentRepo(tx).update(row.id, row);
    else await paymentRepo(tx).insert(row);
    const fits = payment.currency === checkout.currency && payment.amount === checkout.amount;
    const asked = fits ? parts : [];
    const meant = present
      ? stored.map(({ paymentRequestId, position, meant: amount }) => ({ paymentRequestId, position, meant: amount }))
      : asked.map(({ paymentRequestId, amount }, position) => ({ paymentRequestId, position, meant: amount }));
    if (!present && !fits) await tellUnfitting(tx, row);
    await paymentRepo(tx).replaceAllocations(row.id, allocate(meant, netOf(row)));
    const settled = await settleRequests(tx, chase);
    const arrives = row.state === "succeeded" && present?.state !== "succeeded" && netOf(row) > 0;
    if (arrives) await thankForPayment(tx, chase, { payment: row, parts: meant });
    await emitEvents(tx, paymentEvents(present, row));
    if (!present || present.state !== row.state || netOf(present) !== netOf(row)) {
      const { id, clientId, amount, currency, state, refunded, disputed } = row;
      await recordAudit(tx, "payment.moved", { entityId: id, clientId, amount, currency, state, refunded, disputed });
    }
    const applied = { ...row, businessId: tx.businessId };
    return { kind: "applied", payment: applied, refundDue: refundDueFor(applied, settled) };
  });
}

/** Not what was asked for: it is kept as the client's credit, until staff have looked at it. */
function tellUnfitting(tx: Ctx, { id, clientId }: Pick<Payment, "id" | "clientId">): Promise<void> {
  return openTask(tx, { kind: "overpaid", subject: `payment:${id}`, clientId, note: UNFITTING });
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

/** The key counts what had gone back before, so that asking twice for the same surplus sends it back once. */
function refundDueFor(payment: Payment, settled: readonly PaymentRequest[]): RefundDue | undefined {
  const surplus = settled
    .filter(({ policy }) => policy.overpayment === "refund")
    .reduce((all, request) => all + surplusOf(request), 0);
  const amount = Math.min(surplus, netOf(payment));
  if (amount === 0 || payment.providerRef === null) return undefined;
  return { key: `refund-${payment.id}-${payment.refunded}`, paymentRef: payment.providerRef, amount };
}
