import { givenBusiness } from "@reminder-app/testing/given-business";
import {
  accepted,
  delivererFor,
  deliveriesOf,
  givenDue,
  ring,
  scriptedChannel,
} from "@reminder-app/testing/given-delivery";
import { expect, test } from "vitest";
import { AssignClientsInput, assignClients } from "../assignments/assign-clients.ts";
import { changeAssignment } from "../assignments/change-assignment.ts";
import { archiveClient } from "./archive-client.ts";
import { changeClient } from "./change-client.ts";

test.each(["auto_billed", "internal"] as const)(
  "a client who is %s gets nothing, and the ledger says why (B9)",
  async (neverChase) => {
    const shop = await givenBusiness();
    const [never, other] = [await shop.client({ neverChase }), await shop.client()];
    const { deliveries } = await givenDue(shop, [never, other]);
    const of = (id: string) =>
      deliveries.filter(({ clientId }) => clientId === id).map(({ state, reason }) => [state, reason]);
    expect(never.neverChase).toBe(neverChase);
    expect(of(never.id)).toEqual([["skipped", neverChase]]);
    expect(of(other.id)).toEqual([["queued", null]]);
  },
);

test("what is queued for a client is skipped once they are never to be chased, and goes on when that is taken back (B9)", async () => {
  const shop = await givenBusiness();
  const daily = { kind: "recurring", start: "2027-03-02T09:00", zone: "UTC", rule: "FREQ=DAILY" } as const;
  const { reminder, deliveries } = await givenDue(shop, undefined, { schedule: daily });
  const { clientId } = deliveries[0]!;
  expect(await changeClient(shop.ctx, clientId, { neverChase: "auto_billed" })).toMatchObject({
    neverChase: "auto_billed",
  });
  const states = async () => (await deliveriesOf(shop, reminder.id)).map(({ state, reason }) => [state, reason]);
  expect(await states()).toEqual([["skipped", "auto_billed"]]);

  await changeClient(shop.ctx, clientId, { neverChase: null });
  shop.clock.set("2027-03-03T09:00:00Z");
  await ring(shop, { id: reminder.id, nextDueAt: null });
  expect(await states()).toEqual([
    ["skipped", "auto_billed"],
    ["queued", null],
  ]);
});

async function givenOwing(amount: number, type: "payment" | "deadline") {
  const shop = await givenBusiness();
  const reminder = await shop.reminder({ type });
  const { id: clientId } = await shop.client();
  const input = { assignments: [{ clientId, amount, currency: "GBP" }] };
  const [assignment] = await assignClients(shop.ctx, reminder.id, AssignClientsInput.parse(input));
  const deliveries = await ring(shop, reminder);
  return { shop, reminder, deliveries, key: { reminderId: reminder.id, assignmentId: assignment!.id } };
}

test.each([
  [0, "payment", "skipped", "nothing_owed"],
  [1, "payment", "queued", null],
  [0, "deadline", "queued", null],
] as const)("of an amount of %d a %s reminder is %s (B9)", async (amount, type, state, reason) => {
  expect((await givenOwing(amount, type)).deliveries).toMatchObject([{ state, reason }]);
});

test("what is queued goes no more once nothing is owed (B9)", async () => {
  const { shop, reminder, key, deliveries } = await givenOwing(100, "payment");
  await changeAssignment(shop.ctx, key, { amount: 0 });
  const { channel, calls } = scriptedChannel([accepted]);
  await delivererFor(shop, channel)(deliveries[0]!);
  expect(calls).toEqual([]);
  expect(await deliveriesOf(shop, reminder.id)).toMatchObject([{ state: "skipped", reason: "nothing_owed" }]);
});

test("an archived client is not among those for whom deliveries are made (B9)", async () => {
  const shop = await givenBusiness();
  const reminder = await shop.reminder();
  const [gone, other] = [await shop.client(), await shop.client()];
  await shop.assign(reminder, gone, other);
  await archiveClient(shop.ctx, gone.id);
  expect(await ring(shop, reminder)).toMatchObject([{ clientId: other.id, state: "queued" }]);
});
