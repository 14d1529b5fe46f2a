import type { Channel } from "@reminder-app/channels/channel";
import { SECOND_MS, after } from "@reminder-app/platform/clock";
import { type Id, newId } from "@reminder-app/platform/ids";
import { type Ctx, inTransaction } from "../ctx.ts";
import { deliveryEvents } from "../webhooks/event-facts.ts";
import { emitEvents } from "../webhooks/emit-event.ts";
import { attemptRepo } from "./attempts.repo.ts";
import { keepDailyLimit } from "./daily-limit.ts";
import type { Line } from "./daily-message.ts";
import { type Delivery, type SendContext, deliveryRepo } from "./deliveries.repo.ts";
import type { TemplateSource } from "../reminders/template-source.ts";
import { followAddress } from "./follow-address.ts";
import { type Judged, judgeDeliveries } from "./judge-delivery.ts";
import { withLinks } from "./link-messages.ts";
import { keepPersonLimits, areLimited, mayCarryLines, settleLines } from "./person-limits.ts";
import { personQueueRepo } from "./person-queue.repo.ts";

/** A delivery that is ours until its lease ends, with what is needed to send it. */
export interface Claim {
  readonly kind: "claimed";
  readonly delivery: Delivery;
  /** The number of this attempt; only who holds it may write the outcome. */
  readonly fence: number;
  readonly token: Id<"Attempt">;
  readonly startedAt: Date;
  readonly context: SendContext;
  /** Other messages that go in this one. */
  readonly lines: readonly Line[];
  /** Opens the contact's page, where the text names it. */
  readonly linkToken?: string;
}

export type ClaimResult =
  | Claim
  /** Settled, taken by another worker, or not there. */
  | { readonly kind: "not_ours" }
  | { readonly kind: "wait"; readonly until: Date }
  /** Its outcome is unknown and due to be resolved. */
  | { readonly kind: "unknown" };

export function isClaim(result: ClaimResult): result is Claim {
  return result.kind === "claimed";
}

const LOCKED_ELSEWHERE_MS = SECOND_MS;

interface Claiming {
  readonly channel: Channel;
  readonly leaseMs: number;
  readonly sendsPerDay: number;
  /** Tells which texts name the contact's page. */
  readonly templates: TemplateSource;
}

/**
 * T1: claim those of `ids` that are due, whose reminder still stands and whose client still wants them. When this
 * returns, each claim and its attempt are durable; not a byte has left. Results are in the order of `ids`.
 */
export async function claimDeliveries(
  ctx: Ctx,
  ids: readonly Id<"Delivery">[],
  claiming: Claiming,
): Promise<ClaimResult[]> {
  const results = await claimDue(ctx, ids, claiming);
  const now = ctx.now();
  const missed = ids.filter((id) => !results.has(id));
  for (const row of missed.length > 0 ? await deliveryRepo(ctx).peek(missed) : [])
    results.set(row.id, resultOfPeek(row, now));
  return ids.map((id) => results.get(id) ?? { kind: "not_ours" });
}

type Results = Map<Id<"Delivery">, ClaimResult>;

/** Where claims for a person take turns, their turn is waited for before a delivery is locked: only a first look tells whether they do. */
async function claimDue(ctx: Ctx, ids: readonly Id<"Delivery">[], claiming: Claiming): Promise<Results> {
  const { provider } = claiming.channel;
  const seen = await inTransaction(ctx, async (tx) => {
    const due = await judgeDue(tx, ids, provider);
    return areLimited(due) ? due.map(({ delivery }) => delivery) : claimJudged(tx, due, claiming);
  });
  if (seen instanceof Map) return seen;
  return inTransaction(ctx, async (tx) => {
    await personQueueRepo(tx).takeTurns([...new Set(seen.map(({ contactId }) => contactId))]);
    const due = await judgeDue(
      tx,
      seen.map(({ id }) => id),
      provider,
    );
    return claimJudged(tx, await keepPersonLimits(tx, due, provider), claiming);
  });
}

/** Those that are due and nobody else holds, with what may become of them. */
async function judgeDue(tx: Ctx, ids: readonly Id<"Delivery">[], provider: string): Promise<Judged[]> {
  const judged: Judged[] = [];
  for (const one of await judgeDeliveries(tx, await deliveryRepo(tx).lockDue(ids, tx.now()), provider))
    judged.push(await followAddress(tx, one));
  return judged;
}

/** File what was decided about these, and make those ours that may go. */
async function claimJudged(
  tx: Ctx,
  decided: readonly Judged[],
  { channel: { provider }, leaseMs, sendsPerDay, templates }: Claiming,
): Promise<Results> {
  const now = tx.now();
  const judged = await keepDailyLimit(tx, decided, { now, sendsPerDay });
  await stopAndPostpone(tx, judged, now);
  const lines = mayCarryLines(judged) ? await settleLines(tx, judged, provider) : undefined;
  const going = judged
    .filter(({ verdict }) => verdict.kind === "send")
    .map((one) => toClaim(one, lines?.get(one.delivery.id) ?? [], now));
  const claims = await withLinks(tx, going, templates);
  if (claims.length > 0) await writeClaims(tx, claims, { leaseMs, provider });
  return new Map([...judged.map(resultOfVerdict), ...claims.map((claim) => [claim.delivery.id, claim] as const)]);
}

function toClaim({ delivery, context }: Judged, lines: readonly Line[], startedAt: Date): Claim {
  return { kind: "claimed", delivery, fence: delivery.fence + 1, token: newId(), startedAt, context, lines };
}

async function stopAndPostpone(tx: Ctx, judged: readonly Judged[], now: Date): Promise<void> {
  const stopped = judged.flatMap(({ delivery, verdict }) =>
    verdict.kind === "stop" ? deliveryEvents(delivery, verdict) : [],
  );
  await emitEvents(tx, stopped);
  for (const { delivery, verdict } of judged) {
    if (verdict.kind === "send") continue;
    const next =
      verdict.kind === "stop"
        ? { state: verdict.state, reason: verdict.reason, nextAt: null }
        : { state: delivery.state, reason: verdict.reason, nextAt: verdict.until };
    const end = verdict.kind === "wait" && verdict.expiresAt ? { expiresAt: verdict.expiresAt } : {};
    await deliveryRepo(tx).move([delivery.id], next, { ...end, updatedAt: now });
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
