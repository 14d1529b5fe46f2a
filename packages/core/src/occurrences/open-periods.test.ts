import { aSequence, givenSequence, messagesOf, passDays, planNow } from "@reminder-app/testing/given-sequence";
import { type GivenBusiness, givenBusiness } from "@reminder-app/testing/given-business";
import type { Id } from "@reminder-app/platform/ids";
import { expect, test } from "vitest";
import { AssignClientsInput, assignClients } from "../assignments/assign-clients.ts";
import { assignmentRepo } from "../assignments/assignments.repo.ts";
import { changeAssignment, closeAssignment } from "../assignments/change-assignment.ts";
import { archiveClient, restoreClient } from "../clients/archive-client.ts";
import { ChangeClientInput, changeClient } from "../clients/change-client.ts";
import { reminderRepo } from "../reminders/reminders.repo.ts";
import { PageTasksQuery, pageTasks } from "../tasks/page-tasks.ts";

const monthly = { kind: "recurring", start: "2027-03-15", rule: "FREQ=MONTHLY" } as const;
const vat = { kind: "statutory", rule: "uk_vat_return" } as const;
const start = { now: "2027-03-01T12:00:00Z" };

const periodsOf = async ({ ctx }: GivenBusiness, reminderId: Id<"Reminder">) =>
  assignmentRepo(ctx).page({ reminderId }, { limit: 100 });
const datesOf = async (shop: GivenBusiness, id: Id<"Reminder">) =>
  (await periodsOf(shop, id)).map(({ dueOn }) => dueOn);

test("a due rule gives the first due date from today on, and the planner opens each next period by itself (A4, A10)", async () => {
  const shop = await givenBusiness(start);
  const input = { amount: 5_000, currency: "GBP", overrides: { t0: { time: "10:00" } } };
  const { reminder, assignment } = await givenSequence(shop, aSequence([-3, 0], { due: monthly }), input);
  expect(assignment).toMatchObject({ dueOn: "2027-03-15", period: "2027-03-15", next: { stepId: "t-3" } });
  await passDays(shop, reminder.id, 64);
  const periods = await periodsOf(shop, reminder.id);
  expect(periods.map(({ dueOn, createdAt }) => [dueOn, createdAt.toISOString().slice(0, 10)])).toEqual([
    ["2027-03-15", "2027-03-01"],
    ["2027-04-15", "2027-03-16"],
    ["2027-05-15", "2027-04-15"],
  ]);
  expect(periods[1]).toMatchObject(input);
  expect(await messagesOf(shop, reminder.id)).toEqual([
    "t-3 2027-03-12T09:00",
    "t0 2027-03-15T10:00",
    "t-3 2027-04-12T08:00",
    "t0 2027-04-15T09:00",
  ]);
});

test("a next period whose steps begin before the last one is due is opened with its first step (A4)", async () => {
  const shop = await givenBusiness(start);
  const { reminder } = await givenSequence(shop, aSequence([-40, 0], { due: monthly }));
  await passDays(shop, reminder.id, 10);
  expect(await messagesOf(shop, reminder.id)).toEqual(["t-40 2027-03-06T09:00"]);
  expect(await datesOf(shop, reminder.id)).toEqual(["2027-03-15", "2027-04-15"]);
});

test("the next period is opened after work that was done, not after a client was taken off (A4, B1)", async () => {
  const shop = await givenBusiness(start);
  const done = await givenSequence(shop, aSequence([0], { due: monthly }));
  const removed = await givenSequence(shop, aSequence([0], { due: monthly }));
  await planNow(shop, done.reminder.id);
  await closeAssignment(shop.ctx, done.key, "done");
  await closeAssignment(shop.ctx, removed.key, "cancelled");
  await passDays(shop, done.reminder.id, 16);
  await planNow(shop, removed.reminder.id);
  expect(await datesOf(shop, done.reminder.id)).toEqual(["2027-03-15", "2027-04-15"]);
  expect(await datesOf(shop, removed.reminder.id)).toEqual(["2027-03-15"]);
});

test("planning twice, and an outage over two periods, open each period once (A4, A12)", async () => {
  const shop = await givenBusiness(start);
  const { reminder } = await givenSequence(shop, aSequence([0], { due: monthly }));
  await planNow(shop, reminder.id);
  shop.clock.set("2027-05-20T12:00:00Z");
  await Promise.all([planNow(shop, reminder.id), planNow(shop, reminder.id), planNow(shop, reminder.id)]);
  await planNow(shop, reminder.id);
  expect(await datesOf(shop, reminder.id)).toEqual(["2027-03-15", "2027-04-15", "2027-05-15", "2027-06-15"]);
});

test("a period whose date a person moved is followed by the next one of the rule, neither left out nor doubled (A4, A13)", async () => {
  const shop = await givenBusiness(start);
  const earlier = await givenSequence(shop, aSequence([0], { due: monthly }));
  const later = await givenSequence(shop, aSequence([0], { due: monthly }));
  await changeAssignment(shop.ctx, earlier.key, { dueOn: "2027-03-10" });
  await changeAssignment(shop.ctx, later.key, { dueOn: "2027-04-20" });
  await passDays(shop, earlier.reminder.id, 20);
  expect(await datesOf(shop, earlier.reminder.id)).toEqual(["2027-03-10", "2027-04-15"]);
  shop.clock.set("2027-04-21T12:00:00Z");
  await planNow(shop, later.reminder.id);
  expect((await datesOf(shop, later.reminder.id)).slice(0, 2)).toEqual(["2027-04-20", "2027-04-15"]);
});

