import { type GivenBusiness, givenBusiness } from "@reminder-app/testing/given-business";
import { accepted, delivererFor, deliveriesOf, ring, scriptedChannel } from "@reminder-app/testing/given-delivery";
import { expect, test } from "vitest";
import { assignClients } from "../assignments/assign-clients.ts";
import type { Reminder } from "../reminders/reminders.repo.ts";
import { reminderRepo } from "../reminders/reminders.repo.ts";
import { DecideSendsInput, decideSends } from "./decide-sends.ts";

/** A sequence whose step for its one client comes due on 8 March at 09:00 UTC, a week from the start. */
async function givenStep(input = {}) {
  const shop = await givenBusiness({ now: "2027-03-01T12:00:00Z" });
  const steps = [{ id: "t-7", days: -7, time: "09:00" }];
  const reminder = await shop.reminder({ schedule: { kind: "sequence", zone: "UTC", steps }, ...input });
  const client = await shop.client();
  const blank = { period: "", amount: null, currency: null };
  const [assignment] = await assignClients(shop.ctx, reminder.id, {
    assignments: [{ ...blank, clientId: client.id, dueOn: "2027-03-15" }],
  });
  const assignmentId = assignment!.id;
  const send = { assignmentId, slotKey: `A:${assignmentId}:1:t-7` };
  const decide = (decision: string, text = {}) =>
    decideSends(shop.ctx, DecideSendsInput.parse({ sends: [send], decision, ...text }));
  return { shop, reminder, send, decide, plan: () => planAt(shop, reminder) };
}

async function planAt(shop: GivenBusiness, reminder: Reminder, at = "2027-03-08T09:00:00Z") {
  shop.clock.set(at);
  const present = await reminderRepo(shop.ctx).get(reminder.id);
  await ring(shop, { ...present, nextDueAt: null });
  return only(shop, reminder);
}

async function only(shop: GivenBusiness, reminder: Reminder) {
  const [delivery] = await deliveriesOf(shop, reminder.id);
  if (!delivery) throw new Error("No delivery was made");
  return delivery;
}

const outcomes = ({ sends }: { sends: readonly { outcome: string }[] }) => sends.map(({ outcome }) => outcome);

test("what is left out before it is planned is filed as skipped, and nothing goes (A17)", async () => {
  const { shop, decide, plan } = await givenStep();
  expect(outcomes(await decide("skip"))).toEqual(["skipped"]);
  expect(outcomes(await decide("skip"))).toEqual(["unchanged"]);
  expect(await plan()).toMatchObject({ state: "skipped", reason: "skipped_by_staff", nextAt: null });
  expect(await shop.auditTrail()).toContain("sends.skipped");
});

test("what is held waits for a person, and goes when it is released (A17)", async () => {
  const { shop, reminder, decide, plan } = await givenStep();
  await decide("hold");
  const held = await plan();
  expect(held).toMatchObject({ state: "queued", reason: "held_by_staff", nextAt: held.expiresAt });
  const { channel, calls } = scriptedChannel([accepted]);
  await delivererFor(shop, channel)(held);
  expect(calls).toHaveLength(0);

  const released = await decide("release");
  expect(released).toMatchObject({ sends: [{ outcome: "released" }], queued: [{ id: held.id, fence: 1 }] });
  await delivererFor(shop, channel)(held);
  expect(await only(shop, reminder)).toMatchObject({ state: "accepted" });
});

test("a hold meets a message that waits already, and one that nobody releases expires with its reason (A17)", async () => {
  const { shop, reminder, decide, plan } = await givenStep();
  const delivery = await plan();
  await decide("hold");
  expect(await only(shop, reminder)).toMatchObject({ reason: "held_by_staff", nextAt: delivery.expiresAt });
  shop.clock.set(delivery.expiresAt);
  await delivererFor(shop, scriptedChannel([]).channel)(delivery);
  expect(await only(shop, reminder)).toMatchObject({ state: "expired", reason: "held_by_staff" });
});

test("what was left out of the queue goes again when staff think better of it (A17)", async () => {
  const { shop, reminder, decide, plan } = await givenStep();
  const delivery = await plan();
  await decide("skip");
  expect(await only(shop, reminder)).toMatchObject({ state: "skipped", nextAt: null });
  await decide("unskip");
  const { channel, calls } = scriptedChannel([accepted]);
  await delivererFor(shop, channel)(delivery);
  expect(calls).toHaveLength(1);
});

