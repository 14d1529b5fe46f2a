import { accepted, delivererFor, deliveriesOf, scriptedChannel } from "@reminder-app/testing/given-delivery";
import { aContact, type GivenBusiness, givenBusiness } from "@reminder-app/testing/given-business";
import { aSequence, givenSequence, messagesOf, passDays, planNow } from "@reminder-app/testing/given-sequence";
import { scheduleSchema } from "@reminder-app/schedule/schedule";
import { expect, test } from "vitest";
import type { z } from "zod";
import { AssignClientsInput, assignClients } from "../assignments/assign-clients.ts";
import { dryRun } from "../ctx.ts";
import { ChangeReminderInput, changeReminder } from "./change-reminder.ts";
import type { Reminder } from "./reminders.repo.ts";

type Change = z.input<typeof ChangeReminderInput>;
const off = new Map();

const change = ({ ctx }: GivenBusiness, { id }: Pick<Reminder, "id">, input: Change) =>
  changeReminder(ctx, { id, off }, ChangeReminderInput.parse(input));

/** What a change says that it would do, and then does; both must be the same. */
async function previewThenChange(shop: GivenBusiness, reminder: Reminder, input: Change) {
  const parsed = ChangeReminderInput.parse(input);
  const foretold = await dryRun(shop.ctx, (tx) => changeReminder(tx, { id: reminder.id, off }, parsed));
  const changed = await change(shop, reminder, input);
  expect(changed.effect).toEqual(foretold.effect);
  return changed.effect;
}

async function textsSent(shop: GivenBusiness, reminder: Reminder): Promise<string[]> {
  const { channel, calls } = scriptedChannel(
    Array.from({ length: 10 }, (_, index) => ({ ...accepted, providerMessageId: `m-${index}` })),
  );
  const deliver = delivererFor(shop, channel);
  for (const delivery of await deliveriesOf(shop, reminder.id)) await deliver(delivery);
  return calls.map(({ content }) => `${content.subject}: ${content.text.trim()}`);
}

const schedule = aSequence([-14, -7, -1]);

test("a step says what is its own, and of the rest what the reminder says (A4)", async () => {
  const shop = await givenBusiness({ now: "2027-03-01T12:00:00Z" });
  const stepMessages = {
    "t-7": { subject: "One week left", tone: "firm" as const },
    "t-1": { subject: "Tomorrow", body: "Dear {{ contact.first_name }}, it is due {{ due_date }}." },
  };
  const { reminder } = await givenSequence(shop, schedule, {
    dueOn: "2027-04-01",
    reminder: { stepMessages, subject: "Your return", body: "Please file." },
  });
  const sent: string[] = [];
  for (const at of ["2027-03-18T09:00:00Z", "2027-03-25T09:00:00Z", "2027-03-31T08:00:00Z"]) {
    shop.clock.set(at);
    await planNow(shop, reminder.id);
    sent.push(...(await textsSent(shop, reminder)));
  }
  expect(sent).toEqual([
    "Your return: Please file.",
    "One week left: Please file.",
    "Tomorrow: Dear Ada, it is due 1 April 2027.",
  ]);
});

test("a step goes by its own channels (A4)", async () => {
  const shop = await givenBusiness({ now: "2027-03-01T12:00:00Z" });
  const client = await shop.client({
    contacts: [aContact({ addresses: { email: "ada@steps.example", sms: "+442079460101" } })],
  });
  const { reminder } = await givenSequence(shop, schedule, {
    dueOn: "2027-04-01",
    clientId: client.id,
    reminder: { stepMessages: { "t-1": { channels: ["sms"] } } },
  });
  await passDays(shop, reminder.id, 31);
  const made = await deliveriesOf(shop, reminder.id);
  expect(made.map(({ stepId, channel }) => [stepId, channel])).toEqual([
    ["t-14", "email"],
    ["t-7", "email"],
    ["t-1", "sms"],
  ]);
});

test("messages of steps that there are none of are refused by name (A4)", async () => {
  const shop = await givenBusiness();
  await expect(shop.reminder({ schedule, stepMessages: { "t-2": { subject: "x" } } })).rejects.toMatchObject({
    issues: [{ field: "stepMessages.t-2", message: expect.stringContaining("t-14, t-7, t-1") }],
  });
  await expect(shop.reminder({ stepMessages: { "t-2": { subject: "x" } } })).rejects.toMatchObject({
    issues: [{ message: expect.stringContaining("only a sequence has steps") }],
  });
  const reminder = await shop.reminder({ schedule, stepMessages: { "t-7": { subject: "x" } } });
  const without = scheduleSchema.parse(aSequence([-14, -1]));
  await expect(change(shop, reminder, { schedule: without })).rejects.toMatchObject({
    issues: [{ field: "stepMessages.t-7" }],
  });
});

test("a step's text that names a date or sum needs it of every client (A4)", async () => {
  const shop = await givenBusiness();
  const reminder = await shop.reminder({ schedule, stepMessages: { "t-1": { body: "You owe {{ amount }}." } } });
  const client = await shop.client();
  const assign = (more: object) =>
    assignClients(
      shop.ctx,
      reminder.id,
      AssignClientsInput.parse({ assignments: [{ clientId: client.id, dueOn: "2027-05-01", ...more }] }),
    );
  await expect(assign({})).rejects.toMatchObject({ issues: [{ field: "assignments.0.amount" }] });
  await assign({ amount: 100, currency: "GBP" });
});

