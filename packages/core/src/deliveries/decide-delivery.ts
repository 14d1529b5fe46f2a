import type { DeliveryState } from "@reminder-app/db/schema/deliveries";
import { HOUR_MS, after } from "@reminder-app/platform/clock";
import { AppError } from "@reminder-app/platform/errors";
import type { Id } from "@reminder-app/platform/ids";
import { z } from "zod";
import { recordAudit } from "../audit/record-audit.ts";
import { type Ctx, inTransaction, requireRole } from "../ctx.ts";
import { deliveryEvents } from "../webhooks/event-facts.ts";
import { emitEvents } from "../webhooks/emit-event.ts";
import { type Delivery, type NewDelivery, deliveryRepo } from "./deliveries.repo.ts";
import { type DeliveryWithAttempts, getDelivery } from "./get-delivery.ts";
import type { NextState } from "./next-state.ts";

const decisions = ["was_sent", "send_again", "cancel"] as const;
type Decision = (typeof decisions)[number];

export const DecideDeliveryInput = z.strictObject({
  decision: z
    .enum(decisions)
    .describe("was_sent: the client has it. send_again: try once more from now. cancel: leave it"),
});

/** What a person may decide, by the state that a delivery ended in. */
const choices: Readonly<Partial<Record<DeliveryState, readonly Decision[]>>> = {
  held: ["was_sent", "send_again", "cancel"],
  failed: ["send_again"],
  dead: ["send_again"],
  expired: ["send_again"],
  undelivered: ["send_again"],
};

const AGAIN_MS = 12 * HOUR_MS;

/**
 * Let a person decide about a delivery that no rule can settle: one that is held, or that was given up.
 * Whether it may still go (done, cancelled, archived) is checked again when it is claimed. Throws `conflict`.
 */
export async function decideDelivery(
  ctx: Ctx,
  id: Id<"Delivery">,
  { decision }: z.output<typeof DecideDeliveryInput>,
): Promise<DeliveryWithAttempts> {
  requireRole(ctx, "staff", "decide about deliveries");
  return inTransaction(ctx, async (tx) => {
    await deliveryRepo(tx).get(id);
    const delivery = await deliveryRepo(tx).lock(id);
    const allowed = delivery ? (choices[delivery.state] ?? []) : [];
    if (!delivery || !allowed.includes(decision)) throw notPossible(delivery, allowed);
    const { next, change } = outcomeOf(decision, delivery, tx.now());
    await deliveryRepo(tx).move([id], next, { ...change, updatedAt: tx.now() });
    await emitEvents(tx, deliveryEvents(delivery, next));
    const decided = await getDelivery(tx, id);
    await recordAudit(tx, "delivery.decided", { entityId: id, decision, was: delivery.state, is: decided.state });
    return decided;
  });
}

function outcomeOf(
  decision: Decision,
  delivery: Delivery,
  now: Date,
): { next: NextState; change: Partial<NewDelivery> } {
  switch (decision) {
    case "was_sent":
      return { next: { state: "accepted", reason: "decided_by_hand", nextAt: null }, change: { acceptedAt: now } };
    case "cancel":
      return { next: { state: "cancelled", reason: "decided_by_hand", nextAt: null }, change: {} };
    case "send_again": {
      const expiresAt = delivery.expiresAt > after(now, AGAIN_MS) ? delivery.expiresAt : after(now, AGAIN_MS);
      return {
        next: { state: "retry", reason: "sent_again_by_hand", nextAt: now },
        // A new fence gives it a new job: one that failed is kept under the old one, and would be in its way.
        change: { tries: 0, crashes: 0, expiresAt, fence: delivery.fence + 1 },
      };
    }
  }
}

function notPossible(delivery: Delivery | undefined, allowed: readonly Decision[]): AppError {
  const state = delivery?.state ?? "gone";
  const remedy = allowed.length > 0 ? `possible are ${allowed.join(", ")}` : "there is nothing to decide";
  return new AppError("conflict", `The delivery is ${state}: ${remedy}`);
}
