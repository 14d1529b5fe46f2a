import type { GatewayAccount } from "@reminder-app/payments/gateway";
import { DAY_MS, HOUR_MS, MINUTE_MS, after } from "@reminder-app/platform/clock";
import type { Id } from "@reminder-app/platform/ids";
import { type Ctx, realNow } from "../ctx.ts";
import { byItsClock } from "../test-clock/on-test-clock.ts";
import { handOverPayment } from "./hand-over-payment.ts";
import { type Checkout, checkoutRepo } from "./checkouts.repo.ts";
import { type PaymentDeps, findGatewayAccount } from "./gateway-account.ts";
import { refreshAccount } from "./get-payment-account.ts";
import { type PaymentEvent, paymentEventRepo } from "./payment-events.repo.ts";
import { settleCheckout } from "./settle-checkout.ts";

const MAX_CRASHES = 3;
/** The provider is asked for so long; later the daily look at what is open finds what there is. */
const ASKED_FOR_MS = 3 * DAY_MS;

type Came = "applied" | "ignored" | "away";

/**
 * Let a stored event have its effect: what happened is asked of the provider, with this business's own account, so that
 * repeated, late and shuffled events change nothing. Answers when to try again; never, when it is settled.
 */
export async function applyPaymentEvent(
  ctx: Ctx,
  deps: PaymentDeps,
  id: Id<"PaymentEvent">,
): Promise<Date | undefined> {
  const repo = paymentEventRepo(ctx);
  const event = await repo.find(id);
  if (!event || event.appliedAt) return undefined;
  const account = await findGatewayAccount(ctx);
  const isOurs = account?.accountId === event.accountId;
  const came = isOurs ? await follow(await byItsClock(ctx), deps, { account, event }) : "ignored";
  const now = realNow(ctx);
  if (came === "away" && now < after(event.receivedAt, ASKED_FOR_MS)) return after(now, waitFor(event, now));
  await repo.finish(id, came === "away" ? "failed" : came, now);
  return undefined;
}

/** The longer it has waited the longer it waits, from a minute to an hour. */
function waitFor({ receivedAt }: PaymentEvent, now: Date): number {
  return Math.min(HOUR_MS, Math.max(MINUTE_MS, (now.getTime() - receivedAt.getTime()) / 2));
}

interface Following {
  readonly account: GatewayAccount;
  readonly event: PaymentEvent;
}

async function follow(ctx: Ctx, deps: PaymentDeps, { account, event }: Following): Promise<Came> {
  switch (event.type) {
    case "account":
      return (await refreshAccount(ctx, deps, account)) ? "applied" : "away";
    case "checkout":
      return followCheckout(ctx, deps, { account, sessionId: event.objectId });
    default:
      return followPayment(ctx, deps, { account, paymentRef: event.objectId });
  }
}

async function followCheckout(
  ctx: Ctx,
  deps: PaymentDeps,
  { account, sessionId }: { account: GatewayAccount; sessionId: string },
): Promise<Came> {
  const checkout = await checkoutRepo(ctx).findBySession(sessionId);
  // Not by us; or not stored yet, and then nobody was shown it.
  if (!checkout) return "ignored";
  const answer = await deps.gateway.getCheckout(account, sessionId);
  if (answer.kind !== "done") return "away";
  const settled = await settleCheckout(ctx, deps, { account, checkout, found: answer.value });
  return settled === "away" ? "away" : "applied";
}

/** A payment as it stands at the provider now, of a checkout of this business. */
export async function followPayment(
  ctx: Ctx,
  deps: PaymentDeps,
  { account, paymentRef }: { account: GatewayAccount; paymentRef: string },
): Promise<Came> {
  const answer = await deps.gateway.getPayment(account, paymentRef);
  if (answer.kind !== "done") return "away";
  const payment = answer.value;
  const checkout = await findCheckout(ctx, payment.checkoutKey);
  if (!checkout) return "ignored";
  // What is tried on a page that is still open has moved nothing yet.
  const hasMoved = payment.state === "processing" || payment.state === "succeeded" || checkout.state === "completed";
  if (!hasMoved) return "ignored";
  return handOverPayment(ctx, deps, { account, checkout, payment });
}

const UUID = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/;

async function findCheckout(ctx: Ctx, key: string | undefined): Promise<Checkout | undefined> {
  return key !== undefined && UUID.test(key) ? checkoutRepo(ctx).find(key as Id<"Checkout">) : undefined;
}

/**
 * A bug of ours threw while the event was applied; the third time it is filed as failed, so that it blocks nobody.
 * Answers when to try again.
 */
export async function recordPaymentEventCrash(ctx: Ctx, id: Id<"PaymentEvent">): Promise<Date | undefined> {
  const repo = paymentEventRepo(ctx);
  await repo.countCrash(id);
  const event = await repo.find(id);
  if (!event || event.appliedAt) return undefined;
  if (event.crashes < MAX_CRASHES) return after(realNow(ctx), MINUTE_MS);
  await repo.finish(id, "failed", realNow(ctx));
  return undefined;
}