test("a change for those under way moves what was not sent, and says beforehand how much (A14)", async () => {
  const shop = await givenBusiness({ now: "2027-03-01T12:00:00Z" });
  const { reminder } = await givenSequence(shop, schedule, { dueOn: "2027-04-01" });
  await passDays(shop, reminder.id, 18);
  expect(await messagesOf(shop, reminder.id)).toEqual(["t-14 2027-03-18T09:00"]);
  const wanted = aSequence([-14, -6, -1, 2]);
  expect(
    await previewThenChange(shop, reminder, {
      schedule: {
        ...wanted,
        steps: wanted.steps.map((step) => (step.days === -1 ? { ...step, time: "10:00" } : step)),
      },
    }),
  ).toEqual({
    appliesTo: "in_flight",
    assignments: { changed: 1, kept: 0 },
    sends: { moved: 1, added: 2, dropped: 1, unchanged: 0 },
  });
  await passDays(shop, reminder.id, 20);
  expect(await messagesOf(shop, reminder.id)).toEqual([
    "t-14 2027-03-18T09:00",
    "t-6 2027-03-26T09:00",
    "t-1 2027-03-31T09:00",
    "t+2 2027-04-03T08:00",
  ]);
});

test("a change for new assignments leaves those under way on the plan they are on, texts too (A14)", async () => {
  const shop = await givenBusiness({ now: "2027-03-01T12:00:00Z" });
  const { reminder } = await givenSequence(shop, schedule, { dueOn: "2027-04-01", reminder: { subject: "Old" } });
  const input: Change = { schedule: aSequence([-3]), subject: "New", appliesTo: "new" };
  expect(await previewThenChange(shop, reminder, input)).toEqual({
    appliesTo: "new",
    assignments: { changed: 0, kept: 1 },
    sends: { moved: 0, added: 0, dropped: 0, unchanged: 3 },
  });
  const later = await shop.client();
  await assignClients(
    shop.ctx,
    reminder.id,
    AssignClientsInput.parse({ assignments: [{ clientId: later.id, dueOn: "2027-04-01" }] }),
  );
  await passDays(shop, reminder.id, 17);
  expect(await textsSent(shop, reminder)).toEqual([expect.stringMatching(/^Old: /)]);
  await passDays(shop, reminder.id, 21);
  expect(await messagesOf(shop, reminder.id)).toEqual([
    "t-7 2027-03-25T09:00",
    "t-3 2027-03-29T08:00",
    "t-1 2027-03-31T08:00",
  ]);
});

test("those who were left on an older plan follow the next change that is for all (A14)", async () => {
  const shop = await givenBusiness({ now: "2027-03-01T12:00:00Z" });
  const { reminder } = await givenSequence(shop, schedule, { dueOn: "2027-04-01" });
  await change(shop, reminder, { schedule: aSequence([-3]), appliesTo: "new" });
  expect(await previewThenChange(shop, reminder, { subject: "For all" })).toEqual({
    appliesTo: "in_flight",
    assignments: { changed: 1, kept: 0 },
    sends: { moved: 0, added: 1, dropped: 3, unchanged: 0 },
  });
  await passDays(shop, reminder.id, 40);
  expect(await messagesOf(shop, reminder.id)).toEqual(["t-3 2027-03-29T08:00"]);
});

test("another name or grace leaves everyone on the plan they are on (A14)", async () => {
  const shop = await givenBusiness({ now: "2027-03-01T12:00:00Z" });
  const { reminder } = await givenSequence(shop, schedule, { dueOn: "2027-04-01" });
  await change(shop, reminder, { subject: "New", appliesTo: "new" });
  for (const appliesTo of ["in_flight", "new"] as const)
    expect(await previewThenChange(shop, reminder, { name: `VAT ${appliesTo}`, graceMinutes: 60, appliesTo })).toEqual({
      appliesTo,
      assignments: { changed: 1, kept: 0 },
      sends: { moved: 0, added: 0, dropped: 0, unchanged: 3 },
    });
  shop.clock.set("2027-03-18T09:00:00Z");
  await planNow(shop, reminder.id);
  expect(await textsSent(shop, reminder)).toEqual([expect.stringMatching(/^VAT return for/)]);
});

test("one clock for all cannot be moved for new clients alone; its text can be new for them (A14)", async () => {
  const shop = await givenBusiness({ now: "2027-03-01T12:00:00Z" });
  const daily = { kind: "recurring", start: "2027-03-02T09:00", zone: "UTC", rule: "FREQ=DAILY;COUNT=3" } as const;
  const reminder = await shop.reminder({ schedule: daily, subject: "Old" });
  await shop.assign(reminder, await shop.client(), await shop.client());
  await expect(
    change(shop, reminder, { schedule: { ...daily, start: "2027-03-02T10:00" }, appliesTo: "new" }),
  ).rejects.toMatchObject({ issues: [{ field: "appliesTo" }] });
  expect(await previewThenChange(shop, reminder, { subject: "New", appliesTo: "new" })).toMatchObject({
    assignments: { changed: 0, kept: 2 },
  });
  await shop.assign(reminder, await shop.client());
  expect(await previewThenChange(shop, reminder, { schedule: { ...daily, start: "2027-03-02T10:00" } })).toEqual({
    appliesTo: "in_flight",
    assignments: { changed: 3, kept: 0 },
    sends: { moved: 9, added: 0, dropped: 0, unchanged: 0 },
  });
});

test("a moment that is past is refused, for whomever a change is meant (A1, A14)", async () => {
  const shop = await givenBusiness({ now: "2027-03-01T12:00:00Z" });
  const draft = await shop.reminder({ activate: false });
  const schedule = { kind: "once", at: "2027-02-01T09:00", zone: "UTC" } as const;
  for (const appliesTo of ["new", "in_flight"] as const)
    await expect(change(shop, draft, { schedule, appliesTo })).rejects.toMatchObject({
      issues: [{ field: "schedule.at", message: expect.stringContaining("is in the past") }],
    });
});
