import { MINUTE_MS, after, latest } from "@reminder-app/platform/clock";
import type { Id } from "@reminder-app/platform/ids";
import { type Ctx, realNow } from "../ctx.ts";
import { byItsClock } from "../test-clock/on-test-clock.ts";
import { payableOf } from "./balance.ts";
import { type Checkout, checkoutRepo } from "./checkouts.repo.ts";
import { closeCheckout } from "./close-checkout.ts";
import { type PaymentDeps, findGatewayAccount } from "./gateway-account.ts";
import { paymentRequestRepo } from "./payment-requests.repo.ts";

const AGAIN_MS = 5 * MINUTE_MS;

/**
 * Look at a checkout that nobody has followed up: one whose making was cut off, whose time is over, or whose requests
 * have changed. It stays as it is while all that it asks for is still owed. Answers when to look again; never, when it
 * is settled.
 */
export async function reviewCheckout(ctx: Ctx, deps: PaymentDeps, id: Id<"Checkout">): Promise<Date | undefined> {
  const repo = checkoutRepo(ctx);
  const checkout = await repo.find(id);
  if (checkout?.state !== "making" && checkout?.state !== "open") return undefined;
  const its = await byItsClock(ctx);
  if (checkout.state === "open" && checkout.expiresAt > realNow(ctx) && (await isStillOwed(its, checkout)))
    return undefined;
  const account = await findGatewayAccount(ctx);
  return (await closeCheckout(its, deps, { account, checkout })) ? undefined : after(realNow(ctx), AGAIN_MS);
}

/** If so, it is noted until which change this was seen. */
async function isStillOwed(ctx: Ctx, { id, parts, updatedAt }: Checkout): Promise<boolean> {
  const requests = await paymentRequestRepo(ctx).getMany(parts.map(({ paymentRequestId }) => paymentRequestId));
  const pointing = requests.filter(({ checkoutId }) => checkoutId === id);
  const payable = new Map(pointing.map((request) => [request.id, payableOf(request)]));
  const isOwed = parts.every(({ paymentRequestId, amount }) => amount <= (payable.get(paymentRequestId) ?? 0));
  if (isOwed) await checkoutRepo(ctx).touch(id, pointing.map((request) => request.updatedAt).reduce(latest, updatedAt));
  return isOwed;
}
