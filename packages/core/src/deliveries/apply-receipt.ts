import type { Receipt } from "@reminder-app/channels/channel";
import type { DeliveryState } from "@reminder-app/db/schema/deliveries";
import type { Id } from "@reminder-app/platform/ids";
import { addressOfDelivery } from "../consent/address-of-delivery.ts";
import { badAddress } from "../consent/bad-address.ts";
import { suppressAddress } from "../consent/suppress-address.ts";
import { type Ctx, inTransaction } from "../ctx.ts";
import { providerCode } from "../reasons.ts";
import { deliveryEvents } from "../webhooks/event-facts.ts";
import { emitEvents } from "../webhooks/emit-event.ts";
import { type Attempt, attemptRepo } from "./attempts.repo.ts";
import { type Delivery, deliveryRepo } from "./deliveries.repo.ts";

/** What a receipt says, without where it came from. */
export type ReceiptFact = Pick<Receipt, "status" | "code" | "reason"> & {
  readonly providerMessageId?: string | undefined;
};

/** How far a message has come. A receipt moves a delivery forward only, so their order does not matter. */
const progress: Readonly<Partial<Record<DeliveryState, number>>> = {
  accepted: 1,
  undelivered: 2,
  delivered: 3,
  read: 4,
};

/**
 * Let a receipt move its delivery on. It is evidence that the provider has the message, so it also settles an
 * unknown or held outcome, and makes a retry needless. Applying it again changes nothing.
 */
export async function applyReceipt(
  ctx: Ctx,
  attempt: Pick<Attempt, "deliveryId" | "number">,
  fact: ReceiptFact,
): Promise<void> {
  await inTransaction(ctx, async (tx) => {
    const delivery = await deliveryRepo(tx).lock(attempt.deliveryId);
    if (!delivery) return;
    const at = tx.now();
    if (advances(delivery.state, fact.status)) {
      const said = fact.code ?? fact.reason?.slice(0, 64);
      const next = { state: fact.status, reason: said === undefined ? null : providerCode(said), nextAt: null };
      await deliveryRepo(tx).move([delivery.id], next, { ...stamps(delivery, fact, at), updatedAt: at });
      if (delivery.state !== "delivered") await emitEvents(tx, deliveryEvents(delivery, next));
    }
    await attemptRepo(tx).update(attempt, {
      state: "accepted",
      ...(fact.providerMessageId !== undefined && { providerMessageId: fact.providerMessageId }),
    });
    if (advances(delivery.state, fact.status)) await suppressBadAddress(tx, delivery, fact);
  });
}

/** An address that is bad, or whose owner opted out with the provider, gets nothing more; the other recipients do. */
async function suppressBadAddress(tx: Ctx, delivery: Delivery, { status, code }: ReceiptFact): Promise<void> {
  const reason = status === "undelivered" && code !== undefined ? badAddress(code) : undefined;
  const address = reason && (await addressOfDelivery(tx, delivery));
  if (reason && address) await suppressAddress(tx, { ...address, reason, source: `receipt ${code}` });
}

function advances(present: DeliveryState, reported: Receipt["status"]): boolean {
  return (progress[reported] ?? 0) > (progress[present] ?? 0);
}

function stamps(delivery: Delivery, { status }: ReceiptFact, at: Date): Partial<Delivery> {
  return {
    acceptedAt: delivery.acceptedAt ?? at,
    ...((status === "delivered" || status === "read") && { deliveredAt: delivery.deliveredAt ?? at }),
    ...(status === "read" && { readAt: at }),
  };
}

/**
 * The attempt that a receipt is about: by its token, or without one by the provider's id of the message. None when the
 * two contradict each other.
 */
export async function findAttemptOf(
  ctx: Ctx,
  { token, providerMessageId }: { token: Id<"Attempt"> | null; providerMessageId: string | null },
): Promise<Attempt | undefined> {
  if (!token) return providerMessageId ? attemptRepo(ctx).findByProviderMessage(providerMessageId) : undefined;
  const attempt = await attemptRepo(ctx).findByToken(token);
  const known = attempt?.providerMessageId;
  return known && providerMessageId && known !== providerMessageId ? undefined : attempt;
}
