import { deliveriesOf, occurrencesOf as ledger, ring } from "@reminder-app/testing/given-delivery";
import { aContact, givenBusiness } from "@reminder-app/testing/given-business";
import { HOUR_MS } from "@reminder-app/platform/clock";
import { expect, test } from "vitest";
import { changeReminder } from "../reminders/change-reminder.ts";
import { cancelReminder } from "../reminders/change-status.ts";
import { reminderRepo } from "../reminders/reminders.repo.ts";
import { planReminders } from "./plan-reminder.ts";
import { planTogether } from "./plan-together.ts";

const daily = { kind: "recurring", start: "2027-03-02T09:00", zone: "Europe/London", rule: "FREQ=DAILY" } as const;

test("09:00 in London on the day after the clocks change is 08:00 in UTC (A1)", async () => {
  const shop = await givenBusiness({ now: "2027-03-20T12:00:00Z" });
  const reminder = await shop.reminder({ schedule: { kind: "once", at: "2027-03-29T09:00", zone: "Europe/London" } });
  await shop.assign(reminder, await shop.client());
  const [delivery] = await ring(shop, reminder);
  expect(delivery?.nextAt?.toISOString()).toBe("2027-03-29T08:00:00.000Z");
});

test("a second ring for the same moment plans nothing more (C10)", async () => {
  const shop = await givenBusiness();
  const reminder = await shop.reminder();
  await shop.assign(reminder, await shop.client());
  await ring(shop, reminder);
  await reminderRepo(shop.ctx).update(reminder.id, { status: "active", nextDueAt: reminder.nextDueAt });
  expect(await ring(shop, reminder)).toHaveLength(1);
  expect(await ledger(shop, reminder.id)).toHaveLength(1);
});

test("twenty rings at once make one occurrence and one delivery (C10)", async () => {
  const shop = await givenBusiness();
  const reminder = await shop.reminder();
  await shop.assign(reminder, await shop.client());
  shop.clock.set(reminder.nextDueAt!);
  await Promise.all(Array.from({ length: 20 }, () => ring(shop, reminder)));
  expect(await deliveriesOf(shop, reminder.id)).toHaveLength(1);
});

test("after an outage the latest missed moment goes out if it is in its grace, the others are filed as missed (A12)", async () => {
  const shop = await givenBusiness();
  const reminder = await shop.reminder({ schedule: daily });
  await shop.assign(reminder, await shop.client());
  shop.clock.set("2027-03-04T13:00:00Z");
  await ring(shop, { id: reminder.id, nextDueAt: null });
  expect(await ledger(shop, reminder.id)).toMatchObject([
    { slot: "S:2027-03-02", state: "missed", reason: "grace_over" },
    { slot: "S:2027-03-03", state: "missed", reason: "grace_over" },
    { slot: "S:2027-03-04", state: "expanded" },
  ]);
  expect(await deliveriesOf(shop, reminder.id)).toHaveLength(1);
});

test("a moment whose grace is over is missed, and the next one is planned (A12)", async () => {
  const shop = await givenBusiness();
  const reminder = await shop.reminder({ schedule: daily });
  await shop.assign(reminder, await shop.client());
  shop.clock.set("2027-03-02T22:00:00Z");
  const [planned] = await planReminders(shop.ctx, [reminder.id], 60_000);
  expect(await ledger(shop, reminder.id)).toMatchObject([{ state: "missed" }]);
  expect(planned?.reminder.nextDueAt?.toISOString()).toBe("2027-03-03T09:00:00.000Z");
});

test("a fan-out goes on after a crash where it was (C10)", async () => {
  const shop = await givenBusiness();
  const reminder = await shop.reminder();
  const clients = await Promise.all(Array.from({ length: 12 }, () => shop.client()));
  await shop.assign(reminder, ...clients);
  shop.clock.set(reminder.nextDueAt!);
  await planReminders(shop.ctx, [reminder.id], 60_000);
  await Promise.all(Array.from({ length: 3 }, () => planTogether(shop.ctx, [reminder.id], 60_000)));
  expect(await deliveriesOf(shop, reminder.id)).toHaveLength(12);
});

test("cancelling ends a fan-out in progress (B5)", async () => {
  const shop = await givenBusiness();
  const reminder = await shop.reminder();
  await shop.assign(reminder, await shop.client());
  shop.clock.set(reminder.nextDueAt!);
  await planReminders(shop.ctx, [reminder.id], 60_000);
  await cancelReminder(shop.ctx, reminder.id);
  expect(await planTogether(shop.ctx, [reminder.id], 60_000)).toMatchObject([{ queued: [], finished: true }]);
  expect(await deliveriesOf(shop, reminder.id)).toEqual([]);
});

test("a new schedule re-dates what has not left, and repeats nothing (A13)", async () => {
  const shop = await givenBusiness();
  const reminder = await shop.reminder();
  await shop.assign(reminder, await shop.client());
  shop.clock.set(new Date(reminder.nextDueAt!.getTime() - 20_000));
  await ring(shop, { id: reminder.id, nextDueAt: null });
  await changeReminder(
    shop.ctx,
    { id: reminder.id, off: new Map() },
    { schedule: { kind: "once", at: "2027-03-05T09:00", zone: "Europe/London" }, appliesTo: "in_flight" },
  );
  expect(await deliveriesOf(shop, reminder.id)).toEqual([]);
  const [delivery] = await ring(shop, await reminderRepo(shop.ctx).get(reminder.id));
  expect(delivery?.dueAt.toISOString()).toBe("2027-03-05T09:00:00.000Z");
});

test("two contacts with one address get one message, and the ledger says why (C10)", async () => {
  const shop = await givenBusiness();
  const contact = aContact();
  const client = await shop.client({ contacts: [contact, { ...contact, name: "Bea" }] });
  const reminder = await shop.reminder();
  await shop.assign(reminder, client);
  const states = (await ring(shop, reminder)).map(({ state, reason }) => [state, reason]);
  expect(states).toEqual([
    ["queued", null],
    ["skipped", "duplicate_address"],
  ]);
});

test("a document reminder goes to the documents contact, and everyone in copy (F2)", async () => {
  const shop = await givenBusiness();
  const client = await shop.client({
    contacts: [aContact({ roles: ["primary"] }), aContact({ roles: ["documents"] }), aContact({ roles: ["cc"] })],
  });
  const reminder = await shop.reminder({ type: "document" });
  await shop.assign(reminder, client);
  const contactIds = (await ring(shop, reminder)).map(({ contactId }) => contactId).toSorted();
  expect(contactIds).toEqual([client.contacts[1]!.id, client.contacts[2]!.id].toSorted());
});

test("the next moment of a recurring reminder follows the one that was planned (A2)", async () => {
  const shop = await givenBusiness();
  const reminder = await shop.reminder({ schedule: daily });
  shop.clock.set("2027-03-02T09:00:00Z");
  const [planned] = await planReminders(shop.ctx, [reminder.id], 60_000);
  expect(planned!.reminder.nextDueAt!.getTime() - reminder.nextDueAt!.getTime()).toBe(24 * HOUR_MS);
});
