import type { SendResult } from "@reminder-app/channels/channel";
import { maskAddresses } from "@reminder-app/platform/mask";
import type { Id } from "@reminder-app/platform/ids";
import { addressOfDelivery } from "../consent/address-of-delivery.ts";
import { badAddress } from "../consent/bad-address.ts";
import { type SuppressionFact, auditSuppression, writeSuppression } from "../consent/suppress-address.ts";
import { type Ctx, inTransaction } from "../ctx.ts";
import { deliveryEvents } from "../webhooks/event-facts.ts";
import { emitEvents } from "../webhooks/emit-event.ts";
import { attemptRepo } from "./attempts.repo.ts";
import type { Claim } from "./claim-deliveries.ts";
import { type HeldDelivery, deliveryRepo } from "./deliveries.repo.ts";
import { type NextState, attemptState, nextState } from "./next-state.ts";
import type { StopAnswer } from "./stop-deliveries.ts";
import type { DeliveryTiming } from "./timing.ts";

export interface Outcome {
  readonly claim: Claim;
  readonly result: SendResult;
  readonly provider: string;
}

/** What became of the delivery, or undefined when it was no longer ours: then only the attempt keeps the evidence. */
export type Recorded = NextState | undefined;

/** T2: file the answers of the provider, and move the deliveries on that are still ours. In the order of `outcomes`. */
export async function recordOutcomes(
  ctx: Ctx,
  outcomes: readonly Outcome[],
  timing: DeliveryTiming,
): Promise<Recorded[]> {
  return inTransaction(ctx, async (tx) => {
    const now = tx.now();
    const suppressed = await suppressBadAddresses(tx, outcomes);
    const locked = await deliveryRepo(tx).lockMany(outcomes.map(({ claim }) => claim.delivery.id));
    const rows = new Map(locked.map((row) => [row.id, row]));
    await attemptRepo(tx).finishMany(outcomes.map((outcome) => finishedAttempt(outcome, now)));

    const moves = outcomes.map((outcome) => {
      const row = rows.get(outcome.claim.delivery.id);
      return row && mayMove(row, outcome) ? nextState(row, outcome.result, { now, timing }) : undefined;
    });
    await applyMoves(tx, outcomes, moves);
    await emitEvents(
      tx,
      outcomes.flatMap(({ claim }, index) => (moves[index] ? deliveryEvents(claim.delivery, moves[index]) : [])),
    );
    for (const { fact, answer } of suppressed) await auditSuppression(tx, fact, answer);
    return moves;
  });
}

/** A refusal that says that the address itself is bad. First of all, for a stop locks the work of its clients before their deliveries. */
async function suppressBadAddresses(tx: Ctx, outcomes: readonly Outcome[]) {
  const suppressed: { fact: SuppressionFact; answer: StopAnswer }[] = [];
  for (const { claim, result } of outcomes) {
    const reason = result.kind === "refused" ? badAddress(result.code) : undefined;
    const address = reason && (await addressOfDelivery(tx, claim.delivery));
    if (!reason || !address || result.kind !== "refused") continue;
    const fact = { ...address, reason, source: `refusal ${result.code}` };
    suppressed.push({ fact, answer: await writeSuppression(tx, fact) });
  }
  return suppressed;
}

/** Ours by fence; a lease that ran out meanwhile gives way to evidence only. */
function mayMove(row: HeldDelivery, { claim, result }: Outcome): boolean {
  if (row.fence !== claim.fence) return false;
  return row.state === "sending" || (row.state === "unknown" && result.kind !== "ambiguous");
}

async function applyMoves(tx: Ctx, outcomes: readonly Outcome[], moves: readonly Recorded[]): Promise<void> {
  const at = tx.now();
  const accepted: Id<"Delivery">[] = [];
  for (const [index, { claim }] of outcomes.entries()) {
    const next = moves[index];
    if (next?.state === "accepted") accepted.push(claim.delivery.id);
    else if (next) {
      const change = next.state === "unknown" ? { unknownSince: at, updatedAt: at } : { updatedAt: at };
      await deliveryRepo(tx).move([claim.delivery.id], next, change);
    }
  }
  const next: NextState = { state: "accepted", reason: null, nextAt: null };
  await deliveryRepo(tx).move(accepted, next, { acceptedAt: at, updatedAt: at });
}

/** Providers repeat addresses in their words; addresses are stored encrypted, and nowhere else. */
const REASON_LENGTH = 500;

function finishedAttempt({ claim, result, provider }: Outcome, finishedAt: Date) {
  return {
    deliveryId: claim.delivery.id,
    number: claim.fence,
    token: claim.token,
    provider,
    revision: claim.context.revision,
    startedAt: claim.startedAt,
    state: attemptState(result),
    code: "code" in result ? result.code.slice(0, 64) : null,
    reason: "reason" in result ? maskAddresses(result.reason).slice(0, REASON_LENGTH) : null,
    providerMessageId: result.kind === "accepted" ? result.providerMessageId : null,
    finishedAt,
  };
}
