import { type GivenBusiness, givenBusiness } from "@reminder-app/testing/given-business";
import { accepted, delivererFor, deliveriesOf, givenDue, scriptedChannel } from "@reminder-app/testing/given-delivery";
import { givenAccount } from "@reminder-app/testing/given-account";
import { passTime, sentAt } from "@reminder-app/testing/pass-time";
import { expect, test } from "vitest";
import type { z } from "zod";
import { memberRepo } from "../members/members.repo.ts";
import { PageTasksQuery, pageTasks } from "../tasks/page-tasks.ts";
import { reminderRepo } from "../reminders/reminders.repo.ts";
import { assignmentRepo } from "./assignments.repo.ts";
import { AssignClientsInput, assignClients } from "./assign-clients.ts";
import { closeAssignment, reopenAssignment } from "./change-assignment.ts";
import { HoldInput, holdAssignment } from "./hold-assignment.ts";
import { PageHoldsQuery, pageHolds } from "./page-holds.ts";
import { endHold, releaseAssignment } from "./release-assignment.ts";

const steps = Array.from({ length: 10 }, (_, days) => ({ id: `t+${days}`, days, time: "09:00" }));
const sequence = { kind: "sequence", zone: "Europe/London", steps } as const;
const daily = { kind: "recurring", start: "2027-03-01T09:00", zone: "Europe/London", rule: "FREQ=DAILY" } as const;

/** Monday morning, with a client who is reminded every day at nine from today on. */
async function givenReminded(type: "payment" | "document" | "deadline" = "payment", schedule: object = sequence) {
  const shop = await givenBusiness({ now: "2027-03-01T08:00:00Z" });
  const reminder = await shop.reminder({ type, schedule: schedule as typeof daily });
  const { id: clientId } = await shop.client();
  const input = { assignments: [{ clientId, dueOn: "2027-03-01" }] };
  const [assignment] = await assignClients(shop.ctx, reminder.id, AssignClientsInput.parse(input));
  const key = { reminderId: reminder.id, assignmentId: assignment!.id };
  const hold = (given: z.input<typeof HoldInput>) => holdAssignment(shop.ctx, key, HoldInput.parse(given));
  return { shop, reminder, key, clientId, hold };
}

const tasksOf = async ({ ctx }: GivenBusiness) =>
  (await pageTasks(ctx, PageTasksQuery.parse({ kind: "broken_promise" }))).items;

test.each(["payment", "document"] as const)(
  "a promise for Wednesday that is broken holds a %s reminder over its grace, tells the member in charge, and it goes on (B6)",
  async (type) => {
    const { shop, reminder, key, clientId, hold } = await givenReminded(type);
    const { memberId: ownerId } = (await givenAccount()).owner;
    await memberRepo(shop.ctx).insertMembership(ownerId, "staff", shop.clock.now());
    await passTime(shop, reminder.id, 2);
    const held = await hold({ reason: "promise", until: "2027-03-03", note: "By Wednesday", ownerId });
    expect(held.assignment).toMatchObject({ hold: "promise", holdUntil: new Date("2027-03-05T00:00:00Z") });
    await passTime(shop, reminder.id, 3 * 24 + 12);
    expect(await tasksOf(shop)).toEqual([]);
    await passTime(shop, reminder.id, 24);

    expect(await sentAt(shop, reminder.id)).toEqual(["2027-03-01T09:00", "2027-03-05T09:00"]);
    const left = (await deliveriesOf(shop, reminder.id)).filter(({ state }) => state === "skipped");
    expect(left.map(({ reason }) => reason)).toEqual(["promise", "promise", "promise"]);
    expect(await tasksOf(shop)).toMatchObject([
      { state: "open", count: 1, clientId, assignmentId: key.assignmentId, ownerId, note: "By Wednesday" },
    ]);
  },
);

