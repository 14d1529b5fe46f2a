import {
  accepted,
  ambiguous,
  delivererFor,
  givenDue,
  scriptedChannel,
  timing,
} from "@reminder-app/testing/given-delivery";
import { givenBusiness } from "@reminder-app/testing/given-business";
import { expect, test } from "vitest";
import { decideDelivery } from "./decide-delivery.ts";
import { getDelivery } from "./get-delivery.ts";
import type { SendResult } from "@reminder-app/channels/channel";

async function endedWith(result: SendResult, then: SendResult = accepted) {
  const shop = await givenBusiness();
  const { deliveries } = await givenDue(shop);
  const [delivery] = deliveries;
  const { channel, calls } = scriptedChannel([result, then], { policy: "await_webhook" });
  const deliver = delivererFor(shop, channel);
  await deliver(delivery!);
  shop.clock.advance(timing.holdMs);
  await deliver(delivery!);
  return { shop, delivery: delivery!, deliver, calls };
}

test("a delivery that failed for good can be sent again by hand (C8)", async () => {
  const { shop, delivery, deliver, calls } = await endedWith({
    kind: "refused",
    code: "smtp/550",
    reason: "no such user",
  });
  expect(await decideDelivery(shop.ctx, delivery.id, { decision: "send_again" })).toMatchObject({
    state: "retry",
    tries: 0,
  });
  await deliver(delivery);
  expect(calls).toHaveLength(2);
  expect(await getDelivery(shop.ctx, delivery.id)).toMatchObject({ state: "accepted" });
});

test("a person settles a held delivery as sent, and nothing more goes", async () => {
  const { shop, delivery, deliver, calls } = await endedWith(ambiguous);
  expect(await getDelivery(shop.ctx, delivery.id)).toMatchObject({ state: "held" });
  expect(await decideDelivery(shop.ctx, delivery.id, { decision: "was_sent" })).toMatchObject({ state: "accepted" });
  await deliver(delivery);
  expect(calls).toHaveLength(1);
});

test("a delivery that is on its way or done leaves nothing to decide", async () => {
  const { shop, delivery } = await endedWith(accepted);
  await expect(decideDelivery(shop.ctx, delivery.id, { decision: "send_again" })).rejects.toMatchObject({
    code: "conflict",
  });
});

test("another business cannot decide, nor learn that there is something", async () => {
  const [{ delivery }, rival] = await Promise.all([endedWith(ambiguous), givenBusiness()]);
  await expect(decideDelivery(rival.ctx, delivery.id, { decision: "cancel" })).rejects.toMatchObject({
    code: "not_found",
  });
});
