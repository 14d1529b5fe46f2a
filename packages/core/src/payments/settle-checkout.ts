import type { GatewayAccount, ProviderCheckout } from "@reminder-app/payments/gateway";
import { type Ctx, inTransaction } from "../ctx.ts";
import { handOverPayment } from "./hand-over-payment.ts";
import { type Checkout, checkoutRepo } from "./checkouts.repo.ts";
import type { PaymentDeps } from "./gateway-account.ts";

/** `away`: the provider could not be asked, so it is not known whether somebody has paid. */
export type Settled = "open" | "closed" | "away";

interface Found {
  readonly account: GatewayAccount;
  readonly checkout: Checkout;
  /** As the provider has it. */
  readonly found: ProviderCheckout;
}

/** Let a checkout be here as it is at the provider: what was paid by it is applied before it is closed. */
export async function settleCheckout(ctx: Ctx, deps: PaymentDeps, given: Found): Promise<Settled> {
  const { account, checkout, found } = given;
  if (found.state === "open") return "open";
  if (found.state === "completed" && found.paymentRef !== undefined) {
    const payment = await deps.gateway.getPayment(account, found.paymentRef);
    if (payment.kind !== "done") return "away";
    const handed = await handOverPayment(ctx, deps, { account, checkout, payment: payment.value });
    if (handed === "away") return "away";
  }
  await markClosed(ctx, checkout, found.state);
  return "closed";
}

/** Nobody can pay by it any more. */
export async function markClosed(ctx: Ctx, checkout: Checkout, state: "completed" | "expired"): Promise<void> {
  await inTransaction(ctx, (tx) => checkoutRepo(tx).close(checkout, state, tx.now()));
}
