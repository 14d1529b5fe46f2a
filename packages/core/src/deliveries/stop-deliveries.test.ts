import { accepted, delivererFor, givenDue, givenOneDue, scriptedChannel } from "@reminder-app/testing/given-delivery";
import { givenBusiness } from "@reminder-app/testing/given-business";
import { expect, test } from "vitest";
import { closeAssignment, reopenAssignment } from "../assignments/change-assignment.ts";
import { archiveClient } from "../clients/archive-client.ts";
import { cancelReminder } from "../reminders/change-status.ts";
import { pauseReminder, resumeReminder } from "../reminders/pause-reminder.ts";
import { getDelivery } from "./get-delivery.ts";

test("nothing goes once the client is done; the stop says what it cancelled (B1, B5)", async () => {
  const { shop, reminder, delivery, deliver, calls } = await givenOneDue([accepted]);

  const answer = await closeAssignment(
    shop.ctx,
    { reminderId: reminder.id, assignmentId: delivery.assignmentId },
    "done",
  );
  expect(answer).toMatchObject({ cancelled: 1, inFlight: 0, assignment: { state: "done" } });
  await deliver(delivery);

  expect(calls).toEqual([]);
  expect(await getDelivery(shop.ctx, delivery.id)).toMatchObject({ state: "cancelled", reason: "done", attempts: [] });
});

test("a stop counts a send that had begun as in flight (B5)", async () => {
  const shop = await givenBusiness();
  const { reminder, deliveries } = await givenDue(shop);
  const { channel } = scriptedChannel([]);
  let answer: unknown;
  const send = async () => {
    answer = await cancelReminder(shop.ctx, reminder.id);
    return accepted;
  };
  await delivererFor(shop, { ...channel, send })(deliveries[0]!);

  expect(answer).toMatchObject({ inFlight: 1, cancelled: 0 });
  expect(await getDelivery(shop.ctx, deliveries[0]!.id)).toMatchObject({ state: "accepted" });
});

test("an archived client gets nothing more (B9)", async () => {
  const { shop, delivery, deliver, calls } = await givenOneDue([accepted]);
  await archiveClient(shop.ctx, delivery.clientId);
  await deliver(delivery);
  expect(calls).toEqual([]);
});

test("a paused reminder holds what waits, and resuming lets it go (A15)", async () => {
  const { shop, reminder, delivery, deliver, calls } = await givenOneDue([accepted]);
  await pauseReminder(shop.ctx, reminder.id);
  expect((await deliver(delivery)).kind).toBe("wait");
  expect(calls).toEqual([]);

  await resumeReminder(shop.ctx, reminder.id);
  await deliver(delivery);
  expect(calls).toHaveLength(1);
});

test.each([
  ["deadline", "done"],
  ["payment", "paid"],
  ["document", "received"],
  ["custom", "signed"],
] as const)("a %s reminder stops because it is %s, and the ledger says so (B2)", async (type, because) => {
  const shop = await givenBusiness();
  const { reminder, deliveries } = await givenDue(shop, undefined, { type });
  const { id, assignmentId } = deliveries[0]!;
  const key = { reminderId: reminder.id, assignmentId };
  const answer = await closeAssignment(shop.ctx, key, because);
  expect(answer).toMatchObject({ cancelled: 1, assignment: { state: "done", closedBecause: because } });
  expect(await getDelivery(shop.ctx, id)).toMatchObject({ state: "cancelled", reason: because });
  expect(await reopenAssignment(shop.ctx, key)).toMatchObject({ state: "open", closedBecause: null });
});
