import { HOUR_MS, after } from "@reminder-app/platform/clock";
import type { Id } from "@reminder-app/platform/ids";
import { type GivenBusiness, givenBusiness } from "@reminder-app/testing/given-business";
import { deliveriesOf, occurrencesOf, ring } from "@reminder-app/testing/given-delivery";
import { changeDelivery, plantShift } from "@reminder-app/testing/given-shift";
import { aSequence, givenSequence, passDays, planNow, stepsOf } from "@reminder-app/testing/given-sequence";
import { expect, test } from "vitest";
import { reminderRepo } from "../reminders/reminders.repo.ts";
import { cancelReminder } from "../reminders/change-status.ts";
import { rederiveReminder } from "./rederive-reminder.ts";

const daily = { kind: "recurring", start: "2027-03-01T09:00", zone: "America/Vancouver", rule: "FREQ=DAILY" } as const;

async function nextOf(shop: GivenBusiness, id: Id<"Reminder">): Promise<string | undefined> {
  return (await reminderRepo(shop.ctx).get(id)).nextDueAt?.toISOString();
}

const timesOf = async (shop: GivenBusiness, id: Id<"Reminder">) =>
  (await deliveriesOf(shop, id)).map(({ state, reason, dueAt, nextAt, expiresAt }) => ({
    state,
    reason,
    dueAt,
    nextAt,
    expiresAt,
  }));

test.each([-1, 1])("a next moment that is %d h off is put right, and stays so (A7)", async (hours) => {
  const shop = await givenBusiness({ now: "2027-03-01T18:00:00Z" });
  const reminder = await shop.reminder({ schedule: daily });
  const right = await nextOf(shop, reminder.id);
  expect(right).toMatch(/^2027-03-02T1[67]:00/);
  await plantShift(shop, reminder.id, hours * HOUR_MS);
  await rederiveReminder(shop.ctx, reminder.id);
  expect(await nextOf(shop, reminder.id)).toBe(right);
  await rederiveReminder(shop.ctx, reminder.id);
  expect(await nextOf(shop, reminder.id)).toBe(right);
});

test("a moment that is past by the right clock is not passed over, and none is sent twice (A7)", async () => {
  const shop = await givenBusiness({ now: "2027-03-01T18:00:00Z" });
  const reminder = await shop.reminder({ schedule: daily });
  await shop.assign(reminder, await shop.client());
  const right = new Date((await nextOf(shop, reminder.id)) ?? "");
  await plantShift(shop, reminder.id, HOUR_MS);
  shop.clock.set(after(right, HOUR_MS / 2));
  await rederiveReminder(shop.ctx, reminder.id);
  await ring(shop, await reminderRepo(shop.ctx).get(reminder.id));
  await plantShift(shop, reminder.id, -HOUR_MS);
  await rederiveReminder(shop.ctx, reminder.id);
  await planNow(shop, reminder.id);
  expect((await occurrencesOf(shop, reminder.id)).map(({ slot }) => slot)).toEqual(["S:2027-03-02"]);
  expect(await deliveriesOf(shop, reminder.id)).toHaveLength(1);
});

test("a one-off is due at its wall time again; a cancelled reminder is left alone (A7)", async () => {
  const shop = await givenBusiness({ now: "2027-03-01T18:00:00Z" });
  const schedule = { kind: "once", at: "2027-03-05T09:00", zone: "Africa/Casablanca" } as const;
  const [kept, ended] = [await shop.reminder({ schedule }), await shop.reminder({ schedule })];
  await cancelReminder(shop.ctx, ended.id);
  for (const { id } of [kept, ended]) {
    await plantShift(shop, id, HOUR_MS);
    const before = await nextOf(shop, id);
    await rederiveReminder(shop.ctx, id);
    const moved = (await nextOf(shop, id)) !== before;
    expect(moved).toBe(id === kept.id);
  }
  expect(await nextOf(shop, kept.id)).toBe(kept.nextDueAt?.toISOString());
});

