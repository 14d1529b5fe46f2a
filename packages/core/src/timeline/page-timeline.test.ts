import { delivererFor, deliveriesOf, scriptedChannel } from "@reminder-app/testing/given-delivery";
import { type GivenBusiness, aContact, givenBusiness } from "@reminder-app/testing/given-business";
import { aSequence, givenSequence, passDays, planNow } from "@reminder-app/testing/given-sequence";
import { allAssignments, allOccurrences } from "@reminder-app/testing/given-ledger";
import { HOUR_MS } from "@reminder-app/platform/clock";
import { type Id, newId } from "@reminder-app/platform/ids";
import { expect, test } from "vitest";
import { AssignClientsInput, assignClients } from "../assignments/assign-clients.ts";
import { changeAssignment, closeAssignment } from "../assignments/change-assignment.ts";
import { HoldInput, holdAssignment } from "../assignments/hold-assignment.ts";
import { archiveClient } from "../clients/archive-client.ts";
import { archiveContact, changeContact } from "../clients/change-contacts.ts";
import { addressHash } from "../clients/contact.ts";
import type { ClientWithContacts } from "../clients/get-client.ts";
import { pauseClient } from "../clients/pause-client.ts";
import { suppressAddress } from "../consent/suppress-address.ts";
import { SendNowInput, sendNow } from "../occurrences/send-now.ts";
import { isReasonCode } from "../reasons.ts";
import { cancelReminder } from "../reminders/change-status.ts";
import { pauseReminder } from "../reminders/pause-reminder.ts";
import type { Reminder } from "../reminders/reminders.repo.ts";
import { PageTimelineQuery, type TimelineItem, pageTimeline } from "./page-timeline.ts";

async function timelineOf({ ctx }: Pick<GivenBusiness, "ctx">, clientId: Id<"Client">, query = {}) {
  const items: TimelineItem[] = [];
  let cursor: string | undefined;
  do {
    const page = await pageTimeline(ctx, clientId, PageTimelineQuery.parse({ limit: 100, ...query, cursor }));
    items.push(...page.items);
    cursor = page.nextCursor;
  } while (cursor);
  return items;
}

const momentsOf = (items: readonly TimelineItem[]) => items.filter(({ kind }) => kind === "moment");

/** Plan and send what is due now of some reminders; the provider refuses whom a test names. */
async function workOff(shop: GivenBusiness, reminders: readonly Reminder[], refused = "nobody"): Promise<void> {
  const provider: ReturnType<typeof scriptedChannel>["channel"] = {
    ...scriptedChannel([]).channel,
    send: async ({ to, token }) =>
      to.startsWith(refused)
        ? { kind: "refused", code: "twilio/21211", reason: "no such mailbox" }
        : { kind: "accepted", providerMessageId: token },
  };
  const deliver = delivererFor(shop, provider);
  for (const { id } of reminders) {
    await planNow(shop, id);
    for (const row of await deliveriesOf(shop, id))
      if (row.nextAt && row.nextAt <= shop.clock.now()) await deliver(row);
  }
}

async function pass(shop: GivenBusiness, reminders: readonly Reminder[], hours: number): Promise<void> {
  for (let hour = 0; hour < hours; hour += 1) {
    shop.clock.advance(HOUR_MS);
    await workOff(shop, reminders, "refused");
  }
}

async function givenClients(shop: GivenBusiness) {
  const named = (name: string, email = `${name}.${newId()}@clients.example`) =>
    shop.client({ name, contacts: [aContact({ name: `Ada of ${name}`, addresses: { email } })] });
  const names = ["plain", "bare", "optedout", "paused", "archived", "held", "done", "lonely", "refused"] as const;
  const made = await Promise.all(names.map(async (name) => [name, await named(name)] as const));
  return Object.fromEntries(made) as Record<(typeof names)[number], ClientWithContacts>;
}

const daily = (time: string) => ({
  kind: "recurring" as const,
  start: `2027-03-01T${time}`,
  zone: "Europe/London",
  rule: "FREQ=DAILY",
});

