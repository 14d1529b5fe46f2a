import { deliveriesOf, occurrencesOf, timing } from "@reminder-app/testing/given-delivery";
import { aContact, givenBusiness } from "@reminder-app/testing/given-business";
import { type GivenTestBusiness, givenTestBusiness } from "@reminder-app/testing/given-test-clock";
import { expect, test } from "vitest";
import { AssignClientsInput, assignClients } from "../assignments/assign-clients.ts";
import { closeAssignment } from "../assignments/change-assignment.ts";
import { HoldInput, holdAssignment } from "../assignments/hold-assignment.ts";
import { suppressByHand } from "../consent/suppress-by-hand.ts";
import { inTransaction } from "../ctx.ts";
import { createComposer } from "../deliveries/hand-over.ts";
import { pauseReminder } from "../reminders/pause-reminder.ts";
import { PageTasksQuery, pageTasks } from "../tasks/page-tasks.ts";
import { AdvanceTestClockInput, advanceTestClock } from "./advance-test-clock.ts";
import { FreezeTestClockInput, freezeTestClock } from "./freeze-test-clock.ts";
import { getTestClock } from "./get-test-clock.ts";
import { passMoment } from "./pass-moment.ts";
import { testMessageRepo } from "./test-messages.repo.ts";

const steps = [-14, -7, 0, 3].map((days) => ({ id: `t${days < 0 ? "" : "+"}${days}`, days, time: "09:00" }));
const sequence = { kind: "sequence", zone: "Europe/London", steps } as const;
const weekly = {
  kind: "recurring",
  start: "2027-03-07T09:00",
  zone: "Europe/London",
  rule: "FREQ=WEEKLY;BYDAY=SU",
} as const;

async function givenChase(shop: GivenTestBusiness, dueOn = "2027-04-01") {
  const client = await shop.client();
  const reminder = await shop.reminder({ schedule: sequence });
  const input = AssignClientsInput.parse({ assignments: [{ clientId: client.id, dueOn }] });
  const [assignment] = await assignClients(await shop.onClock(), reminder.id, input);
  if (!assignment) throw new Error("Nothing was assigned");
  return { client, reminder, assignment };
}

const when = ({ sentAt }: { sentAt: Date }) => sentAt.toISOString().slice(0, 16);

test("time that passes sends what comes due, at its wall time on both sides of a change of the clocks (J12, A9)", async () => {
  const shop = await givenTestBusiness({ now: "2027-03-20T12:00:00Z" });
  const reminder = await shop.reminder({ schedule: weekly });
  await shop.assign(reminder, await shop.client());

  const advanced = await shop.advance({ by: { days: 16 } });

  expect(advanced).toMatchObject({
    now: new Date("2027-04-05T11:00:00Z"),
    reached: true,
    sent: 3,
    skipped: 0,
    failed: 0,
  });
  const messages = await shop.messages();
  expect(messages.map(when)).toEqual(["2027-03-21T09:00", "2027-03-28T08:00", "2027-04-04T08:00"]);
  expect(messages[0]).toMatchObject({
    channel: "email",
    recipient: expect.stringMatching(/@clients\.example$/) as string,
    subject: "VAT return for Hill Ltd",
    text: expect.stringContaining("please send us your VAT figures") as string,
  });
});

test("twelve months one by one send the same as all at once (J12)", async () => {
  const shops = await Promise.all([1, 2].map(() => givenTestBusiness({ now: "2027-01-15T12:00:00Z" })));
  const sent = await Promise.all(
    shops.map(async (shop, index) => {
      await givenChase(shop);
      await shop.assign(await shop.reminder({ schedule: { ...weekly, zone: "recipient" } }), await shop.client());
      if (index === 0) await shop.advance({ by: { months: 12 } });
      else for (let month = 0; month < 12; month += 1) await shop.advance({ by: { months: 1 } });
      return (await shop.messages()).map((message) => `${when(message)} ${message.text}`);
    }),
  );
  expect(sent[0]?.length).toBeGreaterThan(45);
  expect(sent[1]).toEqual(sent[0]);
});