test.each([-1, 1])("steps that were %d h off are planned at their right moments, each once (A7)", async (hours) => {
  const shop = await givenBusiness({ now: "2027-03-01T12:00:00Z" });
  const { reminder } = await givenSequence(shop, aSequence([-7, -1]), { dueOn: "2027-03-12" });
  await plantShift(shop, reminder.id, hours * HOUR_MS);
  await rederiveReminder(shop.ctx, reminder.id);
  await passDays(shop, reminder.id, 14);
  const steps = await stepsOf(shop, reminder.id);
  expect(steps.map((step) => step.slice(0, 20))).toEqual(["t-7 2027-03-05T09:00", "t-1 2027-03-11T09:00"]);
});

test("what is planned ahead and has not left follows, of a step and of a moment for all (A7)", async () => {
  const shop = await givenBusiness({ now: "2027-03-01T12:00:00Z" });
  const { reminder } = await givenSequence(shop, aSequence([-7]), { dueOn: "2027-03-12" });
  const shared = await shop.reminder({
    schedule: { kind: "recurring", start: "2027-03-05T09:00", zone: "Europe/London", rule: "FREQ=DAILY" },
  });
  await shop.assign(shared, await shop.client());
  shop.clock.set("2027-03-05T08:59:30Z");
  for (const { id } of [reminder, shared]) {
    await planNow(shop, id);
    const right = await timesOf(shop, id);
    expect(right).toHaveLength(1);
    await plantShift(shop, id, HOUR_MS);
    await rederiveReminder(shop.ctx, id);
    expect(await timesOf(shop, id)).toEqual(right);
    expect((await occurrencesOf(shop, id)).map(({ dueAt }) => dueAt)).toEqual([right[0]?.dueAt]);
  }
});

test("a message that waits for its hour in the recipient's own zone follows; one that was taken up does not (A7)", async () => {
  const shop = await givenBusiness({ now: "2027-03-01T12:00:00Z" });
  const schedule = { kind: "once", at: "2027-03-02T09:00", zone: "recipient" } as const;
  const reminder = await shop.reminder({ schedule });
  await shop.assign(reminder, await shop.client({ timeZone: "America/Vancouver" }), await shop.client());
  const made = await ring(shop, reminder);
  const taken = made.find(({ dueAt }) => dueAt.toISOString() === "2027-03-02T09:00:00.000Z");
  const waiting = made.find(({ id }) => id !== taken?.id);
  await plantShift(shop, reminder.id, HOUR_MS);
  await changeDelivery(shop, taken!.id, { state: "sending", fence: 1, tries: 1 });
  await rederiveReminder(shop.ctx, reminder.id);
  const rows = new Map((await deliveriesOf(shop, reminder.id)).map((row) => [row.id, row]));
  expect(rows.get(taken!.id)?.dueAt.toISOString()).toBe("2027-03-02T10:00:00.000Z");
  const { dueAt, nextAt, expiresAt } = waiting!;
  // Its job may sleep until the later instant, so it gets a new one.
  expect(rows.get(waiting!.id)).toMatchObject({ dueAt, nextAt, expiresAt, fence: 1 });
});

test("a message that waits for the end of quiet hours waits until they end on the right clock (A7)", async () => {
  const shop = await givenBusiness({
    now: "2027-03-01T12:00:00Z",
    timeZone: "America/Vancouver",
    quietHours: { start: "20:00", end: "08:00" },
  });
  const reminder = await shop.reminder({
    schedule: { kind: "once", at: "2027-03-02T06:00", zone: "America/Vancouver" },
  });
  await shop.assign(reminder, await shop.client());
  const [made] = await ring(shop, reminder);
  expect(made?.reason).toBe("quiet_hours");
  await changeDelivery(shop, made!.id, { nextAt: after(made!.nextAt!, HOUR_MS) });
  await rederiveReminder(shop.ctx, reminder.id);
  expect((await deliveriesOf(shop, reminder.id))[0]).toMatchObject({ nextAt: made!.nextAt, reason: "quiet_hours" });
});
