import { type Channel, TEST_PROVIDER } from "@reminder-app/channels/channel";
import { SECOND_MS, after } from "@reminder-app/platform/clock";
import { type Id, newId } from "@reminder-app/platform/ids";
import { type Ctx, inTransaction } from "../ctx.ts";
import { attemptRepo } from "./attempts.repo.ts";
import { isCountryAllowed } from "./allowed-country.ts";
import { type Verdict, checkSendable } from "./check-sendable.ts";
import { keepDailyLimit } from "./daily-limit.ts";
import { type Delivery, type SendContext, deliveryRepo } from "./deliveries.repo.ts";
import { followAddress } from "./follow-address.ts";
import { sendFacts } from "./send-facts.ts";

/** A delivery that is ours until its lease ends, with what is needed to send it. */
export interface Claim {
  readonly kind: "claimed";
  readonly delivery: Delivery;
  /** The number of this attempt; only who holds it may write the outcome. */
  readonly fence: number;
  readonly token: Id<"Attempt">;
  readonly startedAt: Date;
  readonly context: SendContext;
}

export type ClaimResult =
  | Claim
  /** Settled, taken by another worker, or not there. */
  | { readonly kind: "not_ours" }
  | { readonly kind: "wait"; readonly until: Date }
  /** Its outcome is unknown and due to be resolved. */
  | { readonly kind: "unknown" };

const LOCKED_ELSEWHERE_MS = SECOND_MS;

/**
 * T1: claim those of `ids` that are due, whose reminder still stands and whose client still wants them. When this
 * returns, each claim and its attempt are durable; not a byte has left. Results are in the order of `ids`.
 */
export async function claimDeliveries(
  ctx: Ctx,
  ids: readonly Id<"Delivery">[],
  { channel, leaseMs, sendsPerDay }: { channel: Channel; leaseMs: number; sendsPerDay: number },
): Promise<ClaimResult[]> {
  const now = ctx.now();
  const results = await inTransaction(ctx, async (tx) => {
    const repo = deliveryRepo(tx);
    const due = await repo.lockDue(ids, now);
    if (due.length === 0) return new Map<Id<"Delivery">, ClaimResult>();
    const contexts = new Map((await repo.sendContexts(due.map(({ id }) => id))).map((row) => [row.deliveryId, row]));

    const followed: Judged[] = [];
    for (const delivery of due) {
      const context = contexts.get(delivery.id);
      followed.push(await followAddress(tx, judge(tx, delivery, { context, provider: channel.provider })));
    }
    const judged = await keepDailyLimit(tx, followed, { now, sendsPerDay });
    await stopAndPostpone(tx, judged, now);
    const claims = judged.flatMap(({ verdict, ...claimable }) =>
      verdict.kind === "send" ? [toClaim(claimable, now)] : [],
    );
    if (claims.length > 0) await writeClaims(tx, claims, { leaseMs, provider: channel.provider });
    return new Map([...judged.map(resultOfVerdict), ...claims.map((claim) => [claim.delivery.id, claim] as const)]);
  });

  const missed = ids.filter((id) => !results.has(id));
  for (const row of missed.length > 0 ? await deliveryRepo(ctx).peek(missed) : [])
    results.set(row.id, resultOfPeek(row, now));
  return ids.map((id) => results.get(id) ?? { kind: "not_ours" });
}

interface Judged {
  readonly delivery: Delivery;
  readonly context: SendContext;
  readonly verdict: Verdict;
}

function judge(
  tx: Ctx,
  delivery: Delivery,
  { context, provider }: { context: SendContext | undefined; provider: string },
): Judged {
  if (!context) throw new Error(`Delivery ${delivery.id} has no reminder, client or contact`);
  const facts = sendFacts({ ...context, decision: context.decided?.decision ?? null }, delivery, {
    testMode: context.business.mode === "test" && provider !== TEST_PROVIDER,
    hasAddress: context.address !== null,
    countryAllowed: isCountryAllowed(tx, delivery, context),
  });
  const verdict = checkSendable(facts, tx.now());
  return { delivery, context, verdict };
}

function toClaim({ delivery, context }: Omit<Judged, "verdict">, startedAt: Date): Claim {
  return { kind: "claimed", delivery, fence: delivery.fence + 1, token: newId(), startedAt, context };
}

async function stopAndPostpone(tx: Ctx, judged: readonly Judged[], now: Date): Promise<void> {
  for (const { delivery, verdict } of judged) {
    if (verdict.kind === "send") continue;
    const next =
      verdict.kind === "stop"
        ? { state: verdict.state, reason: verdict.reason, nextAt: null }
        : { state: delivery.state, reason: verdict.reason, nextAt: verdict.until };
    await deliveryRepo(tx).move([delivery.id], next, { updatedAt: now });
  }
}

async function writeClaims(
  tx: Ctx,
  claims: readonly Claim[],
  { leaseMs, provider }: { leaseMs: number; provider: string },
): Promise<void> {
  const at = tx.now();
  await deliveryRepo(tx).markSending(
    claims.map(({ delivery }) => delivery.id),
    { leaseMs, at },
  );
  await attemptRepo(tx).insertMany(
    claims.map(({ delivery, fence, token, startedAt, context }) => ({
      deliveryId: delivery.id,
      number: fence,
      token,
      provider,
      state: "started" as const,
      revision: context.revision,
      startedAt,
    })),
  );
}

function resultOfVerdict({ delivery, verdict }: Judged): readonly [Id<"Delivery">, ClaimResult] {
  return [delivery.id, verdict.kind === "wait" ? { kind: "wait", until: verdict.until } : { kind: "not_ours" }];
}

function resultOfPeek({ state, nextAt }: Pick<Delivery, "state" | "nextAt">, now: Date): ClaimResult {
  const due = nextAt !== null && nextAt <= now;
  if (state === "unknown") return due ? { kind: "unknown" } : waitUntil(nextAt);
  if (state !== "queued" && state !== "retry") return { kind: "not_ours" };
  return due ? { kind: "wait", until: after(now, LOCKED_ELSEWHERE_MS) } : waitUntil(nextAt);
}

function waitUntil(nextAt: Date | null): ClaimResult {
  return nextAt ? { kind: "wait", until: nextAt } : { kind: "not_ours" };
}
