import { type Ctx, inTransaction } from "../ctx.ts";
import { closeCheckout, closeIfOver } from "./close-checkout.ts";
import type { Checkout } from "./checkouts.repo.ts";
import { type CheckoutAsked, type Decision, decideCheckout } from "./decide-checkout.ts";
import { type PaymentDeps, asGatewayAccount } from "./gateway-account.ts";
import { type OpenedCheckout, type Pursuit, away, makeCheckout, refused } from "./make-checkout.ts";
import { paymentAccountRepo } from "./payment-accounts.repo.ts";
import { settleCheckout } from "./settle-checkout.ts";

/** How often what stands in the way is cleared before the client is asked to come again. */
const ROUNDS = 5;

/**
 * A page where the client pays today's balance of some requests, or a part of it, in one currency. At most one live page
 * covers a request: the same one is answered for the same parts, and any other one is closed at the provider before a
 * new one is made, so that no request is paid twice through us. Not within a transaction. Throws `not_found` for a
 * request that is not the client's, `conflict` for a cancelled one, `validation_failed` for an amount that is too much
 * or too little.
 */
export async function openCheckout(ctx: Ctx, deps: PaymentDeps, asked: CheckoutAsked): Promise<OpenedCheckout> {
  for (let round = 0; round < ROUNDS; round += 1) {
    const { account, decision } = await inTransaction(ctx, (tx) => decide(tx, asked));
    if (decision.kind === "paid" || decision.kind === "processing") return { kind: decision.kind };
    if (!account) return { kind: "unavailable", reason: "no_account" };
    const answer = await pursue(ctx, deps, { account, asked, decision });
    if (answer) return answer;
  }
  return away;
}

/** The account stays locked meanwhile, so that what is decided on is seen by whoever replaces it. */
async function decide(tx: Ctx, asked: CheckoutAsked) {
  const row = await paymentAccountRepo(tx).lock();
  const account = row?.chargesEnabled ? asGatewayAccount(tx, row) : undefined;
  return { account, decision: await decideCheckout(tx, asked, account !== undefined) };
}

/** Undefined: something stood in the way and is gone, so decide again. */
async function pursue(
  ctx: Ctx,
  deps: PaymentDeps,
  { decision, ...pursuit }: Pursuit & { readonly decision: Decision },
): Promise<OpenedCheckout | undefined> {
  const { account } = pursuit;
  if (decision.kind === "close") {
    for (const checkout of decision.checkouts)
      if (!(await closeCheckout(ctx, deps, { account, checkout }))) return away;
    return undefined;
  }
  if (decision.kind !== "make" && decision.kind !== "reuse") return undefined;
  const { kind, checkout } = decision;
  const { url, sessionId } = checkout;
  if (url === null || sessionId === null)
    return makeCheckout(ctx, deps, { ...pursuit, checkout, isFirst: kind === "make" });
  return reuse(ctx, deps, { ...pursuit, checkout, url, sessionId });
}

interface Reusing extends Pursuit {
  readonly checkout: Checkout;
  readonly url: string;
  readonly sessionId: string;
}

/** The page that is open already, unless somebody has paid there or it has ended. */
async function reuse(ctx: Ctx, deps: PaymentDeps, reusing: Reusing): Promise<OpenedCheckout | undefined> {
  const { account, checkout, url, sessionId } = reusing;
  const answer = await deps.gateway.getCheckout(account, sessionId);
  // Who has paid there already sees so there.
  if (answer.kind === "unavailable") return { kind: "open", url };
  if (answer.kind === "refused") return (await closeIfOver(ctx, checkout)) ? undefined : refused;
  const settled = await settleCheckout(ctx, deps, { account, checkout, found: answer.value });
  if (settled === "open") return { kind: "open", url };
  return settled === "closed" ? undefined : away;
}