/** A small firm to whose clients everything happens that keeps a message back. */
async function givenFirm() {
  const shop = await givenBusiness({ now: "2027-03-01T12:00:00Z", quietHours: { start: "20:00", end: "08:00" } });
  const clients = await givenClients(shop);
  const all = Object.values(clients);
  const [everyDay, tooLate, stopped, halted] = [
    await shop.reminder({ name: "Receipts", schedule: daily("09:00"), graceMinutes: 3 * 24 * 60 }),
    await shop.reminder({ name: "Late news", schedule: daily("21:00"), graceMinutes: 60 }),
    await shop.reminder({ name: "Old offer", schedule: daily("10:00") }),
    await shop.reminder({ name: "Survey", schedule: daily("11:00") }),
  ];
  const sequence = await shop.reminder({ name: "VAT", schedule: aSequence([-21, -2, 0]) });
  for (const reminder of [everyDay, tooLate, stopped, halted]) await shop.assign(reminder, ...all);
  const dated = AssignClientsInput.parse({ assignments: all.map(({ id }) => ({ clientId: id, dueOn: "2027-03-05" })) });
  await assignClients(shop.ctx, sequence.id, dated);
  return { shop, clients, reminders: [everyDay, tooLate, stopped, halted, sequence] as const };
}

async function letThingsHappen({ shop, clients, reminders }: Awaited<ReturnType<typeof givenFirm>>): Promise<void> {
  const { ctx } = shop;
  const [everyDay, , stopped, halted] = reminders;
  await pass(shop, reminders, 24);
  const contactOf = ({ id, contacts }: ClientWithContacts) => ({ clientId: id, contactId: contacts[0]!.id });
  await changeContact(ctx, contactOf(clients.bare), { addresses: { email: null } });
  await archiveContact(ctx, contactOf(clients.lonely));
  await archiveClient(ctx, clients.archived.id);
  await pauseClient(ctx, clients.paused.id, {});
  const hash = addressHash(ctx.vault, "email", clients.optedout.contacts[0]!.addresses.email!);
  await suppressAddress(ctx, { channel: "email", hashes: [hash], reason: "opted_out", source: "link" });
  for (const { id: assignmentId, reminderId, clientId } of await allAssignments(shop)) {
    const key = { reminderId, assignmentId };
    if (clientId === clients.done.id) await closeAssignment(ctx, key, "received");
    if (clientId === clients.held.id) await holdAssignment(ctx, key, HoldInput.parse({ reason: "dispute" }));
  }
  await cancelReminder(ctx, stopped.id);
  await pauseReminder(ctx, halted.id);
  const byHand = { clientIds: [clients.plain.id], replaceNext: true, evenIfRecent: true };
  await sendNow(ctx, everyDay.id, SendNowInput.parse(byHand));
  await pass(shop, reminders, 24);
  shop.clock.advance(50 * HOUR_MS); // nobody plans or sends
  await pass(shop, reminders, 30);
}

test("every moment ends for every client on its reminder in exactly one state with a reason (K6)", async () => {
  const firm = await givenFirm();
  await letThingsHappen(firm);
  const { shop, clients } = firm;
  const filed = await allOccurrences(shop);
  const assigned = await allAssignments(shop);
  const reasonsSeen = new Set<string>();
  for (const { id: clientId, name } of Object.values(clients)) {
    const expected = filed
      .filter(({ slotKey }) => !slotKey.startsWith("M:") || name === "plain")
      .filter(({ assignmentId, reminderId, dueAt }) =>
        assigned.some(
          (one) =>
            one.clientId === clientId &&
            (assignmentId ? one.id === assignmentId : one.reminderId === reminderId) &&
            one.createdAt <= dueAt &&
            (!one.closedAt || one.closedAt > dueAt),
        ),
      )
      .map(({ id }) => id);
    const told = momentsOf(await timelineOf(shop, clientId));
    expect([name, told.map(({ occurrenceId }) => String(occurrenceId)).toSorted()]).toEqual([
      name,
      expected.toSorted(),
    ]);
    for (const { reason, final, sentence } of told) {
      expect({ final, known: reason !== null && isReasonCode(reason) }).toEqual({ final: true, known: true });
      expect(sentence).toMatch(/^“.+” ?.*was due on .+\. .+\.(?: \(.+\))?$/);
      reasonsSeen.add(String(reason));
    }
  }
  expect([...reasonsSeen].toSorted()).toEqual([
    "client_archived",
    "client_paused",
    "coalesced",
    "dispute",
    "grace_over",
    "no_address",
    "no_contact",
    "opted_out",
    "paused",
    "provider_refused",
    "quiet_hours_expired",
    "replaced_by_manual_send",
    "sent",
    "suppressed",
  ]);
}, 120_000);

