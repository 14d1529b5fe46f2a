import { givenBusiness } from "@reminder-app/testing/given-business";
import { expect, test } from "vitest";
import { AssignClientsInput, assignClients } from "../assignments/assign-clients.ts";
import { closeAssignment, reopenAssignment } from "../assignments/change-assignment.ts";
import { changeReminder } from "./change-reminder.ts";
import { activateReminder, cancelReminder } from "./change-status.ts";
import { reminderRepo } from "./reminders.repo.ts";

const off = new Map();

test("a reminder's type sets what ends the chase, unless the reminder says", async () => {
  const shop = await givenBusiness();
  expect(await shop.reminder({ type: "payment" })).toMatchObject({ stopRule: "paid" });
  expect(await shop.reminder({ type: "document" })).toMatchObject({ stopRule: "received" });
  expect(await shop.reminder({ type: "payment", stopRule: "none" })).toMatchObject({ stopRule: "none" });
});

test("a moment in the past is refused with the reason, a moment to come is accepted (A1)", async () => {
  const shop = await givenBusiness({ now: "2027-03-01T12:00:00Z" });
  const at = (local: string) => shop.reminder({ schedule: { kind: "once", at: local, zone: "Europe/London" } });
  await expect(at("2027-03-01T11:59")).rejects.toMatchObject({
    code: "validation_failed",
    issues: [{ field: "schedule.at" }],
  });
  expect(await at("2027-03-01T12:01")).toMatchObject({ status: "active" });
});

test("a reminder that needs a channel without a provider is refused when it is saved", async () => {
  const shop = await givenBusiness();
  const draft = await shop.reminder({ activate: false });
  const smsOff = new Map([["email", "email is off: SMTP_URL is not set"]] as const);
  await expect(activateReminder(shop.ctx, draft.id, smsOff)).rejects.toMatchObject({
    issues: [{ field: "channels.0", message: "email is off: SMTP_URL is not set" }],
  });
  expect(await activateReminder(shop.ctx, draft.id, off)).toMatchObject({ status: "active" });
});

test("a client who can be reached on none of the channels is refused, and nobody is assigned", async () => {
  const shop = await givenBusiness();
  const reminder = await shop.reminder();
  const [reachable, unreachable] = [await shop.client(), await shop.client({ contacts: [{ name: "No address" }] })];
  const input = AssignClientsInput.parse({ assignments: [{ clientId: reachable.id }, { clientId: unreachable.id }] });
  await expect(assignClients(shop.ctx, reminder.id, input)).rejects.toMatchObject({
    issues: [{ field: "assignments.1.clientId" }],
  });
  expect(await shop.assign(reminder, reachable)).toHaveLength(1);
});

test("a client of another business cannot be assigned", async () => {
  const [shop, rival] = await Promise.all([givenBusiness(), givenBusiness()]);
  await expect(shop.assign(await shop.reminder(), await rival.client())).rejects.toMatchObject({ code: "not_found" });
});

test("a client is assigned once for a period", async () => {
  const shop = await givenBusiness();
  const [reminder, client] = [await shop.reminder(), await shop.client()];
  await shop.assign(reminder, client);
  await expect(shop.assign(reminder, client)).rejects.toMatchObject({ code: "conflict" });
  const next = AssignClientsInput.parse({ assignments: [{ clientId: client.id, period: "2027-Q2" }] });
  expect(await assignClients(shop.ctx, reminder.id, next)).toHaveLength(1);
});

test("what the text names must be given when clients are assigned, and when the text changes (E1)", async () => {
  const shop = await givenBusiness();
  const client = await shop.client();
  const dated = await shop.reminder({ body: "Due {{ due_date }}" });
  await expect(shop.assign(dated, client)).rejects.toMatchObject({ issues: [{ field: "assignments.0.dueOn" }] });

  const plain = await shop.reminder({ body: "Hello" });
  await shop.assign(plain, client);
  const change = (body: string) => changeReminder(shop.ctx, { id: plain.id, off }, { body, appliesTo: "in_flight" });
  await expect(change("You owe {{ amount }}")).rejects.toMatchObject({ issues: [{ field: "body" }] });
  expect(await change("You owe {{ amount | default: 'a sum' }}")).toMatchObject({ revision: 2 });
});

test("a cancelled reminder stays cancelled (B5)", async () => {
  const shop = await givenBusiness();
  const { id } = await shop.reminder();
  await cancelReminder(shop.ctx, id);
  await expect(activateReminder(shop.ctx, id, off)).rejects.toMatchObject({ code: "conflict" });
  expect(await cancelReminder(shop.ctx, id)).toMatchObject({ cancelled: 0, inFlight: 0 });
  expect(await reminderRepo(shop.ctx).get(id)).toMatchObject({ status: "cancelled", nextDueAt: null });
});

test("a done assignment can be opened again, and every step is on record (B2)", async () => {
  const shop = await givenBusiness();
  const reminder = await shop.reminder();
  const [assignment] = await shop.assign(reminder, await shop.client());
  const key = { reminderId: reminder.id, assignmentId: assignment!.id };
  await closeAssignment(shop.ctx, key, "done");
  await expect(closeAssignment(shop.ctx, key, "cancelled")).rejects.toMatchObject({ code: "conflict" });
  expect(await reopenAssignment(shop.ctx, key)).toMatchObject({ state: "open", round: 2 });
  expect(await shop.auditTrail()).toEqual([
    "reminder.created",
    "client.created",
    "assignment.created",
    "assignment.done",
    "assignment.reopened",
  ]);
});
