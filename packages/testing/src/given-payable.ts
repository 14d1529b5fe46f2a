import { randomBytes } from "node:crypto";
import { actFor } from "@reminder-app/core/ctx";
import type { AskedPart } from "@reminder-app/core/payments/checkout-parts";
import { CreatePaymentRequestInput, createPaymentRequest } from "@reminder-app/core/payments/create-payment-request";
import type { AccountDeps } from "@reminder-app/core/payments/fit-account";
import { liveCheckouts } from "@reminder-app/core/payments/live-checkouts";
import { openCheckout } from "@reminder-app/core/payments/open-checkout";
import { paymentRequestRepo } from "@reminder-app/core/payments/payment-requests.repo";
import { OwnKeyInput, putOwnKey } from "@reminder-app/core/payments/put-own-key";
import { reviewCheckout } from "@reminder-app/core/payments/review-checkout";
import { reviewPayment } from "@reminder-app/core/payments/review-payment";
import { RecordPaymentInput, recordPayment } from "@reminder-app/core/payments/record-payment";
import { storePaymentEvent } from "@reminder-app/core/payments/store-payment-event";
import { checkouts, payments } from "@reminder-app/db/schema/payments";
import type { ProviderEvent } from "@reminder-app/payments/gateway";
import { createGateway } from "@reminder-app/payments/registry";
import type { Id } from "@reminder-app/platform/ids";
import { and, asc, eq } from "drizzle-orm";
import type { z } from "zod";
import { type GivenBusiness, type GivenOptions, givenBusiness } from "./given-business.ts";
import type { GivenStripe } from "./given-stripe.ts";
import { testSettings } from "./test-settings.ts";

type RequestId = Id<"PaymentRequest">;

/** Whoever asks the sandbox's Stripe, as an installation of live businesses does that are tried with test keys. */
export function paymentDeps(stripe: Pick<GivenStripe, "settings">): AccountDeps {
  const gateway = createGateway(testSettings(stripe.settings), () => new Date());
  return { gateway, takesTestAccounts: true };
}

export type GivenPayable = Awaited<ReturnType<typeof givenPayable>>;

/** A business with an account of its own at the sandbox's Stripe, and a client of it who owes. Its clock begins now. */
export async function givenPayable(stripe: Omit<GivenStripe, "close">, options: GivenOptions = {}) {
  const shop = await givenBusiness({ now: new Date().toISOString(), ...options });
  // Stripe's clock cannot be turned, so pages end by the real one.
  const ctx = { ...shop.ctx, real: () => new Date() };
  const deps = paymentDeps(stripe);
  const own = stripe.ownAccount();
  const client = await shop.client();
  await putOwnKey(ctx, deps, OwnKeyInput.parse({ secretKey: own.secretKey }));
  const job = actFor({ ...shop.system, real: ctx.real }, ctx.businessId, "test");
  const ask = (parts: readonly AskedPart[], { page = "p", clientId = client.id } = {}) =>
    openCheckout(ctx, deps, {
      clientId,
      parts,
      successUrl: `https://firm.example/${page}/paid`,
      cancelUrl: `https://firm.example/${page}`,
    });

  return {
    shop,
    ctx,
    deps,
    client,
    ...own,
    /** Let its money arrive in another account. */
    useAccount: (secretKey: string) => putOwnKey(ctx, deps, OwnKeyInput.parse({ secretKey })),
    /** A job's own context. */
    job,
    ask,
    request: (input: Partial<z.input<typeof CreatePaymentRequestInput>> = {}) => owe({ shop }, client.id, input),
    /** Click on pay; the whole balance where no amount is named. */
    click: (id: RequestId, amount?: number) => ask([{ paymentRequestId: id, amount }]),
    byHand: (id: RequestId, amount: number) => byHand({ shop }, client.id, { id, amount }),
    /** As a job does it after a request was paid or changed; answers when it looks again. */
    followUp: async (id: RequestId) => {
      const [live] = await liveCheckouts(ctx, [id]);
      return live && reviewCheckout(ctx, deps, live.id);
    },
    standing: async (id: RequestId) => {
      const { state, paid, processing, checkoutId } = await paymentRequestRepo(ctx).get(id);
      return { state, paid, processing, isBeingPaid: checkoutId !== null };
    },
    sessions: () => stripe.sessions(own.accountId),
    /** The states of all checkouts, the oldest first. */
    checkouts: async () => (await checkoutsOf({ shop })).map(({ state }) => state),
    payments: () => paymentsOf({ shop }),
    /** That something happened, stored as the webhook stores it; nobody is told. */
    store: async (about: ProviderEvent["about"]) => {
      const event = { eventKey: `evt_${randomBytes(8).toString("hex")}`, type: "of.stripe", liveMode: false, about };
      const stored = await storePaymentEvent(job, event, "own_key");
      if (stored.kind !== "stored") throw new Error(`The event is ${stored.kind}`);
      return stored.id;
    },
    /** Let its account report to an API. */
    listenAt: async (publicUrl: string) => {
      const webhookSecret = `whsec_${randomBytes(12).toString("hex")}`;
      await putOwnKey(ctx, deps, OwnKeyInput.parse({ webhookSecret }));
      const url = `${publicUrl}/webhooks/stripe/${ctx.businessId}`;
      await stripe.listen({ accountId: own.accountId, url, secret: webhookSecret });
    },
    /** Ask the provider after all payments, as is done with those that nobody has spoken of for a day. */
    reviewPayments: async () => {
      for (const { id } of await paymentsOf({ shop })) await reviewPayment(ctx, deps, id);
    },
  };
}

