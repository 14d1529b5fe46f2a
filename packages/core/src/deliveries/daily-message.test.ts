import type { Channel } from "@reminder-app/channels/channel";
import type { Priority } from "@reminder-app/db/schema/reminders";
import { type GivenBusiness, type GivenOptions, givenBusiness } from "@reminder-app/testing/given-business";
import { accepted, delivererFor, ring, scriptedChannel } from "@reminder-app/testing/given-delivery";
import { expect, test } from "vitest";
import { closeAssignment } from "../assignments/change-assignment.ts";
import { changeBusiness } from "../businesses/change-business.ts";
import type { ClientWithContacts } from "../clients/get-client.ts";
import { cancelReminder } from "../reminders/change-status.ts";
import { pauseReminder } from "../reminders/pause-reminder.ts";
import { reminderRepo } from "../reminders/reminders.repo.ts";
import type { Delivery } from "./deliveries.repo.ts";
import { deliveryRowsRepo } from "./delivery-rows.repo.ts";

const busy = { kind: "throttled", code: "smtp/451", reason: "busy" } as const;
type Sent = Parameters<Channel["send"]>[0];

interface Item {
  readonly name: string;
  readonly priority?: Priority;
  readonly type?: "deadline" | "appointment";
  readonly time?: string;
}
const three: readonly Item[] = [{ name: "VAT" }, { name: "Payroll" }, { name: "Accounts" }];

/** A person with several things due on one day, in a business that sends one message a day. */
async function givenDay(items: readonly Item[], profile: GivenOptions = {}, client: object = {}) {
  const shop = await givenBusiness({ now: "2027-03-01T06:00:00Z", dailyMessageAt: "09:00", ...profile });
  const whom = await shop.client(client);
  const due: Awaited<ReturnType<typeof planItem>>[] = [];
  for (const item of items) due.push(await planItem(shop, whom, item));
  const sent: Sent[] = [];
  const answers: Awaited<ReturnType<Channel["send"]>>[] = [];
  const send = async (message: Sent) => (sent.push(message), answers.shift() ?? accepted);
  const deliver = delivererFor(shop, { ...scriptedChannel([]).channel, send });
  const deliverAll = async () => {
    for (const { delivery } of due) await deliver(delivery);
  };
  return { shop, client: whom, due, sent, answers, deliver, deliverAll };
}

async function planItem(shop: GivenBusiness, client: ClientWithContacts, { name, time = "17:00", ...item }: Item) {
  shop.clock.set("2027-03-01T06:00:00Z");
  const reminder = await shop.reminder({
    name,
    ...item,
    schedule: { kind: "once", at: `2027-03-01T${time}`, zone: "Europe/London" },
    subject: `${name} for {{ client.name }}`,
    body: `Please send us your ${name} figures.`,
  });
  const [assignment] = await shop.assign(reminder, client);
  const [delivery] = await ring(shop, reminder);
  if (!assignment || !delivery) throw new Error("Nothing was planned");
  return { reminder, assignment, delivery };
}

async function stands(shop: GivenBusiness): Promise<string[]> {
  const rows = (await deliveryRowsRepo(shop.ctx).page({}, { limit: 100 })).toReversed();
  return rows.map(({ state, reason }) => [state, reason].filter(Boolean).join(" "));
}

const rowOf = async (shop: GivenBusiness, { id }: Delivery) =>
  (await deliveryRowsRepo(shop.ctx).page({}, { limit: 100 })).find((row) => row.id === id);

test("three things that are due on one day are one email with three lines, at the time of the daily message (C13)", async () => {
  const { shop, due, sent, deliverAll } = await givenDay(three);
  expect(due.map(({ delivery }) => delivery.dueAt.toISOString())).toEqual(Array(3).fill("2027-03-01T09:00:00.000Z"));
  await deliverAll();
  expect(sent.map(({ content }) => content.subject)).toEqual(["3 reminders from Ledger & Sons"]);
  expect(sent[0]?.content.text).toBe(`3 reminders from Ledger & Sons:

1. VAT for Hill Ltd

Please send us your VAT figures.

2. Payroll for Hill Ltd

Please send us your Payroll figures.

3. Accounts for Hill Ltd

Please send us your Accounts figures.`);
  expect(sent[0]?.content.html).toContain('<p style="margin:0 0 16px">2. Payroll for Hill Ltd</p>');
  expect(await stands(shop)).toEqual(["accepted", "skipped merged", "skipped merged"]);
  expect((await rowOf(shop, due[1]!.delivery))?.mergedInto).toBe(due[0]!.delivery.id);
});