test("each message of a reminder that wants approval waits for it, and expires without (A17)", async () => {
  const { shop, reminder, decide, plan } = await givenStep({ needsApproval: true });
  const delivery = await plan();
  expect(delivery).toMatchObject({ state: "queued", reason: "awaiting_approval", nextAt: delivery.expiresAt });
  await decide("hold");
  await decide("release");
  expect(await only(shop, reminder)).toMatchObject({ reason: "awaiting_approval", nextAt: delivery.expiresAt });
  await decide("approve");
  expect(await only(shop, reminder)).toMatchObject({ reason: null, nextAt: delivery.dueAt });
});

test("what was approved before it is planned goes at its time (A17)", async () => {
  const { decide, plan } = await givenStep({ needsApproval: true });
  await decide("approve");
  const delivery = await plan();
  expect(delivery).toMatchObject({ state: "queued", reason: null, nextAt: delivery.dueAt });
});

test("one send's own text takes the place of the reminder's, and null takes it back (A17)", async () => {
  const { shop, decide, plan } = await givenStep();
  await decide("edit", { subject: "Another", body: "Dear {{ contact.first_name }}, only this once." });
  await decide("edit", { subject: null });
  const delivery = await plan();
  const { channel, calls } = scriptedChannel([accepted]);
  await delivererFor(shop, channel)(delivery);
  expect(calls[0]?.content.text).toContain("Dear Ada, only this once.");
  expect(calls[0]?.content.subject).toBe("VAT return for Hill Ltd");
});

test("a text of its own must not name what the client lacks (A17)", async () => {
  const { decide } = await givenStep();
  const edit = decide("edit", { body: "Please pay {{ amount }}." });
  await expect(edit).rejects.toMatchObject({ issues: [{ field: "assignment.amount" }] });
});

test("what has started says so, and what is settled, past or unknown is refused by name (A17)", async () => {
  const { shop, send, decide, plan } = await givenStep();
  const of = (slotKey: string) =>
    decideSends(shop.ctx, DecideSendsInput.parse({ sends: [{ ...send, slotKey }], decision: "hold" }));
  const refusal = { code: "validation_failed", issues: [{ field: "sends.0.slotKey" }] };
  await expect(of("A:other")).rejects.toMatchObject(refusal);
  await expect(of("S:2027-03-08")).rejects.toMatchObject(refusal);

  const delivery = await plan();
  const { channel } = scriptedChannel([accepted]);
  let during: readonly string[] = [];
  const slow = { ...channel, send: async () => ((during = outcomes(await decide("hold"))), accepted) };
  await delivererFor(shop, slow)(delivery);
  expect(during).toEqual(["in_flight"]);
  await expect(decide("hold")).rejects.toMatchObject(refusal);
});

test("moments that all clients share are decided for one client alone (A17)", async () => {
  const shop = await givenBusiness();
  const schedule = { kind: "recurring", start: "2027-03-02T09:00", zone: "Europe/London", rule: "FREQ=DAILY" } as const;
  const reminder = await shop.reminder({ schedule });
  const assignments = await shop.assign(reminder, await shop.client(), await shop.client());
  const decide = (slotKey: string) => {
    const sends = [{ assignmentId: assignments[0]!.id, slotKey }];
    return decideSends(shop.ctx, DecideSendsInput.parse({ sends, decision: "skip" }));
  };
  await decide("S:2027-03-02");
  await decide("S:2027-09-30");
  await expect(decide("S:2027-03-01")).rejects.toMatchObject({ code: "validation_failed" });
  const made = await ring(shop, reminder);
  expect(made.map(({ assignmentId, state }) => [assignmentId, state])).toEqual([
    [assignments[0]!.id, "skipped"],
    [assignments[1]!.id, "queued"],
  ]);
});

test("text goes with an edit only, and an edit needs some (A17)", async () => {
  const { decide } = await givenStep();
  await expect(decide("edit")).rejects.toMatchObject({ issues: [{ field: "body" }] });
  await expect(decide("hold", { body: "Other" })).rejects.toMatchObject({ issues: [{ field: "decision" }] });
});