type Shop = { readonly shop: Pick<GivenBusiness, "ctx"> };

async function owe(
  { shop }: Shop,
  clientId: string,
  input: Partial<z.input<typeof CreatePaymentRequestInput>>,
): Promise<RequestId> {
  const items = [{ description: "Bookkeeping", amount: 10_000 }];
  const owed = { clientId, title: "March", currency: "GBP", items, ...input };
  return (await createPaymentRequest(shop.ctx, CreatePaymentRequestInput.parse(owed))).id;
}

function byHand({ shop }: Shop, clientId: string, { id, amount }: { id: RequestId; amount: number }) {
  const parts = [{ paymentRequestId: id, amount }];
  return recordPayment(shop.ctx, RecordPaymentInput.parse({ clientId, amount, currency: "GBP", parts }));
}

export function checkoutsOf({ shop: { ctx } }: Shop) {
  return ctx.db.select().from(checkouts).where(eq(checkouts.businessId, ctx.businessId)).orderBy(asc(checkouts.id));
}

function paymentsOf({ shop: { ctx } }: Shop) {
  const { id, state, amount, currency, refunded, providerRef, checkoutId } = payments;
  return ctx.db
    .select({ id, state, amount, currency, refunded, providerRef, checkoutId })
    .from(payments)
    .where(eq(payments.businessId, ctx.businessId))
    .orderBy(asc(payments.id));
}

/** As it looks when a checkout was decided on and the process died before it heard of the provider. */
export async function changeCheckout(
  { shop: { ctx } }: Shop,
  id: Id<"Checkout">,
  change: Partial<typeof checkouts.$inferInsert>,
): Promise<void> {
  await ctx.db
    .update(checkouts)
    .set(change)
    .where(and(eq(checkouts.businessId, ctx.businessId), eq(checkouts.id, id)));
}

/** A payment as it is when nobody has spoken of it since `at`. */
export async function quietSince({ shop: { ctx } }: Shop, id: Id<"Payment">, at: Date): Promise<void> {
  await ctx.db
    .update(payments)
    .set({ updatedAt: at })
    .where(and(eq(payments.businessId, ctx.businessId), eq(payments.id, id)));
}
