import { aSequence, givenSequence, messagesOf, passDays, planNow, stepsOf } from "@reminder-app/testing/given-sequence";
import { givenBusiness } from "@reminder-app/testing/given-business";
import { expect, test } from "vitest";
import { assignmentRepo } from "../assignments/assignments.repo.ts";
import { clientRepo } from "../clients/clients.repo.ts";

const plan = [-14, -7, -1];
/** Two days before the due date, at noon. */
const joined = { now: "2027-03-30T11:00:00Z" };
const due = { dueOn: "2027-04-01" };

test("who joins two days before the due date gets the steps that are still to come, and no others (A11)", async () => {
  const shop = await givenBusiness(joined);
  const { reminder, assignment } = await givenSequence(shop, aSequence(plan), due);
  expect(assignment.next).toEqual({ at: new Date("2027-03-31T08:00:00Z"), stepId: "t-1", late: false });
  await passDays(shop, reminder.id, 4);
  expect(await messagesOf(shop, reminder.id)).toEqual(["t-1 2027-03-31T08:00"]);
});

test("a sequence that collapses sends the latest step that is past once, at once, then goes on (A11)", async () => {
  const shop = await givenBusiness(joined);
  const { reminder, assignment } = await givenSequence(shop, aSequence(plan, { late: "collapse" }), due);
  expect(assignment.next).toEqual({ at: shop.clock.now(), stepId: "t-7", late: true });
  await passDays(shop, reminder.id, 4);
  expect(await messagesOf(shop, reminder.id)).toEqual(["t-7 2027-03-30T11:00", "t-1 2027-03-31T08:00"]);
});

test("nothing is made up for where the next step is due on the same day (A11)", async () => {
  const shop = await givenBusiness({ now: "2027-03-31T06:00:00Z" });
  const { reminder } = await givenSequence(shop, aSequence(plan, { late: "collapse" }), due);
  await passDays(shop, reminder.id, 4);
  expect(await messagesOf(shop, reminder.id)).toEqual(["t-1 2027-03-31T08:00"]);
});

test("a due date that is long past brings nothing, and says so; or one message, where late steps collapse (A11)", async () => {
  const shop = await givenBusiness(joined);
  const skipped = await givenSequence(shop, aSequence(plan), { dueOn: "2027-01-05" });
  const collapsed = await givenSequence(shop, aSequence(plan, { late: "collapse" }), { dueOn: "2027-01-05" });
  expect(skipped.assignment.next).toBeNull();
  expect(collapsed.assignment.next).toMatchObject({ stepId: "t-1", late: true });
  await passDays(shop, skipped.reminder.id, 1);
  await passDays(shop, collapsed.reminder.id, 1);
  expect(await messagesOf(shop, skipped.reminder.id)).toEqual([]);
  expect(await messagesOf(shop, collapsed.reminder.id)).toHaveLength(1);
});

test.each([
  ["skip", []],
  ["collapse", ["t-7 2027-03-27T09:00"]],
] as const)("what came due while a client was paused follows the same rule: %s (A11, A15)", async (late, made) => {
  const shop = await givenBusiness({ now: "2027-03-24T09:00:00Z" });
  const { id: clientId } = await shop.client();
  const { reminder } = await givenSequence(shop, aSequence([-7, -1], { late }), { ...due, clientId });
  const until = new Date("2027-03-27T09:00:00Z");
  await clientRepo(shop.ctx).update(clientId, { pausedAt: shop.clock.now(), pausedUntil: until });
  await passDays(shop, reminder.id, 2);
  expect(await messagesOf(shop, reminder.id)).toEqual([]);
  shop.clock.set(until);
  const [open] = await assignmentRepo(shop.ctx).page({ reminderId: reminder.id }, { limit: 1 });
  await assignmentRepo(shop.ctx).update(open!.id, { nextAt: until });
  await passDays(shop, reminder.id, 5);
  expect(await messagesOf(shop, reminder.id)).toEqual([...made, "t-1 2027-03-31T08:00"]);
});

test("a planner that looks just before a pause ends comes back for the late step (A11, A15)", async () => {
  const shop = await givenBusiness({ now: "2027-03-24T09:00:00Z" });
  const { id: clientId } = await shop.client();
  const { reminder, key } = await givenSequence(shop, aSequence([-7, -1], { late: "collapse" }), { ...due, clientId });
  const until = new Date("2027-03-27T09:00:00Z");
  await clientRepo(shop.ctx).update(clientId, { pausedAt: shop.clock.now(), pausedUntil: until });
  await passDays(shop, reminder.id, 2);
  expect(await assignmentRepo(shop.ctx).get(reminder.id, key.assignmentId)).toMatchObject({ nextAt: until });
  shop.clock.set(new Date(until.getTime() - 30_000));
  await planNow(shop, reminder.id);
  shop.clock.advance(120_000);
  await planNow(shop, reminder.id);
  expect(await messagesOf(shop, reminder.id)).toHaveLength(1);
});

test("what was missed in an outage is not made up for by a sequence that collapses (A11, A12)", async () => {
  const shop = await givenBusiness({ now: "2027-03-24T09:00:00Z" });
  const { reminder } = await givenSequence(shop, aSequence([-7, -1], { late: "collapse" }), due);
  await planNow(shop, reminder.id);
  shop.clock.set("2027-03-27T09:00:00Z");
  await passDays(shop, reminder.id, 1);
  expect(await stepsOf(shop, reminder.id)).toEqual(["t-7 2027-03-25T09:00 missed"]);
});