test("a rule without a further date ends, and one that has none is refused (A4)", async () => {
  const shop = await givenBusiness(start);
  const due = { kind: "dates" as const, dates: ["2027-03-05"] };
  const { reminder } = await givenSequence(shop, aSequence([0], { due }));
  await passDays(shop, reminder.id, 8);
  expect(await datesOf(shop, reminder.id)).toEqual(["2027-03-05"]);
  await expect(givenSequence(shop, aSequence([0], { due }))).rejects.toMatchObject({
    issues: [{ field: "assignments.0.dueOn" }],
  });
});

test("a client who lacks a fact that the rule needs is refused by the fact's name (A10)", async () => {
  const shop = await givenBusiness(start);
  const client = await shop.client();
  const schedule = aSequence([-7], { due: vat });
  const message = expect.stringContaining("vatStagger") as string;
  await expect(givenSequence(shop, schedule, { clientId: client.id })).rejects.toMatchObject({
    issues: [{ field: "assignments.0.clientId", message }],
  });
  const given = await givenSequence(shop, schedule, { clientId: client.id, dueOn: "2027-05-01" });
  expect(given.assignment).toMatchObject({ dueOn: "2027-05-01" });
});

async function givenVat(shop: GivenBusiness) {
  const client = await shop.client({ facts: { vatStagger: "1" } });
  const given = await givenSequence(shop, aSequence([-7, 0], { due: vat }), { clientId: client.id });
  const change = (facts: object | null) => changeClient(shop.ctx, client.id, ChangeClientInput.parse({ facts }));
  return { ...given, client, change };
}

test("new facts move the due date that followed from the old ones, and leave one that a person gave (A10, A13)", async () => {
  const shop = await givenBusiness({ now: "2027-04-10T12:00:00Z" });
  const { reminder, assignment, client, change } = await givenVat(shop);
  expect(assignment).toMatchObject({ dueOn: "2027-05-07" });
  const byHand = await givenSequence(shop, aSequence([-7], { due: vat }), { clientId: client.id, dueOn: "2027-05-20" });
  const { redated, facts } = await change({ vatStagger: "2" });
  expect(facts).toEqual({ vatStagger: "2" });
  expect(redated.toSorted()).toEqual([reminder.id, byHand.reminder.id].toSorted());
  expect(await datesOf(shop, reminder.id)).toEqual(["2027-06-07"]);
  expect(await datesOf(shop, byHand.reminder.id)).toEqual(["2027-05-20"]);
  await passDays(shop, reminder.id, 51);
  expect(await messagesOf(shop, reminder.id)).toEqual(["t-7 2027-05-31T08:00"]);
});

test("a fact that is missing when the next period should open is a task for staff, once; with it the period opens (A10)", async () => {
  const shop = await givenBusiness({ now: "2027-05-01T12:00:00Z" });
  const { reminder, change } = await givenVat(shop);
  await passDays(shop, reminder.id, 1);
  await change({});
  await passDays(shop, reminder.id, 9);
  await planNow(shop, reminder.id);
  const tasks = async () => (await pageTasks(shop.ctx, PageTasksQuery.parse({ kind: "no_due_date" }))).items;
  expect(await tasks()).toMatchObject([{ count: 1, note: expect.stringContaining("vatStagger") as string }]);
  await change({ vatStagger: "1" });
  await planNow(shop, reminder.id);
  expect(await datesOf(shop, reminder.id)).toEqual(["2027-05-07", "2027-08-07"]);
  expect(await tasks()).toHaveLength(1);
});

test("an archived client gets no further period until they are taken back (A4)", async () => {
  const shop = await givenBusiness(start);
  const { reminder, assignment } = await givenSequence(shop, aSequence([0], { due: monthly }));
  await archiveClient(shop.ctx, assignment.clientId);
  await passDays(shop, reminder.id, 20);
  expect(await datesOf(shop, reminder.id)).toEqual(["2027-03-15"]);
  await restoreClient(shop.ctx, assignment.clientId);
  await passDays(shop, reminder.id, 1.1);
  expect(await datesOf(shop, reminder.id)).toEqual(["2027-03-15", "2027-04-15"]);
});

test("a reminder that is paused without an end opens no period; one whose pause ends does (A4, A15)", async () => {
  const shop = await givenBusiness(start);
  const { reminder } = await givenSequence(shop, aSequence([0], { due: monthly }));
  await reminderRepo(shop.ctx).update(reminder.id, { status: "paused" });
  await passDays(shop, reminder.id, 20);
  expect(await datesOf(shop, reminder.id)).toEqual(["2027-03-15"]);
  await reminderRepo(shop.ctx).update(reminder.id, { pausedUntil: new Date("2027-04-01T12:00:00Z") });
  await passDays(shop, reminder.id, 1.1);
  expect(await datesOf(shop, reminder.id)).toEqual(["2027-03-15", "2027-04-15"]);
});

test("of several periods that a client has had only the latest opens another (A4)", async () => {
  const shop = await givenBusiness(start);
  const { reminder, assignment } = await givenSequence(shop, aSequence([0], { due: monthly }));
  const next = { clientId: assignment.clientId, dueOn: "2027-04-12", period: "by hand" };
  await assignClients(shop.ctx, reminder.id, AssignClientsInput.parse({ assignments: [next] }));
  await passDays(shop, reminder.id, 20);
  expect(await datesOf(shop, reminder.id)).toEqual(["2027-03-15", "2027-04-12"]);
});