test("what is done between two advances is reminded of no more (J12, B1)", async () => {
  const shop = await givenTestBusiness({ now: "2027-03-15T12:00:00Z" });
  const { reminder, assignment } = await givenChase(shop);
  await shop.advance({ to: "2027-03-26T00:00:00Z" });
  await closeAssignment(await shop.onClock(), { reminderId: reminder.id, assignmentId: assignment.id }, "done");
  expect(await shop.advance({ by: { months: 2 } })).toMatchObject({ sent: 0 });
  expect((await shop.messages()).map(when)).toEqual(["2027-03-18T09:00", "2027-03-25T09:00"]);
});

test("addresses script what becomes of their messages (J12)", async () => {
  const shop = await givenTestBusiness();
  const to = async (email: string) => shop.client({ contacts: [aContact({ addresses: { email } })] });
  const names = ["ada", "refused", "bounced", "throttled", "throttled-once", "unknown"];
  const reminder = await shop.reminder();
  for (const name of names) await shop.assign(reminder, await to(`${name}@scripted.example`));

  expect(await shop.advance({ by: { days: 2 } })).toMatchObject({ failed: 2 });

  const states = (await deliveriesOf(shop, reminder.id)).map(({ state }) => state);
  expect(states).toEqual(["accepted", "failed", "undelivered", "dead", "accepted", "held"]);
  const copies = Map.groupBy(await shop.messages(), ({ recipient }) => recipient.split("@")[0]);
  expect([...copies].map(([name, { length }]) => `${length} ${name}`).toSorted()).toEqual([
    "1 ada",
    "1 bounced",
    "1 throttled-once",
    "2 unknown",
  ]);
});

test("an SMS whose answer was lost is found with the provider, and goes out once (J12)", async () => {
  const shop = await givenTestBusiness();
  const client = await shop.client({ contacts: [aContact({ addresses: { sms: "+15005550004" } })] });
  const reminder = await shop.reminder({ channels: ["sms"] });
  await shop.assign(reminder, client);
  await shop.advance({ by: { days: 2 } });
  expect(await deliveriesOf(shop, reminder.id)).toMatchObject([{ state: "accepted" }]);
  expect(await shop.messages()).toHaveLength(1);
});

test("a client who is written to no more counts as skipped (J12, C7)", async () => {
  const shop = await givenTestBusiness();
  const client = await shop.client();
  const reminder = await shop.reminder();
  await shop.assign(reminder, client);
  const address = client.contacts[0]?.addresses.email ?? "";
  await suppressByHand(await shop.onClock(), { channel: "email", address });
  expect(await shop.advance({ by: { days: 1 } })).toMatchObject({ sent: 0, skipped: 1 });
});

test("two requests that move the clock at once: one is refused, and nothing goes out twice (J12)", async () => {
  const shop = await givenTestBusiness({ now: "2027-01-15T12:00:00Z" });
  const reminder = await shop.reminder({ schedule: weekly });
  await shop.assign(reminder, await shop.client(), await shop.client());

  const results = await Promise.allSettled([1, 2].map(() => shop.advance({ to: "2027-07-01T00:00:00Z" })));

  expect(results.map(({ status }) => status).toSorted()).toEqual(["fulfilled", "rejected"]);
  expect(results.find(({ status }) => status === "rejected")).toMatchObject({ reason: { code: "conflict" } });
  await shop.advance({ to: "2027-07-01T00:00:00Z" });
  const messages = (await shop.messages()).map((message) => `${when(message)} ${message.recipient}`);
  expect(new Set(messages).size).toBe(messages.length);
  expect(messages).toHaveLength(2 * 17);
});

