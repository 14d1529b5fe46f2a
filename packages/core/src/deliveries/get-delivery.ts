import type { Id } from "@reminder-app/platform/ids";
import type { Ctx } from "../ctx.ts";
import { type Attempt, attemptRepo } from "./attempts.repo.ts";
import { type Delivery, deliveryRepo } from "./deliveries.repo.ts";

export interface DeliveryWithAttempts extends Delivery {
  readonly attempts: readonly Attempt[];
}

/** One delivery with every call to its provider. Throws `not_found`. */
export async function getDelivery(ctx: Ctx, id: Id<"Delivery">): Promise<DeliveryWithAttempts> {
  const delivery = await deliveryRepo(ctx).get(id);
  return { ...delivery, attempts: await attemptRepo(ctx).listOf(id) };
}
