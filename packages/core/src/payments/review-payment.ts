import type { Id } from "@reminder-app/platform/ids";
import type { Ctx } from "../ctx.ts";
import { byItsClock } from "../test-clock/on-test-clock.ts";
import { followPayment } from "./apply-payment-event.ts";
import { type PaymentDeps, findGatewayAccount } from "./gateway-account.ts";
import { paymentRepo } from "./payments.repo.ts";

/** Ask after a payment that has been on its way for long: the provider's word of its end may have been lost. */
export async function reviewPayment(ctx: Ctx, deps: PaymentDeps, id: Id<"Payment">): Promise<void> {
  const its = await byItsClock(ctx);
  const payment = await paymentRepo(its).find(id);
  const paymentRef = payment?.providerRef;
  if (payment?.state !== "processing" || !paymentRef) return;
  // Noted before it is asked, so that it is asked once a day also while the provider is away.
  await paymentRepo(its).update(id, { updatedAt: its.now() });
  const account = await findGatewayAccount(its);
  if (account) await followPayment(its, deps, { account, paymentRef });
}
