import type { ChannelKind } from "@reminder-app/platform/channel-kinds";
import type { Id } from "@reminder-app/platform/ids";
import type { Ctx } from "../ctx.ts";
import { applyReceipt } from "../deliveries/apply-receipt.ts";
import { type Claim, type ClaimResult, claimDeliveries, isClaim } from "../deliveries/claim-deliveries.ts";
import { type Composer, handOver } from "../deliveries/hand-over.ts";
import { recordCrash } from "../deliveries/record-crash.ts";
import { type Outcome, type Recorded, recordOutcomes } from "../deliveries/record-outcomes.ts";
import { resolveUnknown } from "../deliveries/resolve-unknown.ts";
import type { DeliveryTiming } from "../deliveries/timing.ts";
import { testClockRepo } from "./test-clock.repo.ts";
import { openTestMailbox } from "./test-mailbox.ts";

/** What the deliverer needs beside the rows. */
export interface Desk {
  readonly timing: DeliveryTiming;
  readonly composer: Composer;
  /** Where clients reach the API, for the links in messages. */
  readonly publicUrl: string;
  /** How many messages of one business may leave in a day (UTC). */
  readonly sendsPerDay: number;
}

export interface Delivered {
  /** How many were due. */
  readonly due: number;
  readonly sent: number;
  readonly failed: number;
  /** They were due, and did not go for a reason that their rows have. */
  readonly leftOut: number;
}

/**
 * Send what is due, as a worker does, by the test provider: claim, hand over, record. All in the transaction of `tx`,
 * for a provider in the same process is never cut off.
 */
export async function deliverDue(tx: Ctx, desk: Desk, limit: number): Promise<Delivered> {
  const due = await testClockRepo(tx).deliveriesToSend(tx.now(), limit);
  const totals = { due: due.length, sent: 0, failed: 0, leftOut: 0 };
  for (const [channel, rows] of Map.groupBy(due, (row) => row.channel)) {
    const results = await deliverOn(tx, desk, { channel, ids: rows.map(({ id }) => id) });
    totals.sent += results.filter((result) => result === "accepted").length;
    totals.failed += results.filter((result) => result === "failed" || result === "dead").length;
    totals.leftOut += results.filter((result) => result === "left_out").length;
  }
  return totals;
}

type Result = NonNullable<Recorded>["state"] | "left_out" | "waits";

async function deliverOn(
  tx: Ctx,
  desk: Desk,
  { channel: kind, ids }: { channel: ChannelKind; ids: readonly Id<"Delivery">[] },
): Promise<Result[]> {
  const mailbox = openTestMailbox(tx, kind);
  const { channel } = mailbox;
  const { timing, sendsPerDay, composer } = desk;
  const claiming = { leaseMs: timing.leaseMs, sendsPerDay, templates: composer.templates, channel };
  const claimed = await claimDeliveries(tx, ids, claiming);
  const claims = claimed.filter(isClaim);
  mailbox.expect(claims);
  const outcomes = await Promise.all(claims.map((claim) => outcomeOf(tx, claim, { ...desk, channel })));
  await mailbox.store();
  const answered = outcomes.filter((outcome) => outcome !== undefined);
  const recorded = answered.length > 0 ? await recordOutcomes(tx, answered, desk.timing) : [];
  for (const [index, claim] of claims.entries()) if (!outcomes[index]) await recordCrash(tx, claim.delivery.id);
  for (const { token, code } of mailbox.bounces) await bounce(tx, { claims, token, code });
  for (const [index, id] of ids.entries())
    if (claimed[index]?.kind === "unknown") await resolveUnknown(tx, id, { ...desk, channel });
  return [...recorded.map((next): Result => next?.state ?? "waits"), ...claimed.flatMap(restOf)];
}

/** What came of a claim; nothing when a bug of ours threw, which stops nobody else. */
async function outcomeOf(tx: Ctx, claim: Claim, parts: Parameters<typeof handOver>[2]): Promise<Outcome | undefined> {
  try {
    const result = await handOver(tx, { claim, askedAt: performance.now() }, parts);
    return { claim, result, provider: parts.channel.provider };
  } catch {
    return undefined;
  }
}

async function bounce(
  tx: Ctx,
  { claims, token, code }: { claims: readonly Claim[]; token: string; code: string },
): Promise<void> {
  const claim = claims.find((one) => one.token === token);
  if (claim)
    await applyReceipt(tx, { deliveryId: claim.delivery.id, number: claim.fence }, { status: "undelivered", code });
}

function restOf({ kind }: ClaimResult): Result[] {
  if (kind === "claimed") return [];
  return [kind === "not_ours" ? "left_out" : "waits"];
}
