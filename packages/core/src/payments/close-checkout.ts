import type { GatewayAccount } from "@reminder-app/payments/gateway";
import { HOUR_MS, after } from "@reminder-app/platform/clock";
import { type Ctx, inTransaction, realNow } from "../ctx.ts";
import { type Checkout, checkoutRepo } from "./checkouts.repo.ts";
import type { PaymentDeps } from "./gateway-account.ts";
import { markClosed, settleCheckout } from "./settle-checkout.ts";

/** Nobody can pay by a page that ended so long ago, whatever the provider's clock says. */
const SURELY_OVER_MS = HOUR_MS;

interface Closing {
  readonly account: GatewayAccount | undefined;
  readonly checkout: Checkout;
}

/**
 * Let nobody pay by a checkout any more. What turns out to be paid by it is applied. Not within a transaction. False: the
 * provider could not be asked, and somebody may still pay by it.
 */
export async function closeCheckout(ctx: Ctx, deps: PaymentDeps, { account, checkout }: Closing): Promise<boolean> {
  if (checkout.sessionId === null) return abandonOrClose(ctx, deps, { account, checkout });
  if (!account) return closeIfOver(ctx, checkout);
  const answer = await deps.gateway.expireCheckout(account, checkout.sessionId);
  if (answer.kind === "refused") return closeIfOver(ctx, checkout);
  if (answer.kind === "unavailable") return false;
  return (await settleCheckout(ctx, deps, { account, checkout, found: answer.value })) === "closed";
}

/** A page whose address was never stored was never shown to anybody, so nobody can pay by it. */
async function abandonOrClose(ctx: Ctx, deps: PaymentDeps, { account, checkout }: Closing): Promise<boolean> {
  if (await inTransaction(ctx, (tx) => checkoutRepo(tx).abandon(checkout, tx.now()))) return true;
  const latest = await checkoutRepo(ctx).find(checkout.id);
  if (!latest || latest.sessionId === null || latest.state !== "open") return true;
  return closeCheckout(ctx, deps, { account, checkout: latest });
}

/** The provider does not know it, or knows us no more: it is over when its time is. */
export async function closeIfOver(ctx: Ctx, checkout: Checkout): Promise<boolean> {
  if (after(checkout.expiresAt, SURELY_OVER_MS) > realNow(ctx)) return false;
  await markClosed(ctx, checkout, "expired");
  return true;
}
