import {
  accepted,
  deliveriesOf,
  givenDue,
  givenOneDue,
  occurrencesOf,
  ring,
} from "@reminder-app/testing/given-delivery";
import { givenBusiness } from "@reminder-app/testing/given-business";
import { passTime } from "@reminder-app/testing/pass-time";
import { DAY_MS, HOUR_MS } from "@reminder-app/platform/clock";
import { expect, test } from "vitest";
import { AssignClientsInput, assignClients } from "../assignments/assign-clients.ts";
import { pauseReminder, resumeReminder } from "./pause-reminder.ts";
import { reminderRepo } from "./reminders.repo.ts";

const daily = { kind: "recurring", start: "2027-03-02T09:00", zone: "Europe/London", rule: "FREQ=DAILY" } as const;
const steps = [-3, -2, -1, 0].map((days) => ({ id: `t${days}`, days, time: "09:00" }));
const sequence = { kind: "sequence", zone: "Europe/London", steps } as const;

test("a recurring reminder that is paused for three days sends nothing, goes on by itself and repeats nothing (A15)", async () => {
  const shop = await givenBusiness({ now: "2027-03-02T08:00:00Z" });
  const reminder = await shop.reminder({ schedule: daily });
  await shop.assign(reminder, await shop.client());
  await passTime(shop, reminder.id, 24);
  await pauseReminder(shop.ctx, reminder.id, { until: "2027-03-06" });
  await passTime(shop, reminder.id, 3 * 24 + 6);

  expect((await occurrencesOf(shop, reminder.id)).map(({ slot, state, reason }) => [slot, state, reason])).toEqual([
    ["S:2027-03-02", "expanded", null],
    ["S:2027-03-03", "cancelled", "paused"],
    ["S:2027-03-04", "cancelled", "paused"],
    ["S:2027-03-05", "cancelled", "paused"],
    ["S:2027-03-06", "expanded", null],
  ]);
  expect(await deliveriesOf(shop, reminder.id)).toHaveLength(2);
  expect(await reminderRepo(shop.ctx).get(reminder.id)).toMatchObject({ status: "active", pausedUntil: null });
  expect(await shop.auditTrail()).toContain("reminder.resumed");
});

test("a sequence that is paused for two days leaves their steps out, and goes on by itself (A15)", async () => {
  const shop = await givenBusiness({ now: "2027-03-02T08:00:00Z" });
  const reminder = await shop.reminder({ schedule: sequence });
  const { id: clientId } = await shop.client();
  await assignClients(
    shop.ctx,
    reminder.id,
    AssignClientsInput.parse({ assignments: [{ clientId, dueOn: "2027-03-05" }] }),
  );
  await passTime(shop, reminder.id, 24);
  await pauseReminder(shop.ctx, reminder.id, { until: "2027-03-05T00:30:00Z" });
  await passTime(shop, reminder.id, 3 * 24);

  const made = await occurrencesOf(shop, reminder.id);
  expect(made.map(({ slot, state }) => [slot.split(":").at(-1), state])).toEqual([
    ["t-3", "expanded"],
    ["t-2", "cancelled"],
    ["t-1", "cancelled"],
    ["t0", "expanded"],
  ]);
  expect(await deliveriesOf(shop, reminder.id)).toHaveLength(2);
});

test("what came due in a pause stays unsent also when nobody planned meanwhile (A15)", async () => {
  const shop = await givenBusiness({ now: "2027-03-02T08:00:00Z" });
  const reminder = await shop.reminder({ schedule: daily });
  await shop.assign(reminder, await shop.client());
  await pauseReminder(shop.ctx, reminder.id);
  shop.clock.set("2027-03-03T10:00:00Z");
  await resumeReminder(shop.ctx, reminder.id);
  await ring(shop, { id: reminder.id, nextDueAt: null });
  expect(await deliveriesOf(shop, reminder.id)).toEqual([]);
  expect(await occurrencesOf(shop, reminder.id)).toMatchObject([{ state: "cancelled" }, { state: "cancelled" }]);
});

test("a `once` reminder whose moment passed in a pause is over when it is resumed (A15)", async () => {
  const shop = await givenBusiness();
  const reminder = await shop.reminder();
  await shop.assign(reminder, await shop.client());
  await pauseReminder(shop.ctx, reminder.id);
  await passTime(shop, reminder.id, 2);
  expect(await resumeReminder(shop.ctx, reminder.id)).toMatchObject({ status: "completed" });
  expect(await deliveriesOf(shop, reminder.id)).toEqual([]);
});

test("in the recipients' own zones a pause holds back only where it stands when the time comes (A15)", async () => {
  const shop = await givenBusiness({ now: "2027-03-01T12:00:00Z" });
  const reminder = await shop.reminder({ schedule: { ...daily, zone: "recipient" } });
  const [tokyo, newYork] = [
    await shop.client({ timeZone: "Asia/Tokyo" }),
    await shop.client({ timeZone: "America/New_York" }),
  ];
  await shop.assign(reminder, tokyo, newYork);
  await pauseReminder(shop.ctx, reminder.id);
  await passTime(shop, reminder.id, 14);
  await resumeReminder(shop.ctx, reminder.id);
  const rows = await deliveriesOf(shop, reminder.id);
  const of = (id: string) => rows.filter(({ clientId }) => clientId === id).map(({ state, reason }) => [state, reason]);
  expect(of(tokyo.id)).toEqual([["skipped", "paused"]]);
  expect(of(newYork.id)).toEqual([["queued", null]]);
});

test("what was queued before a timed pause waits for its end, and goes then (A15)", async () => {
  const { shop, reminder, delivery, deliver, calls } = await givenOneDue([accepted]);
  const until = new Date(shop.clock.now().getTime() + HOUR_MS);
  const paused = await pauseReminder(shop.ctx, reminder.id, { until: until.toISOString() });
  expect(paused).toMatchObject({ postponed: 1, inFlight: 0 });
  expect(await deliver(delivery)).toEqual({ kind: "wait", until });
  shop.clock.set(until);
  await deliver(delivery);
  expect(calls).toHaveLength(1);
});

test("a pause that lasts longer than a message makes sense lets it expire, and says why (A15)", async () => {
  const { shop, reminder, delivery, deliver, calls } = await givenOneDue([accepted]);
  await pauseReminder(shop.ctx, reminder.id, { until: "2027-03-20" });
  shop.clock.advance(DAY_MS);
  await deliver(delivery);
  expect(calls).toEqual([]);
  expect(await deliveriesOf(shop, reminder.id)).toMatchObject([{ state: "expired", reason: "paused" }]);
});

test("another end for a pause holds for what waits already: a later one, and an earlier one by a new job (A15)", async () => {
  const shop = await givenBusiness();
  const { reminder, deliveries } = await givenDue(shop);
  const at = (hours: number) => new Date(shop.clock.now().getTime() + hours * HOUR_MS);
  const waits = async () => (await deliveriesOf(shop, reminder.id)).map(({ nextAt, fence }) => [nextAt, fence]);
  await pauseReminder(shop.ctx, reminder.id, { until: at(2).toISOString() });
  expect(await waits()).toEqual([[at(2), 0]]);
  await pauseReminder(shop.ctx, reminder.id);
  expect(await waits()).toEqual([[deliveries[0]!.expiresAt, 0]]);
  await pauseReminder(shop.ctx, reminder.id, { until: at(1).toISOString() });
  expect(await waits()).toEqual([[at(1), 1]]);
});
