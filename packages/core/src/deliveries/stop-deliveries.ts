import type { Ctx } from "../ctx.ts";
import { type StopTarget, deliveryStopRepo } from "./delivery-stops.repo.ts";

export type StopReason =
  | "done"
  | "assignment_cancelled"
  | "assignment_removed"
  | "reminder_cancelled"
  | "client_archived"
  | "contact_archived"
  | SuppressedReason;

/** Why a message may not go to an address. */
export type SuppressedReason = "opted_out" | "suppressed";

export interface StopAnswer {
  /** Deliveries that were waiting and will not go. */
  readonly cancelled: number;
  /** Deliveries whose send had started before the stop was stored. */
  readonly inFlight: number;
}

/**
 * Cancel what waits. Call it in the transaction that writes the fact: it meets a claim on the delivery's row, so no
 * claim commits after the stop has.
 */
export async function stopDeliveries(tx: Ctx, target: StopTarget, reason: StopReason): Promise<StopAnswer> {
  const repo = deliveryStopRepo(tx);
  const state = reason === "opted_out" || reason === "suppressed" ? "skipped" : "cancelled";
  const cancelled = await repo.endWaiting(target, { state, reason, at: tx.now() });
  return { cancelled, inFlight: await repo.countInFlight(target) };
}
