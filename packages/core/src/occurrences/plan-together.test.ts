import { newId } from "@reminder-app/platform/ids";
import { type GivenBusiness, givenBusiness } from "@reminder-app/testing/given-business";
import { deliveriesOf, occurrencesOf } from "@reminder-app/testing/given-delivery";
import { assignMany } from "@reminder-app/testing/given-many";
import { aSequence, givenSequence } from "@reminder-app/testing/given-sequence";
import { expect, test, vi } from "vitest";
import { inTransaction } from "../ctx.ts";
import { ChangeReminderInput, changeReminder } from "../reminders/change-reminder.ts";
import { cancelReminder } from "../reminders/change-status.ts";
import { type Reminder, reminderRepo } from "../reminders/reminders.repo.ts";
import { taskRepo } from "../tasks/tasks.repo.ts";
import { createPlanner } from "./plan.ts";
import { planTogether } from "./plan-together.ts";

const HORIZON_MS = 60_000;
const idsOf = (reminders: readonly Reminder[]) => reminders.map(({ id }) => id);

/** Reminders that are due at one instant, which has come, each with so many clients. */
async function givenHerd(shop: GivenBusiness, clients: readonly number[]): Promise<Reminder[]> {
  const reminders: Reminder[] = [];
  for (const count of clients) {
    const reminder = await shop.reminder();
    await assignMany(shop, reminder, count);
    reminders.push(reminder);
  }
  shop.clock.set(reminders[0]?.nextDueAt ?? shop.clock.now());
  return reminders;
}

async function deliveredTo(shop: GivenBusiness, reminders: readonly Reminder[]): Promise<number[]> {
  return Promise.all(reminders.map(async ({ id }) => (await deliveriesOf(shop, id)).length));
}

/** Plan as a worker does that has the jobs of all these in hand. Answers how many deliveries each has queued. */
async function planAtOnce(shop: GivenBusiness, ids: readonly Reminder["id"][]) {
  const planner = createPlanner(shop.system, HORIZON_MS);
  return Promise.allSettled(
    ids.map(async (reminderId) => {
      let queued = 0;
      for await (const chunk of planner({ businessId: shop.ctx.businessId, reminderId })) queued += chunk.length;
      return queued;
    }),
  );
}

const queuedOf = (results: readonly PromiseSettledResult<number>[]) =>
  results.map((result) => (result.status === "fulfilled" ? result.value : result.status));

test("reminders of one business that are due together are planned together, each with its own deliveries (C10)", async () => {
  const shop = await givenBusiness();
  const [one, other] = await givenHerd(shop, [1, 2]);
  const [second, first, again] = await planTogether(shop.ctx, [other!.id, one!.id, other!.id], HORIZON_MS);
  expect([second, first].map((chunk) => chunk?.queued.length)).toEqual([2, 1]);
  expect([second, first].map((chunk) => chunk?.finished)).toEqual([true, true]);
  expect(first?.reminder).toMatchObject({ id: one!.id, status: "completed", nextDueAt: null });
  expect(await reminderRepo(shop.ctx).get(one!.id)).toMatchObject({ status: "completed", nextDueAt: null });
  expect(again).toEqual(second);
  expect(await deliveredTo(shop, [one!, other!])).toEqual([1, 2]);
});

test("a reminder that is gone, or another business's, is left out, and the others are planned", async () => {
  const [shop, rival] = await Promise.all([givenBusiness(), givenBusiness()]);
  const [reminder] = await givenHerd(shop, [1]);
  const [theirs] = await givenHerd(rival, [1]);
  expect(queuedOf(await planAtOnce(shop, [newId(), reminder!.id, theirs!.id]))).toEqual([0, 1, 0]);
  expect(await deliveredTo(rival, [theirs!])).toEqual([0]);
});

test("a reminder that cannot be planned fails alone: what was asked for with it is planned", async () => {
  const shop = await givenBusiness();
  const herd = await givenHerd(shop, [1, 1, 1]);
  const schedule = { kind: "once", at: "never", zone: "Nowhere" } as const;
  await reminderRepo(shop.ctx).update(herd[1]!.id, { schedule });
  expect(queuedOf(await planAtOnce(shop, idsOf(herd)))).toEqual([1, "rejected", 1]);
  expect(await deliveredTo(shop, herd)).toEqual([1, 0, 1]);
});

test("a reminder that somebody else holds is planned when it is free, and holds up nobody that is due with it", async () => {
  const shop = await givenBusiness();
  const [held, other] = await givenHerd(shop, [1, 1]);
  const planning = await inTransaction(shop.ctx, async (tx) => {
    await reminderRepo(tx).lock(held!.id);
    const both = planAtOnce(shop, idsOf([held!, other!]));
    await vi.waitFor(async () => expect(await deliveredTo(shop, [held!, other!])).toEqual([0, 1]));
    return { both };
  });
  expect(queuedOf(await planning.both)).toEqual([1, 1]);
});

