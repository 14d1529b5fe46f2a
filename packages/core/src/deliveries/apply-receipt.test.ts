import fc from "fast-check";
import { accepted, delivererFor, givenDue, scriptedChannel } from "@reminder-app/testing/given-delivery";
import { givenBusiness } from "@reminder-app/testing/given-business";
import { expect, test } from "vitest";
import { getClient } from "../clients/get-client.ts";
import { type ReceiptFact, applyReceipt } from "./apply-receipt.ts";
import { deliveryRepo } from "./deliveries.repo.ts";
import { getDelivery } from "./get-delivery.ts";

async function sent() {
  const shop = await givenBusiness();
  const { deliveries } = await givenDue(shop);
  await delivererFor(shop, scriptedChannel([accepted]).channel)(deliveries[0]!);
  const { attempts, id } = await getDelivery(shop.ctx, deliveries[0]!.id);
  return { shop, id, attempt: attempts[0]! };
}

test("delivered, then sent, stays delivered (C7)", async () => {
  const { shop, id, attempt } = await sent();
  await applyReceipt(shop.ctx, attempt, { status: "delivered" });
  await applyReceipt(shop.ctx, attempt, { status: "accepted" });
  expect(await getDelivery(shop.ctx, id)).toMatchObject({ state: "delivered" });
});

test("a bounce makes an accepted delivery undelivered, with its code (C7)", async () => {
  const { shop, id, attempt } = await sent();
  await applyReceipt(shop.ctx, attempt, { status: "undelivered", code: "twilio/30003" });
  expect(await getDelivery(shop.ctx, id)).toMatchObject({ state: "undelivered", reason: "twilio/30003" });
});

test.each(["unknown", "held", "retry", "sending"] as const)(
  "a receipt is evidence that settles a delivery that is %s (C7)",
  async (state) => {
    const { shop, id, attempt } = await sent();
    await deliveryRepo(shop.ctx).move([id], { state, reason: null, nextAt: shop.clock.now() }, {});
    await applyReceipt(shop.ctx, attempt, { status: "delivered" });
    expect(await getDelivery(shop.ctx, id)).toMatchObject({ state: "delivered", nextAt: null });
  },
);

test("receipts in any order, any number of times, end in the same state (C7)", async () => {
  const facts: ReceiptFact[] = [
    { status: "accepted" },
    { status: "undelivered", code: "x" },
    { status: "delivered" },
    { status: "read" },
  ];
  await fc.assert(
    fc.asyncProperty(fc.shuffledSubarray([...facts, ...facts], { minLength: 1 }), async (order) => {
      const { shop, id, attempt } = await sent();
      for (const fact of order) await applyReceipt(shop.ctx, attempt, fact);
      const furthest = ["accepted", "undelivered", "delivered", "read"].findLast((status) =>
        order.some((fact) => fact.status === status),
      );
      expect((await getDelivery(shop.ctx, id)).state).toBe(furthest);
    }),
    { numRuns: 25 },
  );
});

test.each([
  ["twilio/21610", "opted_out"],
  ["twilio/30005", "bounced"],
  ["twilio/30003", undefined],
])("a receipt of %s leaves the address %s (D5)", async (code, reason) => {
  const { shop, id, attempt } = await sent();
  const { clientId } = await getDelivery(shop.ctx, id);
  await applyReceipt(shop.ctx, attempt, { status: "undelivered", code });
  expect((await getClient(shop.ctx, clientId)).contacts[0]?.suppressed.email?.reason).toBe(reason);
});

test("a late report of a failure suppresses nobody whom the message had reached (D5)", async () => {
  const { shop, id, attempt } = await sent();
  const { clientId } = await getDelivery(shop.ctx, id);
  await applyReceipt(shop.ctx, attempt, { status: "delivered" });
  await applyReceipt(shop.ctx, attempt, { status: "undelivered", code: "twilio/30005" });
  expect((await getClient(shop.ctx, clientId)).contacts[0]?.suppressed).toEqual({});
});