test.each(["payment", "document"] as const)(
  "a promise that is kept opens no task, and nothing more goes of a %s reminder (B6)",
  async (type) => {
    const { shop, reminder, key, hold } = await givenReminded(type);
    await passTime(shop, reminder.id, 2);
    await hold({ reason: "promise", until: "2027-03-03" });
    await passTime(shop, reminder.id, 48);
    const closed = await closeAssignment(shop.ctx, key, type === "payment" ? "paid" : "received");
    expect(closed.assignment).toMatchObject({ state: "done", hold: null, holdUntil: null });
    await passTime(shop, reminder.id, 72);
    expect(await sentAt(shop, reminder.id)).toHaveLength(1);
    expect(await tasksOf(shop)).toEqual([]);
  },
);

test("the grace of a promise is as long as asked, and none where it is 0 (B6)", async () => {
  const { hold } = await givenReminded();
  const endOf = async (given: object) =>
    (await hold({ reason: "promise", until: "2027-03-27", ...given })).assignment.holdUntil?.toISOString();
  expect(await endOf({ graceDays: 0 })).toBe("2027-03-28T00:00:00.000Z");
  expect(await endOf({ graceDays: 3 })).toBe("2027-03-30T23:00:00.000Z"); // the clocks change on 28 March
  expect(await endOf({ until: "2027-03-01", graceDays: 0 })).toBe("2027-03-02T00:00:00.000Z");
});

test.each(["dispute", "not_applicable"] as const)(
  "a hold for %s lets nothing go until it is released, and stands in the report (B7)",
  async (reason) => {
    const { shop, reminder, key, hold } = await givenReminded();
    await passTime(shop, reminder.id, 2);
    await hold({ reason, note: "Sent the wrong invoice" });
    const report = async (query: object = {}) => (await pageHolds(shop.ctx, PageHoldsQuery.parse(query))).items;
    expect(await report()).toMatchObject([
      { id: key.assignmentId, hold: reason, holdUntil: null, holdNote: "Sent the wrong invoice" },
    ]);
    expect(await report({ reason })).toHaveLength(1);
    expect(await report({ reason: "snooze" })).toEqual([]);
    await passTime(shop, reminder.id, 48);
    expect(await sentAt(shop, reminder.id)).toHaveLength(1);

    await releaseAssignment(shop.ctx, key);
    expect(await report()).toEqual([]);
    await passTime(shop, reminder.id, 24);
    expect(await sentAt(shop, reminder.id)).toEqual(["2027-03-01T09:00", "2027-03-04T09:00"]);
  },
);

test("a snooze ends by itself when its day begins, of a recurring reminder too (A15)", async () => {
  const { shop, reminder, hold } = await givenReminded("deadline", daily);
  await passTime(shop, reminder.id, 2);
  await hold({ reason: "snooze", until: "2027-03-04" });
  await passTime(shop, reminder.id, 3 * 24);
  expect(await sentAt(shop, reminder.id)).toEqual(["2027-03-01T09:00", "2027-03-04T09:00"]);
  const reasons = (await deliveriesOf(shop, reminder.id)).map(({ state, reason }) => [state, reason]);
  expect(reasons).toEqual([
    ["accepted", null],
    ["skipped", "snoozed"],
    ["skipped", "snoozed"],
    ["accepted", null],
  ]);
  expect(await tasksOf(shop)).toEqual([]);
});

test("a hold puts off what was queued, and its release lets that go (B7)", async () => {
  const shop = await givenBusiness();
  const { reminder, deliveries } = await givenDue(shop);
  const [delivery] = deliveries;
  const { channel, calls } = scriptedChannel([accepted]);
  const deliver = delivererFor(shop, channel);
  const key = { reminderId: reminder.id, assignmentId: delivery!.assignmentId };
  expect(await holdAssignment(shop.ctx, key, { reason: "dispute" })).toMatchObject({ postponed: 1, inFlight: 0 });
  expect(await deliver(delivery!)).toEqual({ kind: "wait", until: delivery!.expiresAt });
  await releaseAssignment(shop.ctx, key);
  await deliver(delivery!);
  expect(calls).toHaveLength(1);
});

