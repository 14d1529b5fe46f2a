import { type Assignment, assignmentRepo } from "@reminder-app/core/assignments/assignments.repo";
import type { AssignClientsInput } from "@reminder-app/core/assignments/assign-clients";
import { applyProviderPayment } from "@reminder-app/core/payments/apply-provider-payment";
import type { Checkout } from "@reminder-app/core/payments/checkouts.repo";
import { type PaymentRequest, paymentRequestRepo } from "@reminder-app/core/payments/payment-requests.repo";
import { RecordPaymentInput, recordPayment } from "@reminder-app/core/payments/record-payment";
import type { CreateReminderInput } from "@reminder-app/core/reminders/create-reminder";
import type { ProviderPayment } from "@reminder-app/payments/gateway";
import { HOUR_MS, after } from "@reminder-app/platform/clock";
import { type Id, newId } from "@reminder-app/platform/ids";
import type { z } from "zod";
import { type GivenBusiness, givenBusiness } from "./given-business.ts";
import { type GivenSequence, aSequence, givenSequence } from "./given-sequence.ts";

type AssignmentInput = z.input<typeof AssignClientsInput>["assignments"][number];

export interface OwedOptions extends Partial<AssignmentInput> {
  readonly shop?: GivenBusiness;
  readonly reminder?: Partial<z.input<typeof CreateReminderInput>>;
}

export interface GivenOwed extends GivenSequence {
  readonly clientId: Id<"Client">;
  readonly requestId: Id<"PaymentRequest">;
}

/** A client who owes 100.00 pounds that are due in ten days, and is reminded of it, the first time in seven. */
export async function givenOwed({ shop, reminder, ...input }: OwedOptions = {}): Promise<GivenOwed> {
  const given = shop ?? (await givenBusiness());
  const owed = { amount: 10_000, currency: "GBP", dueOn: "2027-03-11", ...input };
  const sequence = await givenSequence(given, aSequence([-3, 0, 3]), {
    ...owed,
    reminder: {
      type: "payment",
      name: "Invoice 12",
      body: "Dear {{ contact.name }}, {{ amount }} is due.",
      ...reminder,
    },
  });
  const { clientId, paymentRequestId } = sequence.assignment;
  if (!paymentRequestId) throw new Error("Nothing was asked for");
  return { ...sequence, clientId, requestId: paymentRequestId };
}

/** How the chase and what it is about stand. */
export async function standingOf({ shop, key, requestId }: GivenOwed): Promise<{
  readonly assignment: Assignment;
  readonly request: PaymentRequest;
}> {
  return {
    assignment: await assignmentRepo(shop.ctx).get(key.reminderId, key.assignmentId),
    request: await paymentRequestRepo(shop.ctx).get(requestId),
  };
}

/** Money that came another way: of the whole client, or for the request alone. */
export function payByHand(
  { shop, clientId, requestId }: GivenOwed,
  amount: number,
  input: Partial<z.input<typeof RecordPaymentInput>> = {},
) {
  const parts = [{ paymentRequestId: requestId, amount }];
  return recordPayment(shop.ctx, RecordPaymentInput.parse({ clientId, amount, currency: "GBP", parts, ...input }));
}

/** A page at the provider on which some requests of a client can be paid. */
export function aCheckout(
  { shop, clientId }: Pick<GivenOwed, "shop" | "clientId">,
  parts: Checkout["parts"],
  currency = "GBP",
): Checkout {
  const now = shop.clock.now();
  return {
    businessId: shop.ctx.businessId,
    id: newId<"Checkout">(),
    clientId,
    state: "completed",
    parts,
    currency,
    amount: parts.reduce((sum, { amount }) => sum + amount, 0),
    sessionId: null,
    url: null,
    expiresAt: after(now, HOUR_MS),
    createdAt: now,
    updatedAt: now,
  };
}

/** What a provider answers of the payment that came by a checkout; each answer was asked for later than the one before. */
export function aProvider({ shop }: Pick<GivenOwed, "shop">, checkout: Checkout) {
  const paymentRef = `pi_${newId()}`;
  let asked = 0;
  const says = (how: Partial<ProviderPayment>): ProviderPayment => {
    asked += 1;
    return {
      paymentRef,
      state: "succeeded",
      currency: checkout.currency,
      amount: checkout.amount,
      refunded: 0,
      disputed: 0,
      disputeOpen: false,
      checkoutKey: checkout.id,
      paidAt: shop.clock.now(),
      askedAt: after(shop.clock.now(), asked),
      ...how,
    };
  };
  return {
    says,
    tells: (how: Partial<ProviderPayment>) => applyProviderPayment(shop.ctx, { checkout, payment: says(how) }),
  };
}

/** The provider's payment of a part of what a client owes. */
export function payOnline(owed: GivenOwed, amount: number) {
  return aProvider(owed, aCheckout(owed, [{ paymentRequestId: owed.requestId, amount }]));
}
