import { pageTasks, PageTasksQuery } from "@reminder-app/core/tasks/page-tasks";
import type { Reminder } from "@reminder-app/core/reminders/reminders.repo";
import { DAY_MS, HOUR_MS, MINUTE_MS, after } from "@reminder-app/platform/clock";
import { deliveriesOf, occurrencesOf } from "@reminder-app/testing/given-delivery";
import { planNow } from "@reminder-app/testing/given-sequence";
import { type GivenBusiness, aContact, givenBusiness } from "@reminder-app/testing/given-business";
import { AssignClientsInput, assignClients } from "@reminder-app/core/assignments/assign-clients";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { type GivenWorkers, givenWorkers } from "./given-worker.ts";

let given: GivenWorkers;
beforeAll(async () => {
  given = await givenWorkers({ BUSINESS_SENDS_PER_DAY: "100000" });
});
afterAll(() => given.close());

/** On each of the four reminders. */
const CLIENTS = 250;
const patience = { timeout: 120_000, interval: 1_000 };

/** All came due four hours ago, while nothing ran; only the first had been planned before. */
async function givenOverdue() {
  const dueAt = new Date(Math.floor((Date.now() - 4 * HOUR_MS) / MINUTE_MS) * MINUTE_MS);
  const [dueOn, time] = [dueAt.toISOString().slice(0, 10), dueAt.toISOString().slice(11, 16)];
  const shop = await givenBusiness({ now: after(dueAt, -2.5 * DAY_MS).toISOString(), timeZone: "UTC" });
  const address = aContact().addresses?.email ?? "";
  const contact = aContact({ addresses: { email: address } });
  const ids: string[] = [];
  for (let made = 0; made < CLIENTS; made += 10) {
    const some = await Promise.all(Array.from({ length: 10 }, () => shop.client({ contacts: [contact] })));
    ids.push(...some.map(({ id }) => id));
  }
  const on = async (input: object) => {
    const reminder = await shop.reminder(input);
    const assignments = ids.map((clientId) => ({ clientId, dueOn }));
    await assignClients(shop.ctx, reminder.id, AssignClientsInput.parse({ assignments }));
    return reminder;
  };
  const start = after(dueAt, -2 * DAY_MS)
    .toISOString()
    .slice(0, 16);
  const sequence = { kind: "sequence", zone: "UTC", steps: [{ id: "t0", days: 0, time }] };
  const reminders = {
    queued: await on({ schedule: { kind: "once", at: `${dueOn}T${time}`, zone: "UTC" } }),
    daily: await on({ schedule: { kind: "recurring", start, zone: "UTC", rule: "FREQ=DAILY" } }),
    steps: await on({ schedule: sequence }),
    tooLate: await on({ schedule: sequence, graceMinutes: 60 }),
  };
  shop.clock.set(after(dueAt, -MINUTE_MS / 2));
  await planNow(shop, reminders.queued.id);
  return { shop, reminders, address };
}

async function stateOf(shop: GivenBusiness, { id }: Reminder) {
  const occurrences = await occurrencesOf(shop, id);
  const deliveries = await deliveriesOf(shop, id);
  return {
    sent: deliveries.filter(({ state }) => state === "accepted").length,
    other: deliveries.filter(({ state }) => state !== "accepted").length,
    missed: occurrences.filter(({ state }) => state === "missed").length,
  };
}

test("after four hours of standstill over a thousand due messages each is sent once in its grace, and the others are missed and told (A12)", async () => {
  const { shop, reminders, address } = await givenOverdue();
  const { queued, daily, steps, tooLate } = reminders;
  await given.start();
  await vi.waitFor(async () => {
    expect(await stateOf(shop, queued)).toEqual({ sent: CLIENTS, other: 0, missed: 0 });
    expect(await stateOf(shop, daily)).toEqual({ sent: CLIENTS, other: 0, missed: 2 });
    expect(await stateOf(shop, steps)).toEqual({ sent: CLIENTS, other: 0, missed: 0 });
    expect(await stateOf(shop, tooLate)).toEqual({ sent: 0, other: 0, missed: CLIENTS });
  }, patience);
  expect(await given.messagesTo(address)).toHaveLength(3 * CLIENTS);
  const tasks = (await pageTasks(shop.ctx, PageTasksQuery.parse({ kind: "missed" }))).items;
  expect(new Map(tasks.map(({ reminderId, count }) => [reminderId, count]))).toEqual(
    new Map([
      [daily.id, 2],
      [tooLate.id, CLIENTS],
    ]),
  );
}, 180_000);
