import { aSequence, givenSequence, messagesOf, passDays } from "@reminder-app/testing/given-sequence";
import { givenBusiness } from "@reminder-app/testing/given-business";
import { expect, test } from "vitest";
import { assignmentRepo } from "../assignments/assignments.repo.ts";
import { closeAssignment } from "../assignments/change-assignment.ts";
import { clientRepo } from "../clients/clients.repo.ts";
import { PageTasksQuery, pageTasks } from "../tasks/page-tasks.ts";

const start = { now: "2027-03-31T12:00:00Z" };
const due = { dueOn: "2027-04-01" };
const tasksOf = async (shop: Awaited<ReturnType<typeof givenBusiness>>) =>
  (await pageTasks(shop.ctx, PageTasksQuery.parse({}))).items;

test("three repeats are three, then the assignment is exhausted and staff are told once (A5)", async () => {
  const shop = await givenBusiness(start);
  const { reminder, key } = await givenSequence(shop, aSequence([0], { repeat: { everyDays: 2, atMost: 3 } }), due);
  const state = async () => (await assignmentRepo(shop.ctx).get(reminder.id, key.assignmentId)).state;
  await passDays(shop, reminder.id, 7);
  expect(await state()).toBe("open");
  await passDays(shop, reminder.id, 5);
  expect(await state()).toBe("exhausted");
  expect(await messagesOf(shop, reminder.id)).toEqual([
    "t0 2027-04-01T08:00",
    "t0 2027-04-03T08:00",
    "t0 2027-04-05T08:00",
    "t0 2027-04-07T08:00",
  ]);
  expect(await tasksOf(shop)).toMatchObject([{ kind: "exhausted", assignmentId: key.assignmentId, count: 1 }]);
});

test("repeats without a limit go on until the work is done (A5)", async () => {
  const shop = await givenBusiness(start);
  const { reminder, key } = await givenSequence(shop, aSequence([0], { repeat: { everyDays: 1 } }), due);
  await passDays(shop, reminder.id, 10);
  await closeAssignment(shop.ctx, key, "done");
  await passDays(shop, reminder.id, 5);
  expect(await messagesOf(shop, reminder.id)).toEqual([]);
  expect(await assignmentRepo(shop.ctx).get(reminder.id, key.assignmentId)).toMatchObject({ state: "done" });
  expect(await tasksOf(shop)).toEqual([]);
});

test("who is paused at the end is not exhausted before the pause is over (A5, A15)", async () => {
  const shop = await givenBusiness(start);
  const { id: clientId } = await shop.client();
  const { reminder, key } = await givenSequence(shop, aSequence([0], { late: "collapse" }), { ...due, clientId });
  const pausedUntil = new Date("2027-04-05T12:00:00Z");
  await clientRepo(shop.ctx).update(clientId, { pausedAt: shop.clock.now(), pausedUntil });
  await passDays(shop, reminder.id, 4);
  const state = async () => (await assignmentRepo(shop.ctx).get(reminder.id, key.assignmentId)).state;
  expect(await state()).toBe("open");
  await passDays(shop, reminder.id, 1.2);
  expect(await messagesOf(shop, reminder.id)).toEqual(["t0 2027-04-05T12:00"]);
  expect(await state()).toBe("open");
  await passDays(shop, reminder.id, 1);
  expect(await state()).toBe("exhausted");
});

test("an outage over the end files what was missed, tells staff, and ends the chase (A5, A12)", async () => {
  const shop = await givenBusiness(start);
  const { reminder, key } = await givenSequence(shop, aSequence([0, 1]), due);
  shop.clock.set("2027-05-01T12:00:00Z");
  await passDays(shop, reminder.id, 1);
  expect(await assignmentRepo(shop.ctx).get(reminder.id, key.assignmentId)).toMatchObject({ state: "exhausted" });
  expect((await tasksOf(shop)).map(({ kind, count }) => [kind, count])).toEqual(
    expect.arrayContaining([
      ["missed", 2],
      ["exhausted", 1],
    ]),
  );
});