test("what one message of the day listed, and what was too much for a person, is told moment by moment (K6)", async () => {
  const limits = { dailyMessageAt: "09:00", contactCap: { perDay: 1 } };
  const shop = await givenBusiness({ now: "2027-03-01T06:00:00Z", ...limits });
  const client = await shop.client();
  const at = (time: string) => ({ kind: "once" as const, at: `2027-03-01T${time}`, zone: "Europe/London" });
  const reminders = [
    await shop.reminder({ name: "VAT", schedule: at("10:00") }),
    await shop.reminder({ name: "Payroll", schedule: at("11:00") }),
    await shop.reminder({ name: "Visit", type: "appointment", schedule: at("14:00"), graceMinutes: 60 }),
  ];
  for (const reminder of reminders) await shop.assign(reminder, client);
  shop.clock.set("2027-03-01T08:59:30Z");
  for (const { id } of reminders) await planNow(shop, id);
  shop.clock.set("2027-03-01T09:00:00Z");
  await pass(shop, reminders, 9);
  const told = momentsOf(await timelineOf(shop, client.id));
  const states = told.map(({ reminderName, reason, final }) => `${reminderName} ${reason} ${final}`);
  expect(states[0]).toBe("Visit capped false");
  expect(
    states
      .slice(1)
      .map((state) => state.replace(/^\w+ /, ""))
      .toSorted(),
  ).toEqual(["merged true", "sent true"]);
  const line = told.find(({ reason }) => reason === "merged");
  expect(line?.sentence).toMatch(/It is a line of .+ It was sent, and the provider took it\.$/);
  await pass(shop, reminders, 24);
  expect(momentsOf(await timelineOf(shop, client.id))[0]).toMatchObject({ reminderName: "Visit", reason: "sent" });
});

test("a timeline is the same in pages of any size, the newest first and without a gap (K6)", async () => {
  const shop = await givenBusiness({ now: "2027-03-01T12:00:00Z" });
  const { reminder, assignment } = await givenSequence(shop, aSequence([-20, -3, -2, -1]), { dueOn: "2027-03-06" });
  await passDays(shop, reminder.id, 4);
  await closeAssignment(shop.ctx, { reminderId: reminder.id, assignmentId: assignment.id }, "done");
  const whole = await timelineOf(shop, assignment.clientId);
  expect(whole.map(({ kind, stepId }) => [kind, stepId])).toEqual([
    ["closed", null],
    ["moment", "t-1"],
    ["moment", "t-2"],
    ["moment", "t-3"],
    ["client_created", null],
    ["joined", null],
    ["step_left_out", "t-20"],
  ]);
  for (const limit of [1, 2, 3]) expect(await timelineOf(shop, assignment.clientId, { limit })).toEqual(whole);
  const spanned = await timelineOf(shop, assignment.clientId, {
    from: "2027-03-03T00:00:00Z",
    to: "2027-03-04T12:00:00Z",
  });
  expect(spanned.map(({ stepId }) => stepId)).toEqual(["t-2", "t-3"]);
});

test("steps that never came to be are told with the reason (K6)", async () => {
  const shop = await givenBusiness({ now: "2027-03-01T12:00:00Z" });
  const schedule = aSequence([-20, -10, -5, 0]);
  const given = await givenSequence(shop, schedule, { dueOn: "2027-03-15", overrides: { "t-10": { skip: true } } });
  const { reminder, assignment, key } = given;
  await passDays(shop, reminder.id, 5);
  await changeAssignment(shop.ctx, key, { dueOn: "2027-03-08" });
  await passDays(shop, reminder.id, 4);
  const told = await timelineOf(shop, assignment.clientId);
  const left = told.filter(({ kind }) => kind === "step_left_out").map(({ stepId, reason }) => `${stepId} ${reason}`);
  expect(left.toSorted()).toEqual(["t-10 left_out_for_client", "t-20 joined_late", "t-5 due_date_moved"]);
  expect(momentsOf(told).map(({ stepId }) => stepId)).toEqual(["t0"]);
  expect(told.find(({ stepId }) => stepId === "t-5")?.sentence).toBe(
    "“VAT return”, step t-5, was for 3 March 2027 at 09:00. It fell away when the due date or the steps were changed.",
  );
});

