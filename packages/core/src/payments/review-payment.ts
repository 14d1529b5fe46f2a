import type { Id } from "@reminder-app/platform/ids";
import { type Ctx, inTransaction } from "../ctx.ts";
import { byItsClock } from "../test-clock/on-test-clock.ts";
import { followPayment } from "./apply-payment-event.ts";
import { checkoutRepo } from "./checkouts.repo.ts";
import { type PaymentDeps, findGatewayAccount } from "./gateway-account.ts";

/** Ask after a payment that has been on its way for long: the provider's word of its end may have been lost. */
export async function reviewPayment(ctx: Ctx, deps: PaymentDeps, id: Id<"Payment">): Promise<void> {
  const its = await byItsClock(ctx);
  const paymentRef = await inTransaction(its, (tx) => checkoutRepo(tx).askAfter(id, tx.now()));
  const account = await findGatewayAccount(ctx);
  if (account && paymentRef !== undefined) await followPayment(its, deps, { account, paymentRef });
}
