import { newId } from "@reminder-app/platform/ids";
import { type GivenBusiness, givenBusiness } from "@reminder-app/testing/given-business";
import { accepted, delivererFor, givenDue, scriptedChannel } from "@reminder-app/testing/given-delivery";
import { keptEvents, listen, toldOf } from "@reminder-app/testing/given-webhooks";
import { expect, test } from "vitest";
import { closeAssignment, reopenAssignment } from "../assignments/change-assignment.ts";
import { holdAssignment } from "../assignments/hold-assignment.ts";
import { releaseAssignment } from "../assignments/release-assignment.ts";
import { addressHashes } from "../clients/contact.ts";
import { suppressAddress } from "../consent/suppress-address.ts";
import { applyReceipt } from "../deliveries/apply-receipt.ts";
import { inTransaction } from "../ctx.ts";
import { openTask } from "../tasks/open-task.ts";
import { emitEvent } from "./emit-event.ts";

const typesOf = async (shop: GivenBusiness) => (await toldOf(shop)).map(({ type }) => type);

test("each listening endpoint gets one call of an event, and nobody else does (J10)", async () => {
  const [shop, rival] = await Promise.all([givenBusiness(), givenBusiness()]);
  for (const events of [["task.opened"], [], ["delivery.accepted"]]) await listen(shop, events);
  await listen(rival, []);
  await openTask(shop.ctx, { kind: "missed", subject: "a" });
  expect(await typesOf(shop)).toEqual(["task.opened", "task.opened"]);
  expect(await toldOf(rival)).toEqual([]);
});

test("a task that counts once more is no new event (J10)", async () => {
  const shop = await givenBusiness();
  await listen(shop, []);
  for (const _time of [1, 2, 3]) await openTask(shop.ctx, { kind: "missed", subject: "a" });
  expect(await typesOf(shop)).toEqual(["task.opened"]);
});

test("where nobody listens to a type, no event is kept (J10)", async () => {
  const shop = await givenBusiness();
  await listen(shop, ["payment.received"]);
  await openTask(shop.ctx, { kind: "missed", subject: "a" });
  expect(await keptEvents(shop)).toEqual([]);
});

test("an event is gone with the transaction in which it happened (J10)", async () => {
  const shop = await givenBusiness();
  await listen(shop, []);
  const data = { clientId: newId(), assignmentId: null, answer: "done" };
  const failing = inTransaction(shop.ctx, async (tx) => {
    await emitEvent(tx, "client.answered", data);
    throw new Error("taken back");
  });
  await expect(failing).rejects.toThrow("taken back");
  expect(await toldOf(shop)).toEqual([]);
  await inTransaction(shop.ctx, (tx) => emitEvent(tx, "client.answered", data));
  expect(await toldOf(shop)).toEqual([{ type: "client.answered", data, state: "waiting" }]);
});

test("the life of an assignment and its message is told, with ids and states and no address (J10)", async () => {
  const shop = await givenBusiness();
  await listen(shop, []);
  const { deliveries, reminder } = await givenDue(shop);
  const [delivery] = deliveries;
  const { channel } = scriptedChannel([accepted]);
  await delivererFor(shop, channel)(delivery!);
  await closeAssignment(shop.ctx, { reminderId: reminder.id, assignmentId: delivery!.assignmentId }, "done");
  const told = await toldOf(shop);
  expect(told.map(({ type }) => type)).toEqual(["assignment.created", "delivery.accepted", "assignment.done"]);
  expect(told[1]?.data).toMatchObject({ deliveryId: delivery!.id, channel: "email", state: "accepted", reason: null });
  expect(told[2]?.data).toMatchObject({ assignmentId: delivery!.assignmentId, state: "done", closedBecause: "done" });
  expect(JSON.stringify(told)).not.toMatch(/@|Hill/);
});

test("a message that is refused for good is told as failed (J10)", async () => {
  const shop = await givenBusiness();
  await listen(shop, ["delivery.failed"]);
  const { deliveries } = await givenDue(shop);
  const { channel } = scriptedChannel([{ kind: "refused", code: "smtp/550", reason: "no such user" }]);
  await delivererFor(shop, channel)(deliveries[0]!);
  expect(await toldOf(shop)).toMatchObject([{ type: "delivery.failed", data: { state: "failed" } }]);
});

test("what happens in a test business is shown and never sent (J10, J12)", async () => {
  const shop = await givenBusiness({ mode: "test" });
  await listen(shop, []);
  await openTask(shop.ctx, { kind: "missed", subject: "a" });
  expect(await toldOf(shop)).toMatchObject([{ type: "task.opened", state: "not_sent" }]);
});

test("that a message arrived is told once, however often and how it is reported, and so is that it bounced (J10)", async () => {
  const shop = await givenBusiness();
  await listen(shop, ["delivery.delivered", "delivery.failed"]);
  const { deliveries } = await givenDue(shop, [await shop.client(), await shop.client()]);
  const [arrived, bounced] = deliveries;
  const { channel } = scriptedChannel([accepted, accepted]);
  for (const delivery of deliveries) await delivererFor(shop, channel)(delivery);
  for (const status of ["delivered", "delivered", "read", "delivered"] as const)
    await applyReceipt(shop.ctx, { deliveryId: arrived!.id, number: 1 }, { status });
  for (const _time of [1, 2])
    await applyReceipt(shop.ctx, { deliveryId: bounced!.id, number: 1 }, { status: "undelivered", code: "30003" });
  expect((await toldOf(shop)).map(({ type, data }) => [type, data["deliveryId"], data["state"]])).toEqual([
    ["delivery.delivered", arrived!.id, "delivered"],
    ["delivery.failed", bounced!.id, "undelivered"],
  ]);
});

test("an opt-out is told with whom it is about, and a bounce is none (J10)", async () => {
  const shop = await givenBusiness();
  await listen(shop, ["contact.opted_out"]);
  const [one, two] = [await shop.client(), await shop.client()];
  for (const [client, reason] of [
    [one, "opted_out"],
    [two, "bounced"],
  ] as const) {
    const hashes = addressHashes(shop.ctx.vault, "email", client.contacts[0]!.addresses.email!);
    await suppressAddress(shop.ctx, { channel: "email", hashes, reason, source: "test" });
  }
  const contactId = one.contacts[0]!.id;
  expect((await toldOf(shop)).map(({ data }) => data)).toEqual([
    { clientId: one.id, contactId, channel: "email", reason: "opted_out" },
  ]);
});

test("a hold, its end and a new beginning are told (J10)", async () => {
  const shop = await givenBusiness();
  const reminder = await shop.reminder();
  const [assignment] = await shop.assign(reminder, await shop.client());
  await listen(shop, ["assignment.held", "assignment.released", "assignment.cancelled", "assignment.reopened"]);
  const key = { reminderId: reminder.id, assignmentId: assignment!.id };
  await holdAssignment(shop.ctx, key, { reason: "dispute" });
  await releaseAssignment(shop.ctx, key);
  await closeAssignment(shop.ctx, key, "cancelled");
  await reopenAssignment(shop.ctx, key);
  expect((await toldOf(shop)).map(({ type, data }) => [type, data["hold"], data["state"]])).toEqual([
    ["assignment.held", "dispute", "open"],
    ["assignment.released", null, "open"],
    ["assignment.cancelled", null, "cancelled"],
    ["assignment.reopened", null, "open"],
  ]);
});