test("a process that ends on the way leaves a moment as it was, and the next one goes on there (J12)", async () => {
  const shop = await givenTestBusiness();
  const reminder = await shop.reminder({ schedule: weekly });
  await shop.assign(reminder, await shop.client());
  const ctx = await shop.onClock();
  const to = new Date("2027-04-01T00:00:00Z");
  const desk = { timing, composer: createComposer(), publicUrl: "http://localhost", sendsPerDay: 1_000 };
  const { at } = await passMoment(ctx, { at: ctx.now(), to, resumes: false }, desk);
  const dies = inTransaction(ctx, async (tx) => {
    await passMoment(tx, { at, to, resumes: false }, desk);
    expect(await testMessageRepo(tx).page({}, { limit: 9 })).toHaveLength(1);
    throw new Error("The process ends before the commit");
  });
  await expect(dies).rejects.toThrow("before the commit");

  expect(await shop.messages()).toEqual([]);
  expect((await shop.onClock()).now()).toEqual(at);
  await shop.advance({ to: to.toISOString() });
  expect((await shop.messages()).map(when)).toEqual([
    "2027-03-07T09:00",
    "2027-03-14T09:00",
    "2027-03-21T09:00",
    "2027-03-28T08:00",
  ]);
});

test("a live business has no test clock (J12)", async () => {
  const shop = await givenBusiness();
  const input = AdvanceTestClockInput.parse({ by: { days: 1 } });
  const options = { timing, publicUrl: "http://localhost", sendsPerDay: 1_000 };
  const refused = { code: "conflict", message: expect.stringContaining("live business") as string };
  await expect(advanceTestClock(shop.ctx, input, options)).rejects.toMatchObject(refused);
  await expect(freezeTestClock(shop.ctx, { at: new Date() })).rejects.toMatchObject(refused);
  expect(await getTestClock(shop.ctx)).toEqual({ mode: "live", now: shop.clock.now(), next: null });
});

test("the clock only goes forward once something was planned; what was jumped over is late (J12)", async () => {
  const shop = await givenTestBusiness();
  const freeze = async (at: string) => {
    const { now } = await freezeTestClock(await shop.onClock(), FreezeTestClockInput.parse({ at }));
    shop.clock.set(now);
    return now;
  };
  expect(await freeze("2026-01-01T00:00:00Z")).toEqual(new Date("2026-01-01T00:00:00Z"));
  await freeze("2027-03-01T00:00:00Z");
  const reminder = await shop.reminder({ schedule: weekly });
  await shop.assign(reminder, await shop.client());
  await freeze("2027-03-14T10:00:00Z");
  await shop.advance({ by: { minutes: 1 } });
  expect((await shop.messages()).map(when)).toEqual(["2027-03-14T10:00"]);
  expect((await occurrencesOf(shop, reminder.id)).map(({ state }) => state)).toEqual(["missed", "settled"]);
  await expect(freeze("2027-03-14T09:00:00Z")).rejects.toMatchObject({ code: "conflict" });
  await expect(shop.advance({ to: "2027-03-14T09:00:00Z" })).rejects.toMatchObject({ code: "validation_failed" });
});

test("pauses end by themselves as the clock passes their end, and what they kept back is not made up for (J12, A15)", async () => {
  const shop = await givenTestBusiness();
  const reminder = await shop.reminder({ schedule: weekly });
  await shop.assign(reminder, await shop.client());
  await pauseReminder(await shop.onClock(), reminder.id, { until: "2027-03-20" });
  expect(await getTestClock(await shop.onClock())).toMatchObject({ next: new Date("2027-03-07T09:00:00Z") });
  await shop.advance({ to: "2027-03-29T00:00:00Z" });
  expect((await shop.messages()).map(when)).toEqual(["2027-03-21T09:00", "2027-03-28T08:00"]);
  expect(await shop.auditTrail()).toContain("reminder.resumed");
});

test("a promise that was not kept by its day opens a task, at that day by the test clock (J12, B6)", async () => {
  const shop = await givenTestBusiness();
  const { reminder, assignment } = await givenChase(shop);
  const key = { reminderId: reminder.id, assignmentId: assignment.id };
  await holdAssignment(await shop.onClock(), key, HoldInput.parse({ reason: "promise", until: "2027-03-23" }));
  await shop.advance({ to: "2027-03-26T12:00:00Z" });
  const { items } = await pageTasks(await shop.onClock(), PageTasksQuery.parse({}));
  expect(items).toMatchObject([{ kind: "broken_promise", createdAt: new Date("2027-03-25T00:00:00Z") }]);
});