test("the frame of a list is in the reader's language (C13)", async () => {
  const { sent, deliverAll } = await givenDay(three, {}, { locale: "es-ES" });
  await deliverAll();
  expect(sent[0]?.content.subject).toBe("3 recordatorios de Ledger & Sons");
});

test("without the setting each goes by itself, at its own time (C13)", async () => {
  const { due, sent, deliverAll } = await givenDay(three, { dailyMessageAt: null });
  expect(due[0]?.delivery.dueAt.toISOString()).toBe("2027-03-01T17:00:00.000Z");
  await deliverAll();
  expect(sent.map(({ content }) => content.subject)).toEqual(three.map(({ name }) => `${name} for Hill Ltd`));
});

test("an appointment goes by itself, at its own time (C13)", async () => {
  const { shop, due, sent, deliver, deliverAll } = await givenDay([
    { name: "VAT" },
    { name: "Payroll" },
    { name: "Visit", type: "appointment", time: "08:59" },
  ]);
  await deliver(due[2]!.delivery);
  shop.clock.set("2027-03-01T09:00:00Z");
  await deliverAll();
  expect(sent.map(({ content }) => content.subject)).toEqual(["Visit for Hill Ltd", "2 reminders from Ledger & Sons"]);
});

test("the most important carries the others, whoever is claimed first (C13)", async () => {
  const { shop, sent, deliverAll } = await givenDay([{ name: "VAT" }, { name: "Tax", priority: "high" }]);
  await deliverAll();
  expect(sent[0]?.content.text).toMatch(/1\. Tax for Hill Ltd[^]*2\. VAT for Hill Ltd/);
  expect(await stands(shop)).toEqual(["skipped merged", "accepted"]);
});

test("what is done before it goes is no line of it (C13, B2)", async () => {
  const { shop, due, sent, deliverAll } = await givenDay(three);
  const close = ({ reminder, assignment }: (typeof due)[number]) =>
    closeAssignment(shop.ctx, { reminderId: reminder.id, assignmentId: assignment.id }, "done");
  await close(due[1]!);
  await deliverAll();
  expect(sent[0]?.content.subject).toBe("2 reminders from Ledger & Sons");
  expect(sent[0]?.content.text).not.toContain("Payroll");
  expect(await stands(shop)).toEqual(["accepted", "cancelled done", "skipped merged"]);
});

/** The same day, and its one message has been refused for now. */
async function givenRefused(items: readonly Item[] = three) {
  const given = await givenDay(items);
  given.answers.push(busy);
  await given.deliver(given.due[0]!.delivery);
  const retry = async () => {
    given.shop.clock.set("2027-03-01T09:30:00Z");
    await given.deliverAll();
  };
  return { ...given, retry };
}

test("a second try is the same one message, with the lines that are still open (C13, C8)", async () => {
  const { shop, due, sent, retry } = await givenRefused();
  const { reminder, assignment } = due[2]!;
  const answer = await closeAssignment(shop.ctx, { reminderId: reminder.id, assignmentId: assignment.id }, "done");
  expect(answer).toMatchObject({ cancelled: 1, inFlight: 0 });
  await retry();
  expect(sent.map(({ content }) => content.subject)).toEqual([
    "3 reminders from Ledger & Sons",
    "2 reminders from Ledger & Sons",
  ]);
  expect(new Set(sent.map(({ deliveryId }) => deliveryId)).size).toBe(1);
  expect(await stands(shop)).toEqual(["accepted", "skipped merged", "cancelled done"]);
});

test("with one line left it is that message, plain (C13)", async () => {
  const { shop, due, sent, retry } = await givenRefused([{ name: "VAT" }, { name: "Payroll" }]);
  await cancelReminder(shop.ctx, due[0]!.reminder.id);
  await retry();
  expect(sent.map(({ content }) => content.subject)).toEqual([
    "2 reminders from Ledger & Sons",
    "Payroll for Hill Ltd",
  ]);
  expect(sent[1]?.content.text).toBe("Please send us your Payroll figures.");
});

test("where the message's own item is done or cancelled, the others still go (C13)", async () => {
  const { shop, due, sent, retry } = await givenRefused();
  await cancelReminder(shop.ctx, due[0]!.reminder.id);
  await retry();
  expect(sent[1]?.content.subject).toBe("2 reminders from Ledger & Sons");
  expect(sent[1]?.content.text).not.toContain("VAT");
  expect(await stands(shop)).toEqual(["cancelled reminder_cancelled", "accepted", "skipped merged"]);
});

