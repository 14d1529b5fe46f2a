import { setTimeout as sleep } from "node:timers/promises";
import type { CheckoutInput, GatewayAccount, ProviderCheckout } from "@reminder-app/payments/gateway";
import { type Ctx, inTransaction } from "../ctx.ts";
import { type Checkout, checkoutRepo } from "./checkouts.repo.ts";
import type { CheckoutAsked } from "./decide-checkout.ts";
import type { PaymentDeps } from "./gateway-account.ts";
import { refreshAccount } from "./get-payment-account.ts";
import { paymentRequestRepo } from "./payment-requests.repo.ts";

/** Who comes while another makes it waits so long for that one, and then asks with the same key. */
const LOOK_EVERY_MS = 150;
const LOOKS = 20;

export type OpenedCheckout =
  /** Where the client pays, once. */
  | { readonly kind: "open"; readonly url: string }
  /** Nothing is owed; or what is owed is on its way. */
  | { readonly kind: "paid" | "processing" }
  /** It cannot be paid online at present. */
  | { readonly kind: "unavailable"; readonly reason: "no_account" | "provider_away" | "provider_refused" };

export const away = { kind: "unavailable", reason: "provider_away" } as const satisfies OpenedCheckout;
export const refused = { kind: "unavailable", reason: "provider_refused" } as const satisfies OpenedCheckout;

/** What a client asked for, and where the money is to arrive. */
export interface Pursuit {
  readonly account: GatewayAccount;
  readonly asked: CheckoutAsked;
}

interface Making extends Pursuit {
  readonly checkout: Checkout;
  /** It was decided on just now; otherwise somebody else is making it, or was cut off. */
  readonly isFirst: boolean;
}

/**
 * Ask the provider for a page under the checkout's own key, and keep its address before anybody is shown it. Undefined:
 * it was closed meanwhile, or was begun in another way and cannot be had again.
 */
export async function makeCheckout(ctx: Ctx, deps: PaymentDeps, making: Making): Promise<OpenedCheckout | undefined> {
  const { account, checkout, isFirst } = making;
  const seen = isFirst ? checkout : await whenMade(ctx, checkout);
  if (seen?.state === "open" && seen.url !== null) return { kind: "open", url: seen.url };
  if (seen?.state !== "making") return undefined;
  const answer = await deps.gateway.createCheckout(account, await inputOf(ctx, making));
  if (answer.kind === "done") return keep(ctx, deps, { account, checkout, made: answer.value });
  if (answer.kind === "unavailable") return (await openNow(ctx, checkout)) ?? away;
  await inTransaction(ctx, (tx) => checkoutRepo(tx).abandon(checkout, tx.now()));
  if (!isFirst) return undefined;
  // It may be the account: its key may have been taken away at the provider.
  await refreshAccount(ctx, deps, account);
  return refused;
}

async function whenMade(ctx: Ctx, { id }: Checkout): Promise<Checkout | undefined> {
  for (let look = 0; ; look += 1) {
    const seen = await checkoutRepo(ctx).find(id);
    if (seen?.state !== "making" || look === LOOKS) return seen;
    await sleep(LOOK_EVERY_MS);
  }
}

async function openNow(ctx: Ctx, { id }: Checkout): Promise<OpenedCheckout | undefined> {
  const seen = await checkoutRepo(ctx).find(id);
  return seen?.state === "open" && seen.url !== null ? { kind: "open", url: seen.url } : undefined;
}

async function keep(
  ctx: Ctx,
  { gateway }: PaymentDeps,
  { account, checkout, made }: { account: GatewayAccount; checkout: Checkout; made: ProviderCheckout },
): Promise<OpenedCheckout | undefined> {
  const { sessionId, url } = made;
  if (made.state === "open" && url !== undefined) {
    const isOpen = await checkoutRepo(ctx).open(checkout.id, { sessionId, url, updatedAt: ctx.now() });
    const opened = isOpen ? ({ kind: "open", url } as const) : await openNow(ctx, checkout);
    if (opened) return opened;
  }
  // It was given up while it was made: nobody was shown it, and nobody will be.
  await gateway.expireCheckout(account, sessionId);
  await inTransaction(ctx, (tx) => checkoutRepo(tx).abandon(checkout, tx.now()));
  return undefined;
}

async function inputOf(ctx: Ctx, { checkout, asked }: Making): Promise<CheckoutInput> {
  const requests = await paymentRequestRepo(ctx).getMany(
    checkout.parts.map(({ paymentRequestId }) => paymentRequestId),
  );
  const told = new Map(requests.map(({ id, title, reference }) => [id, `${title} (${reference})`]));
  return {
    key: checkout.id,
    currency: checkout.currency,
    lines: checkout.parts.map(({ paymentRequestId, amount }) => ({
      description: told.get(paymentRequestId) ?? "",
      amount,
    })),
    expiresAt: checkout.expiresAt,
    successUrl: asked.successUrl,
    cancelUrl: asked.cancelUrl,
    ...(asked.locale !== undefined && { locale: asked.locale }),
  };
}