test("the planner looks again when a hold ends, and nobody is given up on before (A15)", async () => {
  const { shop, reminder, key, hold } = await givenReminded();
  const look = async () => assignmentRepo(shop.ctx).get(key.reminderId, key.assignmentId);
  const { nextAt } = (await hold({ reason: "snooze", until: "2027-03-20" })).assignment;
  expect(nextAt?.toISOString()).toBe("2027-03-01T09:00:00.000Z");
  await passTime(shop, reminder.id, 12 * 24);
  expect(await look()).toMatchObject({ state: "open", nextAt: new Date("2027-03-20T00:00:00Z") });
  expect((await reminderRepo(shop.ctx).get(reminder.id)).nextDueAt).toEqual(new Date("2027-03-20T00:00:00Z"));

  await hold({ reason: "dispute" });
  shop.clock.set("2027-03-25T08:00:00Z");
  await passTime(shop, reminder.id, 1);
  expect(await look()).toMatchObject({ state: "open" });
  await releaseAssignment(shop.ctx, key);
  expect(await look()).toMatchObject({ state: "open", nextAt: shop.clock.now() });
  await passTime(shop, reminder.id, 1);
  expect(await look()).toMatchObject({ state: "exhausted" });
});

test("of the steps that passed in a hold the latest goes once when it ends, where the sequence collapses them (A11, B6)", async () => {
  const late = { ...sequence, steps: [0, 1, 2, 6].map((day) => steps[day]), late: "collapse" };
  const { shop, reminder, hold } = await givenReminded("payment", late);
  await passTime(shop, reminder.id, 2);
  await hold({ reason: "promise", until: "2027-03-03", graceDays: 1 });
  await passTime(shop, reminder.id, 7 * 24);
  expect(await sentAt(shop, reminder.id)).toEqual(["2027-03-01T09:00", "2027-03-05T00:00", "2027-03-07T09:00"]);
});

test("another hold takes the place of the one that stands; the end of the first is none (B6)", async () => {
  const { shop, reminder, key, hold } = await givenReminded();
  await hold({ reason: "promise", until: "2027-03-02", graceDays: 0 });
  await hold({ reason: "promise", until: "2027-03-09", graceDays: 0 });
  shop.clock.set("2027-03-03T00:00:00Z");
  await endHold(shop.ctx, key);
  expect(await tasksOf(shop)).toEqual([]);
  await passTime(shop, reminder.id, 48);
  expect(await sentAt(shop, reminder.id)).toEqual([]);
});

test.each([
  [{ reason: "promise" }, "until"],
  [{ reason: "snooze" }, "until"],
  [{ reason: "promise", until: "2027-02-28" }, "until"],
  [{ reason: "snooze", until: "2027-03-01" }, "until"],
  [{ reason: "dispute", until: "2026-03-01" }, "until"],
  [{ reason: "promise", until: "9999-12-31" }, "until"],
  [{ reason: "dispute", graceDays: 2 }, "graceDays"],
] as const)("a hold of %o is refused with the reason (B6)", async (given, field) => {
  const { shop, hold } = await givenReminded();
  await expect(hold(given)).rejects.toMatchObject({ code: "validation_failed", issues: [{ field }] });
  expect((await pageHolds(shop.ctx, PageHoldsQuery.parse({}))).items).toEqual([]);
});

test("a member of another business cannot be in charge, and a closed assignment cannot be held (B7)", async () => {
  const { shop, key, hold } = await givenReminded();
  const { memberId: ownerId } = (await givenAccount()).owner;
  await expect(hold({ reason: "dispute", ownerId })).rejects.toMatchObject({
    code: "not_found",
    issues: [{ field: "ownerId" }],
  });
  await closeAssignment(shop.ctx, key, "done");
  await expect(hold({ reason: "dispute" })).rejects.toMatchObject({ code: "conflict" });
  expect(await reopenAssignment(shop.ctx, key)).toMatchObject({ hold: null, closedBecause: null });
  expect((await hold({ reason: "dispute" })).assignment).toMatchObject({ hold: "dispute" });
});
