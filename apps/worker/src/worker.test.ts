import { pauseReminder, resumeReminder } from "@reminder-app/core/reminders/pause-reminder";
import { getDelivery } from "@reminder-app/core/deliveries/get-delivery";
import type { Reminder } from "@reminder-app/core/reminders/reminders.repo";
import { deliverJob } from "@reminder-app/queues/jobs";
import { deliveriesOf } from "@reminder-app/testing/given-delivery";
import { type GivenBusiness, aContact, givenBusiness } from "@reminder-app/testing/given-business";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { type GivenWorkers, givenWorkers, log } from "./given-worker.ts";
import { sweepOnce } from "./sweep.ts";

let given: GivenWorkers;
beforeAll(async () => {
  given = await givenWorkers();
  await Promise.all([given.start(), given.start()]);
});
afterAll(() => given.close());

const patience = { timeout: 25_000, interval: 100 };
const soon = (seconds: number) => new Date(Date.now() + seconds * 1_000).toISOString().slice(0, 23);
let numbers = 2_000_000;

async function shopNow(): Promise<GivenBusiness> {
  return givenBusiness({ now: new Date().toISOString() });
}

/** A reminder in real time to one client with all addresses, by one channel. */
async function givenSoon(channel: "email" | "sms" | "whatsapp", { timer = true, seconds = 2 } = {}) {
  const shop = await shopNow();
  numbers += 1;
  const contact = aContact();
  const addresses = { ...contact.addresses, sms: `+1415${numbers}`, whatsapp: `+1415${numbers}` };
  const client = await shop.client({ contacts: [{ ...contact, addresses }] });
  const reminder = await shop.reminder({
    channels: [channel],
    schedule: { kind: "once", at: soon(seconds).slice(0, 19), zone: "UTC" },
  });
  await shop.assign(reminder, client);
  if (timer) await given.producer.setTimer(reminder);
  return { shop, reminder, to: addresses[channel] ?? "" };
}

async function untilState({ shop, reminder }: { shop: GivenBusiness; reminder: Reminder }, state: string) {
  await vi.waitFor(
    async () => expect((await deliveriesOf(shop, reminder.id)).map((row) => row.state)).toEqual([state]),
    patience,
  );
  const [delivery] = await deliveriesOf(shop, reminder.id);
  return getDelivery(shop.ctx, delivery!.id);
}

test.each(["email", "sms", "whatsapp"] as const)(
  "a reminder by %s reaches its client once, with its attempt on record (C1, C10)",
  async (channel) => {
    const sent = await givenSoon(channel);
    const { attempts } = await untilState(sent, "accepted");
    expect(attempts).toHaveLength(1);
    expect(await given.messagesTo(sent.to)).toHaveLength(1);
  },
);

test("a reminder whose timer was never set, because Redis was away, goes out all the same (J15)", async () => {
  const sent = await givenSoon("email", { timer: false });
  await untilState(sent, "accepted");
  expect(await given.messagesTo(sent.to)).toHaveLength(1);
});

test("emptying Redis while deliveries wait loses and doubles nothing (J15)", async () => {
  const sent = await givenSoon("sms", { seconds: 4 });
  await vi.waitFor(async () => expect(await deliveriesOf(sent.shop, sent.reminder.id)).toHaveLength(1), patience);
  await given.emptyRedis();
  await untilState(sent, "accepted");
  expect(await given.messagesTo(sent.to)).toHaveLength(1);
});

test("a refusal for now is tried again when its time has come (C8)", async () => {
  const sent = await givenSoon("sms", { timer: false });
  await given.script("sms", sent.to, { outcomes: ["throttle"], retryAfterSeconds: 1, then: "accept" });
  const { attempts } = await untilState(sent, "accepted");
  expect(attempts.map(({ state }) => state)).toEqual(["throttled", "accepted"]);
});

