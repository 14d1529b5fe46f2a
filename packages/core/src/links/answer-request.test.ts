import { DAY_MS } from "@reminder-app/platform/clock";
import type { Id } from "@reminder-app/platform/ids";
import { type GivenBusiness, givenBusiness } from "@reminder-app/testing/given-business";
import { aSequence, givenSequence, messagesOf, passDays } from "@reminder-app/testing/given-sequence";
import { expect, test } from "vitest";
import { endHold } from "../assignments/release-assignment.ts";
import { holdAssignment } from "../assignments/hold-assignment.ts";
import { assignmentRepo } from "../assignments/assignments.repo.ts";
import { pageTasks } from "../tasks/page-tasks.ts";
import { pageTimeline } from "../timeline/page-timeline.ts";
import { answerRequest } from "./answer-request.ts";
import { makePageLink } from "./make-link.ts";
import { openLink } from "./open-link.ts";
import type { ClientAnswer } from "./open-work.ts";

const network = "203.0.113.0";

/** A client on a sequence that begins a week before its due date, with a link to their page. */
async function givenAsked(reminder: object = {}, fields: object = {}) {
  const shop = await givenBusiness();
  const dueOn = "2027-03-12";
  const given = await givenSequence(shop, aSequence([-7, -3, 2, 9]), { dueOn, ...fields, reminder });
  const { clientId } = given.assignment;
  const { token } = await makePageLink(shop.ctx, clientId, { days: 180 });
  const { assignmentId } = given.key;
  return {
    ...given,
    clientId,
    say: async (answer: ClientAnswer, until?: string) =>
      answerRequest(await openLink(shop.system, token, "page"), { assignmentId, answer, until, network }),
    now: () => assignmentRepo(shop.ctx).get(given.reminder.id, assignmentId),
    tasks: async () => tasksOf(shop, clientId),
  };
}

async function tasksOf({ ctx }: GivenBusiness, clientId: Id<"Client">) {
  const { items } = await pageTasks(ctx, { clientId, limit: 10 });
  return items.map(({ kind, count }) => `${kind} ${count}`);
}

const payment = [
  { stopRule: "paid", type: "payment" },
  { amount: 12_500, currency: "GBP" },
] as const;

test("done ends the chase, and saying it twice changes nothing (I2, B2)", async () => {
  const { shop, say, now, reminder, key } = await givenAsked({ stopRule: "done" });
  expect([(await say("done")).changed, (await say("done")).changed]).toEqual([true, false]);
  expect(await now()).toMatchObject({ state: "done", closedBecause: "done" });
  await passDays(shop, reminder.id, 30);
  expect(await messagesOf(shop, reminder.id)).toEqual([]);
  const trail = await shop.auditTrail();
  expect(trail.filter((action) => action === "assignment.answered")).toHaveLength(1);
  const timeline = await pageTimeline(shop.ctx, (await now()).clientId, { limit: 50 });
  const told = timeline.items.filter(({ kind }) => kind === "answered");
  expect(told).toMatchObject([
    {
      assignmentId: key.assignmentId,
      by: "system:client-page",
      sentence: "“VAT return” is done, the client said on their page.",
    },
  ]);
});

test("what is to be paid is not done because the client says so (I2, B2)", async () => {
  const { say, now } = await givenAsked(...payment);
  await expect(say("done")).rejects.toMatchObject({ code: "conflict" });
  expect(await now()).toMatchObject({ state: "open", hold: null });
});

test("paid another way holds the chase until staff have looked, and gives them one task (I2)", async () => {
  const { shop, say, now, tasks, reminder } = await givenAsked(...payment);
  expect([(await say("says_paid")).changed, (await say("says_paid")).changed]).toEqual([true, false]);
  expect(await now()).toMatchObject({ state: "open", hold: "says_paid", holdUntil: null });
  expect(await tasks()).toEqual(["says_paid 1"]);
  await passDays(shop, reminder.id, 30);
  expect(await messagesOf(shop, reminder.id)).toEqual([]);
});

