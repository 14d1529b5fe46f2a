import { enqueueDeliveries, enqueuePlanning } from "@reminder-app/queues/enqueue";
import { aContact } from "@reminder-app/testing/given-business";
import { deliveriesOf, ring } from "@reminder-app/testing/given-delivery";
import { givenTestBusiness } from "@reminder-app/testing/given-test-clock";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { type GivenWorkers, givenWorkers } from "./given-worker.ts";

let given: GivenWorkers;
beforeAll(async () => {
  given = await givenWorkers();
  await given.start();
});
afterAll(() => given.close());

/** Reminders come due an hour later, so that by real time they are a little late. */
const now = new Date(Date.now() - 2 * 3_600_000).toISOString();

test("a message of a test business reaches no real provider, even when a job for it is on a queue (J12)", async () => {
  const shop = await givenTestBusiness({ now });
  const contact = aContact();
  const reminder = await shop.reminder();
  await shop.assign(reminder, await shop.client({ contacts: [contact] }));
  const deliveries = await ring(shop, reminder);
  await enqueueDeliveries(
    given.producer,
    shop.ctx.businessId,
    deliveries.map(({ id, channel, fence }) => ({ id, channel, fence })),
  );
  const settled = async () => (await deliveriesOf(shop, reminder.id)).map(({ state }) => state);
  await vi.waitFor(async () => expect(await settled()).toEqual(["skipped"]), { timeout: 15_000, interval: 100 });
  expect(await given.messagesTo(contact.addresses?.email ?? "")).toEqual([]);
  expect(await shop.messages()).toEqual([]);
});

test("a job plans nothing in a test business, whose clock alone does (J12)", async () => {
  const shop = await givenTestBusiness({ now });
  const reminder = await shop.reminder();
  await shop.assign(reminder, await shop.client());
  await enqueuePlanning(given.producer, [{ businessId: shop.ctx.businessId, reminderId: reminder.id }]);
  // The sweep adds what other tests left due; only this job's end is waited for.
  const job = () => given.producer.queue("reminders").getJob(`p${reminder.id}`);
  await vi.waitFor(async () => expect(await job()).toBeUndefined(), { timeout: 15_000, interval: 100 });
  expect(await deliveriesOf(shop, reminder.id)).toEqual([]);
  await shop.advance({ by: { hours: 2 } });
  expect(await deliveriesOf(shop, reminder.id)).toMatchObject([{ state: "accepted" }]);
});