test("a refusal for good is final (C8)", async () => {
  const sent = await givenSoon("email", { timer: false });
  await given.script("email", sent.to, { outcomes: ["refuse"] });
  const { attempts, reason } = await untilState(sent, "failed");
  expect(attempts).toHaveLength(1);
  expect(reason).toMatch(/^smtp\/550/);
});

test("an SMS that was accepted while the connection broke is found, not sent again (C9)", async () => {
  const sent = await givenSoon("sms", { timer: false });
  await given.script("sms", sent.to, { outcomes: ["accept_then_drop"], then: "accept", callbacks: "none" });
  await untilState(sent, "accepted");
  expect(await given.messagesTo(sent.to)).toHaveLength(1);
});

test("a WhatsApp message whose outcome stays unknown is held, not sent again (C9)", async () => {
  const sent = await givenSoon("whatsapp", { timer: false });
  await given.script("whatsapp", sent.to, { outcomes: ["accept_then_drop"], then: "accept", callbacks: "none" });
  await untilState(sent, "held");
  expect(await given.messagesTo(sent.to)).toHaveLength(1);
});

test("a job too many finds nothing to claim (C10)", async () => {
  const sent = await givenSoon("email");
  const { id, businessId } = await untilState(sent, "accepted");
  for (let fence = 5; fence < 10; fence += 1) {
    await given.producer.add(deliverJob, [{ data: { v: 1, businessId, deliveryId: id, fence, channel: "email" } }]);
  }
  await vi.waitFor(async () => expect(await given.producer.queue("deliver-email").getActiveCount()).toBe(0), patience);
  expect(await given.messagesTo(sent.to)).toHaveLength(1);
});

test("jobs that are malformed stop nobody else", async () => {
  const queue = given.producer.queue("deliver-email");
  await queue.add("deliver", { v: 1, nonsense: true });
  await queue.add("deliver", { v: 2, from: "a newer version" });
  const sent = await givenSoon("email");
  await untilState(sent, "accepted");
  expect(await given.messagesTo(sent.to)).toHaveLength(1);
});

test("a delivery that slept through a pause goes out soon after the reminder is resumed (A15)", async () => {
  const sent = await givenSoon("email", { seconds: 2 });
  await vi.waitFor(async () => expect(await deliveriesOf(sent.shop, sent.reminder.id)).toHaveLength(1), patience);
  await pauseReminder(sent.shop.ctx, sent.reminder.id);
  const delayed = () => given.producer.queue("deliver-email").getDelayed();
  const [delivery] = await deliveriesOf(sent.shop, sent.reminder.id);
  const sleeps = async () => (await delayed()).some(({ id, delay }) => id?.includes(delivery!.id) && delay > 3_600_000);
  await vi.waitFor(async () => expect(await sleeps()).toBe(true), patience);

  await resumeReminder(sent.shop.ctx, sent.reminder.id);
  await untilState(sent, "accepted");
  expect(await given.messagesTo(sent.to)).toHaveLength(1);
});

test("a sweep beside a sweep adds nothing twice", async () => {
  const sent = await givenSoon("email", { timer: false, seconds: 1 });
  const deps = { system: { ...sent.shop.system, now: () => new Date() }, producer: given.producer, log };
  await Promise.all(Array.from({ length: 5 }, () => sweepOnce(deps)));
  await untilState(sent, "accepted");
  expect(await given.messagesTo(sent.to)).toHaveLength(1);
});

test("a timer is one entry of ids however many clients there are, and is gone when the reminder is over", async () => {
  const sent = await givenSoon("email", { seconds: 60 });
  const queue = given.producer.queue("reminders");
  const timer = await queue.getJobScheduler(sent.reminder.id);
  expect(timer?.template?.data).toEqual({ v: 1, businessId: sent.shop.ctx.businessId, reminderId: sent.reminder.id });
  await given.producer.setTimer({ ...sent.reminder, status: "cancelled" });
  expect(await queue.getJobScheduler(sent.reminder.id)).toBeUndefined();
});