test("ten batches at once over the same reminders, in either order, make no delivery twice (C10)", async () => {
  const shop = await givenBusiness();
  const herd = await givenHerd(shop, [3, 3, 3, 3, 3]);
  const ids = idsOf(herd);
  const batches = Array.from({ length: 10 }, (_, index) => (index % 2 === 0 ? ids : ids.toReversed()));
  await Promise.all(batches.map((batch) => planTogether(shop.ctx, batch, HORIZON_MS)));
  expect(await deliveredTo(shop, herd)).toEqual([3, 3, 3, 3, 3]);
  for (const { id } of herd) expect(await occurrencesOf(shop, id)).toMatchObject([{ state: "expanded" }]);
});

test("a fan-out that is more than a chunk goes on by itself, and holds up nobody that is due with it (C10)", async () => {
  const shop = await givenBusiness();
  const herd = await givenHerd(shop, [2, 900, 0, 500]);
  const chunks = await planTogether(shop.ctx, idsOf(herd), HORIZON_MS);
  expect(chunks.map((chunk) => [chunk?.queued.length, chunk?.finished])).toEqual([
    [2, true],
    [498, false],
    [0, false],
    [0, false],
  ]);
  expect(queuedOf(await planAtOnce(shop, idsOf(herd)))).toEqual([0, 402, 0, 500]);
  expect(await deliveredTo(shop, herd)).toEqual([2, 900, 0, 500]);
  for (const { id } of herd) expect(await occurrencesOf(shop, id)).toMatchObject([{ state: "expanded" }]);
});

test("cancelling some of the reminders of a batch leaves nothing of them to be sent, and all of the others (B5)", async () => {
  const shop = await givenBusiness();
  const herd = await givenHerd(shop, [2, 2, 2, 2, 2, 2]);
  const cancelled = herd.filter((_, index) => index % 2 === 1);
  const [results] = await Promise.all([
    planAtOnce(shop, idsOf(herd)),
    ...cancelled.map(({ id }) => cancelReminder(shop.ctx, id)),
  ]);
  expect(results.every(({ status }) => status === "fulfilled")).toBe(true);
  const waiting = herd.map(async ({ id }) => (await deliveriesOf(shop, id)).filter(({ state }) => state === "queued"));
  expect((await Promise.all(waiting)).map((rows) => rows.length)).toEqual([2, 0, 2, 0, 2, 0]);
});

test("reminders of a batch whose clients are kept on an older plan each go by their own (A13)", async () => {
  const shop = await givenBusiness();
  const herd = await givenHerd(shop, [1, 1]);
  for (const [index, { id }] of herd.entries()) {
    await reminderRepo(shop.ctx).update(id, { channels: [index === 0 ? "sms" : "whatsapp"] });
    const input = ChangeReminderInput.parse({ channels: ["email"], appliesTo: "new" });
    await changeReminder(shop.ctx, { id, off: new Map() }, input);
  }
  await planTogether(shop.ctx, idsOf(herd), HORIZON_MS);
  const made = await Promise.all(herd.map(({ id }) => deliveriesOf(shop, id)));
  expect(made.flat().map(({ channel }) => channel)).toEqual(["sms", "whatsapp"]);
});

test("what several reminders missed in an outage is told for each by itself (A12)", async () => {
  const shop = await givenBusiness();
  const schedule = { kind: "recurring", start: "2027-03-02T09:00", zone: "UTC", rule: "FREQ=DAILY" } as const;
  const herd = [await shop.reminder({ schedule }), await shop.reminder({ schedule }), await shop.reminder()];
  shop.clock.set("2027-03-04T09:00:00Z");
  const chunks = await planTogether(shop.ctx, idsOf(herd), HORIZON_MS);
  expect(chunks.map((chunk) => chunk?.missed)).toEqual([2, 2, 1]);
  const tasks = await taskRepo(shop.ctx).page({}, { limit: 10 });
  expect(tasks.every(({ kind }) => kind === "missed")).toBe(true);
  const counts = new Map(tasks.map(({ reminderId, count }) => [reminderId, count]));
  expect(herd.map(({ id }) => counts.get(id))).toEqual([2, 2, 1]);
});

test("a sequence in a batch with others has its steps planned too (A3)", async () => {
  const shop = await givenBusiness();
  const { reminder: sequence } = await givenSequence(shop, aSequence([0]), { dueOn: "2027-03-02" });
  const once = await shop.reminder({ schedule: { kind: "once", at: "2027-03-02T09:00", zone: "Europe/London" } });
  await shop.assign(once, await shop.client());
  shop.clock.set("2027-03-02T09:00:00Z");
  expect(queuedOf(await planAtOnce(shop, [sequence.id, once.id]))).toEqual([1, 1]);
});
