import { aSequence, givenSequence, messagesOf, passDays, planNow, stepsOf } from "@reminder-app/testing/given-sequence";
import { accepted, deliveriesOf, delivererFor, scriptedChannel } from "@reminder-app/testing/given-delivery";
import { givenBusiness } from "@reminder-app/testing/given-business";
import { expect, test } from "vitest";
import { changeReminder } from "../reminders/change-reminder.ts";
import { activateReminder } from "../reminders/change-status.ts";
import { reminderRepo } from "../reminders/reminders.repo.ts";
import { assignmentRepo } from "./assignments.repo.ts";
import { changeAssignment, closeAssignment, reopenAssignment } from "./change-assignment.ts";

import { scheduleSchema } from "@reminder-app/schedule/schedule";

const off = new Map();
const scheduleOf = (input: object) => scheduleSchema.parse(input);
const given = async (schedule = aSequence([-14, -7, -1])) =>
  givenSequence(await givenBusiness({ now: "2027-03-17T12:00:00Z" }), schedule, { dueOn: "2027-04-01" });

test("a due date ten days later re-dates what was not sent, and repeats nothing (A13)", async () => {
  const { shop, reminder, key } = await given();
  await passDays(shop, reminder.id, 1);
  const [first] = await deliveriesOf(shop, reminder.id);
  await delivererFor(shop, scriptedChannel([accepted]).channel)(first!);
  const { next } = await changeAssignment(shop.ctx, key, { dueOn: "2027-04-11" });
  expect(next).toEqual({ at: new Date("2027-04-04T08:00:00Z"), stepId: "t-7", late: false });
  expect(await reminderRepo(shop.ctx).get(reminder.id)).toMatchObject({ nextDueAt: new Date("2027-03-28T08:00:00Z") });
  await passDays(shop, reminder.id, 30);
  expect(await messagesOf(shop, reminder.id)).toEqual(["t-7 2027-04-04T08:00", "t-1 2027-04-10T08:00"]);
  expect(await deliveriesOf(shop, reminder.id)).toMatchObject([{ state: "accepted", dueAt: first!.dueAt }, {}, {}]);
});

test("a message that waits, and whose step is still to come by the new date, waits for that (A13)", async () => {
  const { shop, reminder, key } = await given();
  await passDays(shop, reminder.id, 1);
  await changeAssignment(shop.ctx, key, { dueOn: "2027-04-11" });
  expect(await messagesOf(shop, reminder.id)).toEqual([]);
  await passDays(shop, reminder.id, 12);
  expect(await messagesOf(shop, reminder.id)).toEqual(["t-14 2027-03-28T08:00"]);
});

test("what is planned ahead, and has not left, is taken back when the date changes (A13)", async () => {
  const { shop, reminder, key } = await given();
  shop.clock.set("2027-03-18T08:59:30Z");
  await planNow(shop, reminder.id);
  expect(await messagesOf(shop, reminder.id)).toEqual(["t-14 2027-03-18T09:00"]);
  await changeAssignment(shop.ctx, key, { dueOn: "2027-04-02" });
  expect(await stepsOf(shop, reminder.id)).toEqual([]);
  await passDays(shop, reminder.id, 2);
  expect(await messagesOf(shop, reminder.id)).toEqual(["t-14 2027-03-19T09:00"]);
});

test("an earlier due date leaves out what is past then, or makes up for it once (A11, A13)", async () => {
  const { shop, reminder, key } = await given(aSequence([-14, -7, -1], { late: "collapse" }));
  await passDays(shop, reminder.id, 2);
  const { next } = await changeAssignment(shop.ctx, key, { dueOn: "2027-03-25" });
  expect(next).toMatchObject({ stepId: "t-7", late: true });
  await passDays(shop, reminder.id, 10);
  expect((await messagesOf(shop, reminder.id)).map((text) => text.split(" ")[0])).toEqual(["t-14", "t-7", "t-1"]);
});

test("an exhausted assignment is open again when a later date brings steps that were not sent (A5, A13)", async () => {
  const { shop, reminder, key } = await given();
  await closeAssignment(shop.ctx, key, "done");
  await reopenAssignment(shop.ctx, key);
  shop.clock.set("2027-05-01T12:00:00Z");
  await planNow(shop, reminder.id);
  expect(await assignmentRepo(shop.ctx).get(reminder.id, key.assignmentId)).toMatchObject({ state: "exhausted" });
  const changed = await changeAssignment(shop.ctx, key, { dueOn: "2027-06-01" });
  expect(changed).toMatchObject({ state: "open", closedAt: null, next: { stepId: "t-14" } });
});