test("a line that is paused waits by itself, and the others go (C13, A15)", async () => {
  const { shop, due, sent, retry } = await givenRefused();
  await pauseReminder(shop.ctx, due[1]!.reminder.id);
  await retry();
  expect(sent[1]?.content.subject).toBe("2 reminders from Ledger & Sons");
  expect(await stands(shop)).toEqual(["accepted", "queued paused", "skipped merged"]);
});

test("a line of a message whose send has begun is in flight, and its stop says so (C13, B2)", async () => {
  const given = await givenDay(three);
  const { reminder, assignment } = given.due[2]!;
  let answer: object | undefined;
  const send = async () => {
    answer = await closeAssignment(given.shop.ctx, { reminderId: reminder.id, assignmentId: assignment.id }, "done");
    return accepted;
  };
  await delivererFor(given.shop, { ...scriptedChannel([]).channel, send })(given.due[0]!.delivery);
  expect(answer).toMatchObject({ cancelled: 0, inFlight: 1 });
});

test("when the business takes the setting back, what waits goes by itself (C13)", async () => {
  const { shop, sent, retry } = await givenRefused();
  await changeBusiness(shop.ctx, { dailyMessageAt: null }, { sendsPerDay: 100 });
  await retry();
  expect(sent.slice(1).map(({ content }) => content.subject)).toEqual(three.map(({ name }) => `${name} for Hill Ltd`));
});

test("a text that cannot be written is left out, and the others go (C13)", async () => {
  const { shop, due, sent, deliver } = await givenDay([{ name: "VAT" }, { name: "Payroll" }]);
  await reminderRepo(shop.ctx).update(due[1]!.reminder.id, { body: "Due on {{ due_date }}" });
  await deliver(due[0]!.delivery);
  expect(sent.map(({ content }) => content.subject)).toEqual(["VAT for Hill Ltd"]);
  expect(await stands(shop)).toEqual(["accepted", "failed template/empty_field"]);
});

test("a message that lists several counts once towards what a person may get (C12, C13)", async () => {
  const { shop, sent, deliverAll } = await givenDay(three, { contactCap: { perDay: 1 } });
  await deliverAll();
  expect(sent).toHaveLength(1);
  expect(await stands(shop)).toEqual(["accepted", "skipped merged", "skipped merged"]);
});

test("what is put off to the next day goes as one message then (C12, C13)", async () => {
  const { shop, sent, due, deliver, deliverAll } = await givenDay(
    [{ name: "Visit", type: "appointment", time: "08:00" }, ...three],
    { contactCap: { perDay: 1 } },
  );
  await deliver(due[0]!.delivery);
  await deliverAll();
  expect(await stands(shop)).toEqual(["accepted", "queued capped", "skipped merged", "skipped merged"]);
  shop.clock.set("2027-03-02T09:00:00Z");
  await deliverAll();
  expect(sent.map(({ content }) => content.subject)).toEqual(["Visit for Hill Ltd", "3 reminders from Ledger & Sons"]);
});

test("planned late, it waits a moment until all of a person's things are planned (C13, A12)", async () => {
  const { shop, client } = await givenDay([]);
  const item = { schedule: { kind: "once", at: "2027-03-01T09:00", zone: "Europe/London" } } as const;
  const reminder = await shop.reminder(item);
  await shop.assign(reminder, client);
  shop.clock.set("2027-03-01T11:00:00Z");
  const [delivery] = await ring(shop, { id: reminder.id, nextDueAt: null });
  expect(delivery?.nextAt).toEqual(new Date("2027-03-01T11:00:30Z"));
});

test("however many workers claim at once, one message goes (C13)", async () => {
  const items = Array.from({ length: 12 }, (_, index) => ({ name: `Item ${index}` }));
  const { shop, due, sent, deliver } = await givenDay(items);
  const send = async (message: Sent) => (sent.push(message), accepted);
  const workers = Array.from({ length: 4 }, () => delivererFor(shop, { ...scriptedChannel([]).channel, send }));
  await Promise.all(due.map(({ delivery }, index) => workers[index % 4]!(delivery)));
  for (const { delivery } of due) await deliver(delivery);
  expect(sent.map(({ content }) => content.subject)).toEqual(["12 reminders from Ledger & Sons"]);
});