test("not applicable holds the chase, and gives staff a task (I2)", async () => {
  const { say, now, tasks } = await givenAsked();
  await say("not_applicable");
  expect(await now()).toMatchObject({ state: "open", hold: "not_applicable" });
  expect(await tasks()).toEqual(["not_applicable 1"]);
});

test.each(["deadline", "document"] as const)(
  "a promise of a client about a %s holds the chase until a day after it; broken, it goes on and staff are told (B6, I2)",
  async (type) => {
    const { shop, say, now, tasks, reminder, key } = await givenAsked({
      type,
      stopRule: type === "document" ? "received" : "done",
    });
    await say("promise", "2027-03-10");
    expect(await now()).toMatchObject({ hold: "promise", holdUntil: new Date("2027-03-12T00:00:00Z") });
    await passDays(shop, reminder.id, 10);
    expect(await messagesOf(shop, reminder.id)).toEqual([]);
    shop.clock.set("2027-03-12T00:00:00Z");
    await endHold(shop.ctx, key);
    expect(await tasks()).toEqual(["broken_promise 1"]);
    await passDays(shop, reminder.id, 20);
    expect(await messagesOf(shop, reminder.id)).toEqual(["t+2 2027-03-14T09:00", "t+9 2027-03-21T09:00"]);
  },
);

test("a promise that is kept tells nobody, and nothing more is sent (B6)", async () => {
  const { shop, say, tasks, reminder, key } = await givenAsked();
  await say("promise", "2027-03-10");
  await say("done");
  shop.clock.advance(30 * DAY_MS);
  await endHold(shop.ctx, key);
  expect(await tasks()).toEqual([]);
  expect(await messagesOf(shop, reminder.id)).toEqual([]);
});

test("the same promise again changes nothing, another day takes its place (B6, I2)", async () => {
  const { shop, say } = await givenAsked();
  const changed = [];
  for (const day of ["2027-03-10", "2027-03-10", "2027-03-15"]) changed.push((await say("promise", day)).changed);
  expect(changed).toEqual([true, false, true]);
  expect((await shop.auditTrail()).filter((action) => action === "assignment.answered")).toHaveLength(2);
});

test.each([undefined, "2027-02-28", "2027-05-01", "2199-01-01"])(
  "a promise for %s is refused with the days that are possible (B6)",
  async (day) => {
    const { say, now } = await givenAsked();
    await expect(say("promise", day)).rejects.toMatchObject({
      issues: [{ field: "until", message: "must be a day from 2027-03-01 to 2027-04-30" }],
    });
    expect(await now()).toMatchObject({ hold: null });
  },
);

test("what staff hold is theirs to end: a client's word does not take its place (I2, B7)", async () => {
  const { shop, say, now, key } = await givenAsked(...payment);
  await holdAssignment(shop.ctx, key, { reason: "dispute" });
  for (const answer of ["promise", "says_paid", "not_applicable"] as const)
    await expect(say(answer, "2027-03-10")).rejects.toMatchObject({ code: "conflict" });
  expect(await now()).toMatchObject({ hold: "dispute" });
});

test("twenty of the same answer at one instant are one answer (I2)", async () => {
  const { shop, say, tasks } = await givenAsked(...payment);
  const all = await Promise.all(Array.from({ length: 20 }, () => say("says_paid")));
  expect(all.filter(({ changed }) => changed)).toHaveLength(1);
  expect(await tasks()).toEqual(["says_paid 1"]);
  expect((await shop.auditTrail()).filter((action) => action === "assignment.answered")).toHaveLength(1);
});

test("an answer about what another client is asked finds nothing (S20, I2)", async () => {
  const { shop, key } = await givenAsked();
  const stranger = await shop.client();
  const { token } = await makePageLink(shop.ctx, stranger.id, { days: 1 });
  const opened = await openLink(shop.system, token, "page");
  const answer = { assignmentId: key.assignmentId, answer: "done", network } as const;
  await expect(answerRequest(opened, answer)).rejects.toMatchObject({ code: "not_found" });
});
