import type { Channel } from "@reminder-app/channels/channel";
import { storeReceipts } from "@reminder-app/core/system/store-receipts";
import { newId } from "@reminder-app/platform/ids";
import { connectProducer } from "@reminder-app/queues/connection";
import { createProducer } from "@reminder-app/queues/producer";
import { type GivenBusiness, givenBusiness, liveSystem } from "@reminder-app/testing/given-business";
import { accepted, deliveriesOf, givenDue, scriptedChannel, timing } from "@reminder-app/testing/given-delivery";
import { snapshotOf } from "@reminder-app/testing/given-rows";
import { testSettings } from "@reminder-app/testing/test-settings";
import { afterAll, expect, test } from "vitest";
import { log } from "./given-worker.ts";
import { applyEventHandler } from "./processors/apply-event.ts";
import { deliverHandler } from "./processors/deliver.ts";
import { planHandler } from "./processors/plan.ts";

const settings = testSettings();
const redis = connectProducer(settings.REDIS_URL, () => {});
const producer = createProducer({ connection: redis, prefix: `test-${newId().slice(-8)}` });
afterAll(async () => {
  await producer.close();
  redis.disconnect();
});

const snapshots = (...shops: readonly GivenBusiness[]) =>
  Promise.all(shops.map(({ ctx }) => snapshotOf(ctx.businessId)));

function deliverOver(channel: Channel, { system }: GivenBusiness) {
  const { PUBLIC_URL: publicUrl, BUSINESS_SENDS_PER_DAY: sendsPerDay } = settings;
  return deliverHandler({ system, senderOf: async () => ({ channel }), timing, publicUrl, sendsPerDay });
}

test("a deliver job that names another firm's delivery sends and changes nothing, nor does its crash (S21)", async () => {
  const [shop, rival] = await Promise.all([givenBusiness(), givenBusiness()]);
  const { reminder, deliveries } = await givenDue(shop);
  const [delivery] = deliveries;
  const { channel, calls } = scriptedChannel([accepted]);
  const handler = deliverOver(channel, shop);
  const job = { v: 1, deliveryId: delivery!.id, fence: 0, channel: "email" } as const;
  const before = await snapshots(shop, rival);

  const foreign = { ...job, businessId: rival.ctx.businessId };
  expect(await handler.handle(foreign)).toEqual({ kind: "done" });
  await handler.crashed(foreign);
  expect(calls).toEqual([]);
  expect(await snapshots(shop, rival)).toEqual(before);

  await handler.handle({ ...job, businessId: shop.ctx.businessId });
  expect(await deliveriesOf(shop, reminder.id)).toMatchObject([{ state: "accepted" }]);
});

test("a plan job that names another firm's reminder plans nothing and sets no timer (S21)", async () => {
  const [shop, rival] = await Promise.all([givenBusiness(), givenBusiness()]);
  const reminder = await shop.reminder();
  await shop.assign(reminder, await shop.client());
  shop.clock.set(reminder.nextDueAt!);
  const handler = planHandler({ system: shop.system, producer, log });
  const before = await snapshots(shop, rival);

  expect(await handler.handle({ v: 1, businessId: rival.ctx.businessId, reminderId: reminder.id })).toEqual({
    kind: "done",
  });
  expect(await snapshots(shop, rival)).toEqual(before);
  expect(await producer.queue("reminders").getJobScheduler(reminder.id)).toBeUndefined();

  await handler.handle({ v: 1, businessId: shop.ctx.businessId, reminderId: reminder.id });
  expect(await deliveriesOf(shop, reminder.id)).toHaveLength(1);
});

/** A message that its provider took, with our token and the provider's id of it. */
async function givenTaken(providerMessageId: string) {
  const shop = await givenBusiness();
  const { reminder, deliveries } = await givenDue(shop);
  const { channel, calls } = scriptedChannel([{ kind: "accepted", providerMessageId }]);
  const job = {
    v: 1,
    businessId: shop.ctx.businessId,
    deliveryId: deliveries[0]!.id,
    fence: 0,
    channel: "email",
  } as const;
  await deliverOver(channel, shop).handle(job);
  const state = async () => (await deliveriesOf(shop, reminder.id))[0]?.state;
  return { shop, token: calls[0]!.token, providerMessageId, state };
}

async function applyReport(report: { token?: string; providerMessageId: string }): Promise<void> {
  const fields = {
    provider: "scripted",
    account: "test",
    status: "delivered" as const,
    eventKey: newId<"ProviderEvent">(),
  };
  const [eventId] = await storeReceipts(liveSystem, [{ ...fields, ...report }]);
  expect(eventId).toBeDefined();
  await applyEventHandler(liveSystem).handle({ v: 1, eventId: eventId! });
}

test("a report that names one firm's message by our token and another's by the provider's id moves neither (S21, S52)", async () => {
  const [one, other] = await Promise.all([givenTaken(`m-${newId()}`), givenTaken(`m-${newId()}`)]);
  const before = await snapshots(one.shop, other.shop);
  await applyReport({ token: one.token, providerMessageId: other.providerMessageId });
  await applyReport({ token: newId(), providerMessageId: other.providerMessageId });
  expect(await snapshots(one.shop, other.shop)).toEqual(before);
});

test("a report moves the message of the firm that it is about, by either name, and no other (S21)", async () => {
  const [one, other] = await Promise.all([givenTaken(`m-${newId()}`), givenTaken(`m-${newId()}`)]);
  const before = await snapshots(other.shop);
  await applyReport({ token: one.token, providerMessageId: one.providerMessageId });
  expect([await one.state(), await snapshots(other.shop)]).toEqual(["delivered", before]);
  await applyReport({ providerMessageId: other.providerMessageId });
  expect(await other.state()).toBe("delivered");
});

test("an event that nobody stored changes nothing (S21)", async () => {
  const { shop, state } = await givenTaken(`m-${newId()}`);
  const before = await snapshots(shop);
  expect(await applyEventHandler(liveSystem).handle({ v: 1, eventId: newId() })).toEqual({ kind: "done" });
  expect([await state(), await snapshots(shop)]).toEqual(["accepted", before]);
});
