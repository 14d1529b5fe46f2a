import { type GivenBusiness, givenBusiness } from "@reminder-app/testing/given-business";
import { deliveriesOf, occurrencesOf, ring } from "@reminder-app/testing/given-delivery";
import { aSequence, givenSequence, passDays, planNow, stepsOf } from "@reminder-app/testing/given-sequence";
import { expect, test } from "vitest";
import type { z } from "zod";
import { type ChangeBusinessInput, changeBusiness } from "../businesses/change-business.ts";
import { SendNowInput, sendNow } from "../occurrences/send-now.ts";
import { ChangeReminderInput, changeReminder } from "./change-reminder.ts";
import { activateReminder } from "./change-status.ts";
import { type Reminder, reminderRepo } from "./reminders.repo.ts";

const daily = { kind: "recurring", start: "2027-03-01T17:00", zone: "Europe/London", rule: "FREQ=DAILY" } as const;

const change = (shop: GivenBusiness, input: z.output<typeof ChangeBusinessInput>) =>
  changeBusiness(shop.ctx, input, { sendsPerDay: 100 });

async function nextOf(shop: GivenBusiness, { id }: Pick<Reminder, "id">): Promise<string | undefined> {
  return (await reminderRepo(shop.ctx).get(id)).nextDueAt?.toISOString();
}

/** A business at noon, with a reminder that comes at 17:00 each day. */
async function givenNoon(profile = {}) {
  const shop = await givenBusiness({ now: "2027-03-01T12:00:00Z", ...profile });
  const reminder = await shop.reminder({ schedule: daily });
  await shop.assign(reminder, await shop.client());
  return { shop, reminder };
}

test("a time of the daily message moves what is to come, and its removal moves it back (C13)", async () => {
  const { shop, reminder } = await givenNoon();
  const { retimed } = await change(shop, { dailyMessageAt: "15:00" });
  expect(retimed.map(({ id }) => id)).toEqual([reminder.id]);
  expect(await nextOf(shop, reminder)).toBe("2027-03-01T15:00:00.000Z");
  await change(shop, { dailyMessageAt: null });
  expect(await nextOf(shop, reminder)).toBe("2027-03-01T17:00:00.000Z");
  expect((await change(shop, { name: "Ledger & Daughters" })).retimed).toEqual([]);
});

test("what was to come today is not lost when its new time is past: it goes at once (C13)", async () => {
  const { shop, reminder } = await givenNoon();
  await change(shop, { dailyMessageAt: "09:00" });
  await planNow(shop, reminder.id);
  expect(await deliveriesOf(shop, reminder.id)).toMatchObject([
    { state: "queued", dueAt: new Date("2027-03-01T09:00:00Z"), nextAt: new Date("2027-03-01T12:00:30Z") },
  ]);
  expect(await nextOf(shop, reminder)).toBe("2027-03-02T09:00:00.000Z");
});

test("what was planned for today is not planned again at a later time (C13)", async () => {
  const { shop, reminder } = await givenNoon({ dailyMessageAt: "12:00" });
  shop.clock.set("2027-03-02T12:00:00Z");
  await planNow(shop, reminder.id);
  await change(shop, { dailyMessageAt: "15:00" });
  shop.clock.set("2027-03-02T15:00:00Z");
  await planNow(shop, reminder.id);
  const days = (await occurrencesOf(shop, reminder.id)).map(({ slot, dueAt }) => [slot, dueAt.toISOString()]);
  expect(days.at(-1)).toEqual(["S:2027-03-02", "2027-03-02T12:00:00.000Z"]);
  expect(await nextOf(shop, reminder)).toBe("2027-03-03T15:00:00.000Z");
});

test.each([
  ["15:00", "2027-03-05T15:00"],
  ["08:00", "2027-03-05T08:00"],
])("a step of today that was to come at 12:30 comes today, also at %s (C13)", async (dailyMessageAt, expected) => {
  const shop = await givenBusiness({ now: "2027-03-01T12:00:00Z", dailyMessageAt: "12:30" });
  const { reminder } = await givenSequence(shop, aSequence([-7, -1]), { dueOn: "2027-03-12" });
  await passDays(shop, reminder.id, 4);
  await change(shop, { dailyMessageAt });
  await passDays(shop, reminder.id, 10);
  const steps = await stepsOf(shop, reminder.id);
  expect(steps.map((step) => step.slice(0, 20))).toEqual([`t-7 ${expected}`, `t-1 2027-03-11T${dailyMessageAt}`]);
});

test("a step that is planned stays planned once when the time changes afterwards (C13)", async () => {
  const shop = await givenBusiness({ now: "2027-03-01T12:00:00Z" });
  const { reminder } = await givenSequence(shop, aSequence([-7, -1]), { dueOn: "2027-03-12" });
  await passDays(shop, reminder.id, 4);
  await change(shop, { dailyMessageAt: "16:00" });
  await passDays(shop, reminder.id, 1);
  const steps = await stepsOf(shop, reminder.id);
  expect(steps.map((step) => step.slice(0, 20))).toEqual(["t-7 2027-03-05T09:00"]);
});

test("holidays that are set move the steps that are to come (A9)", async () => {
  const shop = await givenBusiness({ now: "2027-03-20T12:00:00Z" });
  const schedule = aSequence([]);
  const step = { id: "t-1", days: -1, time: "09:00", ifClosed: "earlier" as const };
  // The day before is Easter Monday.
  const { reminder } = await givenSequence(shop, { ...schedule, steps: [step] }, { dueOn: "2027-03-30" });
  await planNow(shop, reminder.id);
  expect(await nextOf(shop, reminder)).toBe("2027-03-29T08:00:00.000Z");
  await change(shop, { holidayCalendar: "GB-ENG" });
  await planNow(shop, reminder.id);
  expect(await nextOf(shop, reminder)).toBe("2027-03-25T09:00:00.000Z");
});

test("whatever says when a reminder comes next says the time of the daily message (C13)", async () => {
  const shop = await givenBusiness({ now: "2027-03-01T12:00:00Z", dailyMessageAt: "10:30" });
  const draft = await shop.reminder({ schedule: daily, activate: false });
  await activateReminder(shop.ctx, draft.id, new Map());
  expect(await nextOf(shop, draft)).toBe("2027-03-02T10:30:00.000Z");
  const weekly = ChangeReminderInput.parse({ schedule: { ...daily, rule: "FREQ=WEEKLY;BYDAY=WE" } });
  await changeReminder(shop.ctx, { id: draft.id, off: new Map() }, weekly);
  expect(await nextOf(shop, draft)).toBe("2027-03-03T10:30:00.000Z");
  await shop.assign(draft, await shop.client());
  await sendNow(shop.ctx, draft.id, SendNowInput.parse({ replaceNext: true }));
  shop.clock.set("2027-03-03T10:30:00Z");
  const made = await ring(shop, { id: draft.id, nextDueAt: null });
  expect(made.at(-1)).toMatchObject({ reason: "replaced_by_manual_send", dueAt: new Date("2027-03-03T10:30:00Z") });
});

test("a moment whose daily message is past is refused, with the time that counts (C13)", async () => {
  const shop = await givenBusiness({ now: "2027-03-01T12:00:00Z", dailyMessageAt: "09:00" });
  const schedule = { kind: "once", at: "2027-03-01T17:00", zone: "Europe/London" } as const;
  await expect(shop.reminder({ schedule })).rejects.toThrow(/2027-03-01T09:00, the time of the daily message/);
  expect((await shop.reminder({ schedule, type: "appointment" })).nextDueAt).toEqual(new Date("2027-03-01T17:00:00Z"));
});
