import type { GatewayAccount, ProviderPayment } from "@reminder-app/payments/gateway";
import type { Ctx } from "../ctx.ts";
import { applyProviderPayment } from "./apply-provider-payment.ts";
import type { Checkout } from "./checkouts.repo.ts";
import type { PaymentDeps } from "./gateway-account.ts";
import type { RefundDue } from "./refund-due.ts";

/** A payment as the provider has it now, of one of the business's checkouts. Handed over any number of times. */
export interface HandedOver {
  readonly account: GatewayAccount;
  readonly checkout: Checkout;
  readonly payment: ProviderPayment;
}

/**
 * Let a payment count here as it stands at the provider. What was paid too much goes back where the business wants that.
 * One of another checkout does not count for it, and what was asked earlier than what is known changes nothing.
 * `away`: the refund could not be asked for; ask after the payment again.
 */
export async function handOverPayment(
  ctx: Ctx,
  deps: PaymentDeps,
  { account, checkout, payment }: HandedOver,
): Promise<"applied" | "ignored" | "away"> {
  if (payment.checkoutKey !== checkout.id) return "ignored";
  const applied = await applyProviderPayment(ctx, { checkout, payment });
  return applied.kind === "applied" && applied.refundDue ? sendBack(deps, account, applied.refundDue) : "applied";
}

/** The provider tells of the refund by an event of its own; a refused one stays the client's credit, with its task. */
async function sendBack(
  { gateway }: PaymentDeps,
  account: GatewayAccount,
  due: RefundDue,
): Promise<"applied" | "away"> {
  const answer = await gateway.refund(account, due);
  return answer.kind === "unavailable" ? "away" : "applied";
}
