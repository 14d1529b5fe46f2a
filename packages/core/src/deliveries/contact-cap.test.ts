import type { Priority } from "@reminder-app/db/schema/reminders";
import { DAY_MS, HOUR_MS, after } from "@reminder-app/platform/clock";
import { type GivenBusiness, type GivenOptions, givenBusiness } from "@reminder-app/testing/given-business";
import {
  accepted,
  delivererFor,
  deliveriesOf,
  givenDue,
  ring,
  scriptedChannel,
} from "@reminder-app/testing/given-delivery";
import { expect, test } from "vitest";
import { changeBusiness } from "../businesses/change-business.ts";
import type { ClientWithContacts } from "../clients/get-client.ts";
import { SendNowInput, sendNow } from "../occurrences/send-now.ts";
import type { Delivery } from "./deliveries.repo.ts";
import { deliveryRowsRepo } from "./delivery-rows.repo.ts";

const always = { ...scriptedChannel([]).channel, send: async () => accepted };

/** A person who gets at most `contactCap` messages, and one due message for each of `priorities`. */
async function givenCapped(
  priorities: readonly Priority[],
  contactCap: GivenOptions["contactCap"] = { perDay: 1 },
  profile: GivenOptions = {},
) {
  const shop = await givenBusiness({ now: "2027-03-01T12:00:00Z", contactCap, ...profile });
  const client = await shop.client();
  const due = await dueMessages(shop, client, priorities);
  return { shop, client, due, deliver: delivererFor(shop, always) };
}

async function dueMessages(shop: GivenBusiness, client: ClientWithContacts, priorities: readonly Priority[]) {
  const at = after(shop.clock.now(), HOUR_MS);
  const due: Delivery[] = [];
  for (const priority of priorities) {
    const schedule = { kind: "once", at: at.toISOString().slice(0, 19), zone: "UTC" } as const;
    const { deliveries } = await givenDue({ ...shop, clock: shop.clock }, [client], { priority, schedule });
    due.push(...deliveries);
    shop.clock.set(after(at, -HOUR_MS));
  }
  shop.clock.set(at);
  return due;
}

async function stands({ shop }: { shop: GivenBusiness }): Promise<string[]> {
  const rows = (await deliveryRowsRepo(shop.ctx).page({}, { limit: 100 })).toReversed();
  return rows.map(({ state, reason }) => [state, reason].filter(Boolean).join(" "));
}

test("of four that are due at once the most important goes and three are put off, with the reason (C12)", async () => {
  const given = await givenCapped(["normal", "low", "high", "normal"]);
  await Promise.all(given.due.map(given.deliver));
  given.shop.clock.advance(5_000);
  await Promise.all(given.due.map(given.deliver));
  expect(await stands(given)).toEqual(["queued capped", "queued capped", "accepted", "queued capped"]);
});

test("what is less important waits a moment for what is due and goes first (C12)", async () => {
  const { shop, due, deliver } = await givenCapped(["low", "high"]);
  const [low, high] = due as [Delivery, Delivery];
  expect(await deliver(low)).toEqual({ kind: "wait", until: after(shop.clock.now(), 5_000) });
  expect(await deliver(high)).toEqual({ kind: "done" });
  shop.clock.advance(5_000);
  expect(await deliver(low)).toEqual({ kind: "wait", until: new Date("2027-03-02T13:00:00Z") });
});

test("the next day the next one goes, at the time of day at which it was due (C12)", async () => {
  const given = await givenCapped(["normal", "normal", "normal"]);
  for (const delivery of given.due) await given.deliver(delivery);
  given.shop.clock.set("2027-03-02T12:59:59Z");
  for (const delivery of given.due) await given.deliver(delivery);
  expect(await stands(given)).toEqual(["accepted", "queued capped", "queued capped"]);
  given.shop.clock.set("2027-03-02T13:00:00Z");
  for (const delivery of given.due) await given.deliver(delivery);
  expect(await stands(given)).toEqual(["accepted", "accepted", "queued capped"]);
});

test("a day is the recipient's own: what was sent before their midnight does not count after it (C12)", async () => {
  const given = await givenCapped(["normal", "normal"], { perDay: 1 }, { timeZone: "America/New_York" });
  const [first, second] = given.due as [Delivery, Delivery];
  await given.deliver(first);
  expect(await given.deliver(second)).toEqual({ kind: "wait", until: new Date("2027-03-02T13:00:00Z") });
  // 04:59 by UTC is 23:59 in New York: the day is the same.
  const [late] = await givenDue(given.shop, [given.client], { graceMinutes: 1440 }).then(
    ({ deliveries }) => deliveries,
  );
  given.shop.clock.set("2027-03-02T04:59:00Z");
  expect((await given.deliver(late!)).kind).toBe("wait");
  const [early] = await givenDue(given.shop, [given.client]).then(({ deliveries }) => deliveries);
  expect(await given.deliver(early!)).toEqual({ kind: "done" });
});