test("single steps of one client can be left out, or given another day and time (A4)", async () => {
  const { shop, reminder, key } = await given();
  const overrides = { "t-14": { skip: true as const }, "t-7": { days: -5, time: "10:30" } };
  expect(await changeAssignment(shop.ctx, key, { overrides })).toMatchObject({ overrides, next: { stepId: "t-7" } });
  await passDays(shop, reminder.id, 20);
  expect(await messagesOf(shop, reminder.id)).toEqual(["t-7 2027-03-27T10:30", "t-1 2027-03-31T08:00"]);
});

test("overrides of steps that are not there, or of two to one moment, are refused by name (A4)", async () => {
  const { shop, reminder, key } = await given();
  const change = (overrides: object) => changeAssignment(shop.ctx, key, { overrides: { ...overrides } });
  await expect(change({ "t-9": { days: 1 } })).rejects.toMatchObject({
    issues: [
      { field: "assignment.overrides.t-9", message: "names no step of the reminder; its steps are t-14, t-7, t-1" },
    ],
  });
  await expect(change({ "t-7": { days: -1 } })).rejects.toMatchObject({ issues: [{ field: "assignment.overrides" }] });
  const once = await shop.reminder();
  const [plain] = await shop.assign(once, await shop.client());
  const key2 = { reminderId: once.id, assignmentId: plain!.id };
  await expect(changeAssignment(shop.ctx, key2, { overrides: { a: {} } })).rejects.toMatchObject({
    code: "validation_failed",
  });
  expect(await stepsOf(shop, reminder.id)).toEqual([]);
});

test("re-opening starts the sequence again, from the steps that are still to come (A4, B2)", async () => {
  const { shop, reminder, key } = await given();
  await passDays(shop, reminder.id, 2);
  await closeAssignment(shop.ctx, key, "done");
  expect(await assignmentRepo(shop.ctx).get(reminder.id, key.assignmentId)).toMatchObject({ nextAt: null });
  expect(await reopenAssignment(shop.ctx, key)).toMatchObject({ round: 2, next: { stepId: "t-7" } });
  await passDays(shop, reminder.id, 20);
  expect((await stepsOf(shop, reminder.id)).map((text) => text.split(" ")[0])).toEqual(["t-14", "t-7", "t-1"]);
});

test("new steps hold for the clients that are on the reminder, and nothing that was sent goes again (A13)", async () => {
  const { shop, reminder } = await given();
  await passDays(shop, reminder.id, 2);
  const schedule = aSequence([-14, -10, -1]);
  const changed = await changeReminder(
    shop.ctx,
    { id: reminder.id, off },
    { schedule: scheduleOf(schedule), appliesTo: "in_flight" },
  );
  expect(changed.nextDueAt).toEqual(new Date("2027-03-22T09:00:00Z"));
  await passDays(shop, reminder.id, 20);
  expect((await messagesOf(shop, reminder.id)).map((text) => text.split(" ")[0])).toEqual(["t-14", "t-10", "t-1"]);
});

test("a sequence cannot become a reminder with one clock for all, nor the other way round (A4)", async () => {
  const { shop, reminder } = await given();
  const once = await shop.reminder();
  const daily = { kind: "recurring", start: "2027-03-02T09:00", zone: "Europe/London", rule: "FREQ=DAILY" } as const;
  const change = (id: typeof once.id, schedule: object) =>
    changeReminder(shop.ctx, { id, off }, { schedule: schedule as never, appliesTo: "in_flight" });
  await expect(change(reminder.id, daily)).rejects.toMatchObject({ issues: [{ field: "schedule.kind" }] });
  await expect(change(once.id, aSequence([-1]))).rejects.toMatchObject({ issues: [{ field: "schedule.kind" }] });
  const draft = await shop.reminder({ activate: false });
  expect(await change(draft.id, scheduleOf(aSequence([-1])))).toMatchObject({ schedule: { kind: "sequence" } });
});

test("the steps of a draft are counted from when it is activated (A4, A11)", async () => {
  const shop = await givenBusiness({ now: "2027-03-17T12:00:00Z" });
  const input = { dueOn: "2027-04-01", reminder: { activate: false } };
  const { reminder, assignment } = await givenSequence(shop, aSequence([-14, -7, -1]), input);
  expect(assignment).toMatchObject({ nextAt: null, next: null });
  shop.clock.set("2027-03-20T12:00:00Z");
  expect(await activateReminder(shop.ctx, reminder.id, off)).toMatchObject({
    nextDueAt: new Date("2027-03-25T09:00:00Z"),
  });
  await passDays(shop, reminder.id, 20);
  expect((await messagesOf(shop, reminder.id)).map((text) => text.split(" ")[0])).toEqual(["t-7", "t-1"]);
});
