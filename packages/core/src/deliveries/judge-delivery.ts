import { TEST_PROVIDER } from "@reminder-app/channels/channel";
import type { Ctx } from "../ctx.ts";
import { isCountryAllowed } from "./allowed-country.ts";
import { type Verdict, checkSendable } from "./check-sendable.ts";
import { type Delivery, type SendContext, deliveryRepo } from "./deliveries.repo.ts";
import type { Limited } from "./limited.ts";
import { sendFacts } from "./send-facts.ts";

/** A delivery, what decides about it, and what that comes to. */
export interface Judged extends Limited {
  readonly delivery: Delivery;
  readonly context: SendContext;
  readonly verdict: Verdict;
}

/** Whether each of these deliveries may go by `provider` now. Call it with their rows locked. */
export async function judgeDeliveries(tx: Ctx, deliveries: readonly Delivery[], provider: string): Promise<Judged[]> {
  if (deliveries.length === 0) return [];
  const found = await deliveryRepo(tx).sendContexts(deliveries.map(({ id }) => id));
  const contexts = new Map(found.map((row) => [row.deliveryId, row]));
  return deliveries.map((delivery) => judge(tx, delivery, { context: contexts.get(delivery.id), provider }));
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
  return { delivery, context, verdict: checkSendable(facts, tx.now()) };
}