test("a week is any seven times 24 hours, to the second (C12)", async () => {
  const given = await givenCapped(["normal", "normal", "normal"], { perWeek: 2 });
  for (const delivery of given.due) await given.deliver(delivery);
  expect(await stands(given)).toEqual(["accepted", "accepted", "skipped capped"]);
  given.shop.clock.set("2027-03-08T11:59:59Z");
  const [next] = await givenDue(given.shop, [given.client]).then(({ deliveries }) => deliveries);
  given.shop.clock.set("2027-03-08T12:59:59Z");
  expect(await given.deliver(next!)).toEqual({ kind: "wait", until: new Date("2027-03-08T13:00:00Z") });
  given.shop.clock.set("2027-03-08T13:00:00Z");
  expect(await given.deliver(next!)).toEqual({ kind: "done" });
});

test("a message is put off for seven days at most, and then left out (C12)", async () => {
  const given = await givenCapped(["normal", "normal"], { perDay: 1 });
  const [, last] = given.due as [Delivery, Delivery];
  await given.deliver(given.due[0]!);
  await given.deliver(last);
  for (let day = 1; day < 7; day += 1) {
    given.shop.clock.set(after(last.dueAt, day * DAY_MS - HOUR_MS));
    const { deliveries } = await givenDue(given.shop, [given.client], { priority: "high" });
    given.shop.clock.set(after(last.dueAt, day * DAY_MS));
    for (const delivery of deliveries) await given.deliver(delivery);
    await given.deliver(last);
  }
  expect((await deliveriesOf(given.shop, last.reminderId))[0]).toMatchObject({ state: "skipped", reason: "capped" });
});

test("a message that goes out after its grace was put off within it (C12)", async () => {
  const given = await givenCapped(["normal", "normal"]);
  for (const delivery of given.due) await given.deliver(delivery);
  const [row] = await deliveriesOf(given.shop, given.due[1]!.reminderId);
  expect(row?.expiresAt).toEqual(new Date("2027-03-03T01:00:00Z"));
});

test("other people's messages do not count, and a business without a cap has none (C12)", async () => {
  const given = await givenCapped(["normal"]);
  const [other] = (await givenDue(given.shop, [await given.shop.client()])).deliveries;
  for (const delivery of [...given.due, other!]) await given.deliver(delivery);
  expect(await stands(given)).toEqual(["accepted", "accepted"]);
  const free = await givenCapped(["normal", "normal"], null);
  for (const delivery of free.due) await free.deliver(delivery);
  expect(await stands(free)).toEqual(["accepted", "accepted"]);
});

test("what an admin sends by hand at once goes whatever the cap, and counts (C12, A16)", async () => {
  const given = await givenCapped(["normal"]);
  const { reminderId } = given.due[0]!;
  const send = SendNowInput.parse({ evenIfRecent: true, evenInQuietHours: true });
  for (let time = 0; time < 2; time += 1) await sendNow(given.shop.ctx, reminderId, send);
  for (const delivery of (await deliveriesOf(given.shop, reminderId)).slice(1)) await given.deliver(delivery);
  expect(await given.deliver(given.due[0]!)).toMatchObject({ kind: "wait" });
  expect(await stands(given)).toEqual(["queued capped", "accepted", "accepted"]);
});

test("a newer message about the same work takes the place of one that is put off (C12)", async () => {
  const given = await givenCapped(["normal"]);
  const schedule = { kind: "recurring", start: "2027-03-01T13:30:00", zone: "UTC", rule: "FREQ=DAILY" } as const;
  const { reminder, deliveries } = await givenDue(given.shop, [given.client], { schedule });
  await given.deliver(given.due[0]!);
  await given.deliver(deliveries[0]!);
  given.shop.clock.set("2027-03-02T13:29:30Z");
  await ring(given.shop, { id: reminder.id, nextDueAt: null });
  expect(await stands(given)).toEqual(["accepted", "skipped superseded", "queued"]);
});

test("a cap that is raised or lifted lets go what waits for it (C12)", async () => {
  const given = await givenCapped(["normal", "normal", "normal"]);
  for (const delivery of given.due) await given.deliver(delivery);
  await changeBusiness(given.shop.ctx, { contactCap: { perDay: 2 } }, { sendsPerDay: 100 });
  for (const delivery of given.due) await given.deliver(delivery);
  expect(await stands(given)).toEqual(["accepted", "accepted", "queued capped"]);
  await changeBusiness(given.shop.ctx, { contactCap: null }, { sendsPerDay: 100 });
  for (const delivery of given.due) await given.deliver(delivery);
  expect(await stands(given)).toEqual(["accepted", "accepted", "accepted"]);
});

test("however many claim at once, a person never gets more than the cap (C12)", async () => {
  const given = await givenCapped(Array<Priority>(20).fill("normal"), { perDay: 3 });
  const workers = Array.from({ length: 5 }, () => delivererFor(given.shop, always));
  for (let round = 0; round < 4; round += 1) {
    await Promise.all(given.due.map((delivery, index) => workers[index % 5]!(delivery)));
    given.shop.clock.advance(5_000);
  }
  const all = await stands(given);
  expect(all.filter((one) => one === "accepted")).toHaveLength(3);
  expect(all.filter((one) => one === "queued capped")).toHaveLength(17);
});