test("what people did to a client, and why, stands beside what it got (K6)", async () => {
  const shop = await givenBusiness({ now: "2027-03-01T12:00:00Z" });
  const client = await shop.client({ timeZone: "America/New_York" });
  const schedule = aSequence([-2, 0]);
  const reminder = { stepMessages: { "t-2": { tone: "firm" as const } } };
  const { key } = await givenSequence(shop, schedule, { clientId: client.id, dueOn: "2027-03-20", reminder });
  await holdAssignment(shop.ctx, key, HoldInput.parse({ reason: "promise", until: "2027-03-04", graceDays: 0 }));
  shop.clock.advance(HOUR_MS);
  await pauseClient(shop.ctx, client.id, { until: "2027-03-10" });
  shop.clock.advance(HOUR_MS);
  const hash = addressHash(shop.ctx.vault, "email", client.contacts[0]!.addresses.email!);
  await suppressAddress(shop.ctx, { channel: "email", hashes: [hash], reason: "opted_out", source: "link" });
  const told = await timelineOf(shop, client.id);
  const kinds = told.map(({ kind, reason }) => [kind, reason]);
  expect(kinds.slice(0, 3)).toEqual([
    ["suppressed", "opted_out"],
    ["client_paused", null],
    ["held", "promise"],
  ]);
  expect(told[0]).toMatchObject({
    sentence: "Ada Hill, by email: The person asked not to be written to on this channel.",
    localTime: "2027-03-01T09:00",
    timeZone: "America/New_York",
  });
  expect(told[2]).toMatchObject({ by: expect.stringMatching(/^member:/), reminderName: "VAT return" });
  expect(told[2]?.sentence).toMatch(/^“VAT return” was held until .+\. The client promised a date/);
  const ahead = await timelineOf(shop, client.id, { to: "2027-03-31T00:00:00Z" });
  const upcoming = ahead.filter(({ kind }) => kind === "upcoming");
  expect(upcoming.map(({ stepId, state, reason, tone }) => [stepId, state, reason, tone])).toEqual([
    ["t0", "will_skip", "opted_out", null],
    ["t-2", "will_skip", "opted_out", "firm"],
  ]);
  expect(told.some(({ kind }) => kind === "upcoming")).toBe(false);
});

test("what is foreseen of periods that a due rule has still to open is told too (K6, A10)", async () => {
  const shop = await givenBusiness({ now: "2027-03-01T12:00:00Z" });
  const client = await shop.client();
  const due = { kind: "dates" as const, dates: ["2027-03-20", "2027-04-20", "2027-05-20"] };
  await givenSequence(shop, aSequence([-1], { due }), { clientId: client.id });
  const told = await timelineOf(shop, client.id, { to: "2027-06-30T00:00:00Z" });
  const upcoming = told.filter(({ kind }) => kind === "upcoming");
  expect(upcoming.map(({ period, assignmentId, sentence }) => [period, assignmentId !== null, sentence])).toEqual([
    ["2027-05-20", false, expect.stringContaining("(2027-05-20), step t-1 is due on 19 May 2027 at 09:00")],
    ["2027-04-20", false, expect.stringContaining("(2027-04-20), step t-1 is due on 19 April 2027 at 09:00")],
    ["2027-03-20", true, expect.stringContaining("(2027-03-20), step t-1 is due on 19 March 2027 at 09:00")],
  ]);
});

test("who works with other clients does not find a client's timeline (K6, S20)", async () => {
  const shop = await givenBusiness();
  const client = await shop.client();
  const limited = { ...shop.ctx, clientsOf: newId<"Member">() };
  await expect(timelineOf({ ctx: limited }, client.id)).rejects.toMatchObject({ code: "not_found" });
  const rival = await givenBusiness();
  await expect(timelineOf(rival, client.id)).rejects.toMatchObject({ code: "not_found" });
});
