import type { ClosingFact } from "@reminder-app/db/schema/reminders";
import type { Ctx } from "../ctx.ts";
import { deliveryStopRepo } from "./delivery-stops.repo.ts";
import { personQueueRepo } from "./person-queue.repo.ts";
import type { PauseReason, Standstill } from "./standstill.ts";
import type { StopTarget } from "./stop-target.repo.ts";

export type StopReason =
  | ClosingFact
  | "assignment_cancelled"
  | "reminder_cancelled"
  | "client_archived"
  | "contact_archived"
  | "payment_removed"
  | NeverReason
  | SuppressedReason;

type NeverReason = Extract<Standstill, { kind: "never" }>["reason"];

/** Why a message may not go to an address. */
export type SuppressedReason = "opted_out" | "suppressed";

export interface StopAnswer {
  /** Deliveries that were waiting and will not go. */
  readonly cancelled: number;
  /** Deliveries whose send had started before the stop was stored. */
  readonly inFlight: number;
}

/** What is skipped would go again if the fact were taken back; the rest is over. */
const skipping: ReadonlySet<StopReason> = new Set([
  "opted_out",
  "suppressed",
  "auto_billed",
  "internal",
  "nothing_owed",
]);

/**
 * Cancel what waits. Call it in the transaction that writes the fact: it meets a claim on the delivery's row, so no
 * claim commits after the stop has.
 */
export async function stopDeliveries(tx: Ctx, target: StopTarget, reason: StopReason): Promise<StopAnswer> {
  const repo = deliveryStopRepo(tx);
  await separateLines(tx, target);
  const state = skipping.has(reason) ? "skipped" : "cancelled";
  const cancelled = await repo.endWaiting(target, { state, reason, at: tx.now() });
  return { cancelled, inFlight: await repo.countInFlight(target) };
}

export interface PauseAnswer {
  /** Deliveries that were waiting, and wait now for the end of the pause. */
  readonly postponed: number;
  /** Deliveries whose send had started before the pause was stored. */
  readonly inFlight: number;
}

/**
 * Put off what waits until the pause ends; without an end, or when that is too late, until it expires. Call it in the
 * transaction that writes the fact, as {@link stopDeliveries}.
 */
export async function pauseDeliveries(
  tx: Ctx,
  target: StopTarget,
  { reason, until }: { reason: PauseReason; until: Date | null },
): Promise<PauseAnswer> {
  const repo = deliveryStopRepo(tx);
  await separateLines(tx, target);
  const postponed = await repo.postponeWaiting(target, { reason, until, at: tx.now() });
  return { postponed, inFlight: await repo.countInFlight(target) };
}

/**
 * Before something is done to what waits: let lines of messages that have not left wait by themselves again, those that
 * it is done to, and those of messages that it is done to. So each meets its own fate, and the others still go.
 */
export async function separateLines(tx: Ctx, target?: StopTarget): Promise<void> {
  const repo = personQueueRepo(tx);
  await repo.release(await repo.lockUnsentLines(target), tx.now());
}
