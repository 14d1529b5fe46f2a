import { aContact, givenBusiness } from "@reminder-app/testing/given-business";
import {
  accepted,
  delivererFor,
  deliveriesOf,
  givenDue,
  givenOneDue,
  ring,
  scriptedChannel,
} from "@reminder-app/testing/given-delivery";
import { expect, test } from "vitest";
import { changeContact } from "../clients/change-contacts.ts";
import { addressHashes } from "../clients/contact.ts";
import { getClient } from "../clients/get-client.ts";
import { inTransaction } from "../ctx.ts";
import { getDelivery } from "../deliveries/get-delivery.ts";
import { planTogether } from "../occurrences/plan-together.ts";
import { suppressByHand } from "./suppress-by-hand.ts";
import { suppressAddress } from "./suppress-address.ts";

const bounced = { kind: "refused", code: "smtp/550/5.1.1", reason: "unknown" } as const;

test("an opt-out skips what waits for the address, and says how much that was (S72)", async () => {
  const { shop, delivery, deliver, calls } = await givenOneDue([accepted]);
  const hashes = [delivery.addressHash!];
  const answer = await suppressAddress(shop.ctx, { channel: "email", hashes, reason: "opted_out", source: "test" });
  await deliver(delivery);

  expect(answer).toEqual({ cancelled: 1, inFlight: 0 });
  expect(calls).toEqual([]);
  expect(await getDelivery(shop.ctx, delivery.id)).toMatchObject({ state: "skipped", reason: "opted_out" });
  expect(await shop.auditTrail()).toContain("address.suppressed");
});

test("an opt-out binds the address, not its owner: another channel and another business go on (D3)", async () => {
  const [shop, rival] = await Promise.all([givenBusiness(), givenBusiness()]);
  const [email, sms] = ["ada@clients.example", "+442079460123"];
  const contacts = [{ name: "Ada", addresses: { email, sms } }];
  const client = await shop.client({ contacts });
  const theirs = await rival.client({ contacts });
  await suppressByHand(shop.ctx, { channel: "sms", address: sms });

  const { deliveries } = await givenDue(shop, [client], { channels: ["sms", "email"], channelMode: "all" });
  expect(deliveries.map(({ channel, state }) => [channel, state])).toEqual([["email", "queued"]]);
  const { deliveries: others } = await givenDue(rival, [theirs], { channels: ["sms"] });
  expect(others.map(({ channel, state }) => [channel, state])).toEqual([["sms", "queued"]]);
});

test("a suppressed address makes the next channel be chosen; with none left the ledger says why (C2, D5)", async () => {
  const shop = await givenBusiness({ defaultChannels: ["sms", "email"] });
  const [email, sms] = [`b.${Date.now()}@clients.example`, "+442079460124"];
  const client = await shop.client({ contacts: [{ name: "Bo", addresses: { email, sms } }] });
  await suppressByHand(shop.ctx, { channel: "sms", address: sms });
  const channels = ["sms", "email"];
  const { deliveries } = await givenDue(shop, [client], { channels });
  expect(deliveries).toMatchObject([{ channel: "email", state: "queued" }]);

  const hashes = addressHashes(shop.ctx.vault, "email", email);
  await suppressAddress(shop.ctx, { channel: "email", hashes, reason: "opted_out", source: "test" });
  const { deliveries: next } = await givenDue(shop, [client], { channels });
  expect(next).toMatchObject([{ channel: "sms", state: "skipped", reason: "suppressed" }]);
  const { deliveries: byEmail } = await givenDue(shop, [client], { channels: ["email"] });
  expect(byEmail).toMatchObject([{ channel: "email", state: "skipped", reason: "opted_out" }]);
});

test("of three recipients the one whose mailbox is unknown is suppressed, until the address changes (D5)", async () => {
  const shop = await givenBusiness();
  const contacts = [aContact(), aContact(), aContact()];
  const client = await shop.client({ contacts });
  const reminder = await shop.reminder();
  await shop.assign(reminder, client);
  const deliveries = await ring(shop, reminder);
  const deliver = delivererFor(shop, scriptedChannel([bounced, accepted, accepted]).channel);
  for (const delivery of deliveries) await deliver(delivery);

  const { contacts: after } = await getClient(shop.ctx, client.id);
  const [bad, ...good] = deliveries.map(({ contactId }) => after.find(({ id }) => id === contactId)!);
  expect(bad!.suppressed).toMatchObject({ email: { reason: "bounced" } });
  expect(good.map(({ suppressed }) => suppressed)).toEqual([{}, {}]);

  const addresses = { email: `new.${bad!.id}@clients.example` };
  const changed = await changeContact(shop.ctx, { clientId: client.id, contactId: bad!.id }, { addresses });
  expect(changed.contacts.map(({ suppressed }) => suppressed)).toEqual([{}, {}, {}]);
  const back = { addresses: bad!.addresses };
  const again = await changeContact(shop.ctx, { clientId: client.id, contactId: bad!.id }, back);
  expect(again.contacts.find(({ id }) => id === bad!.id)?.suppressed).toMatchObject({ email: { reason: "bounced" } });
});

test("a refusal that is about the message and not the address suppresses nobody (D5)", async () => {
  const spam = { kind: "refused", code: "smtp/554/5.7.1", reason: "spam" } as const;
  const { shop, delivery, deliver } = await givenOneDue([spam]);
  await deliver(delivery);
  expect((await getClient(shop.ctx, delivery.clientId)).contacts[0]?.suppressed).toEqual({});
});

test("a message goes to the address as it is at that moment, and a bounce is about that one (D5)", async () => {
  const { shop, delivery, deliver, calls } = await givenOneDue([bounced]);
  const key = { clientId: delivery.clientId, contactId: delivery.contactId };
  const email = `later.${delivery.id}@clients.example`;
  await changeContact(shop.ctx, key, { addresses: { email } });
  await deliver(delivery);

  expect(calls).toMatchObject([{ to: email }]);
  const { contacts } = await getClient(shop.ctx, delivery.clientId);
  expect(contacts[0]?.suppressed).toMatchObject({ email: { reason: "bounced" } });
});

test("two messages of one moment whose addresses became the same go out once (C10)", async () => {
  const shop = await givenBusiness();
  const client = await shop.client({ contacts: [aContact(), aContact()] });
  const { deliveries } = await givenDue(shop, [client]);
  const [first, second] = deliveries;
  const { email } = client.contacts.find(({ id }) => id === second!.contactId)!.addresses;
  const key = { clientId: client.id, contactId: first!.contactId };
  await changeContact(shop.ctx, key, { addresses: { email: email! } });
  const { channel, calls } = scriptedChannel([accepted]);
  for (const delivery of deliveries) await delivererFor(shop, channel)(delivery);

  expect(calls).toHaveLength(1);
  const states = (await deliveriesOf(shop, first!.reminderId)).map(({ state, reason }) => [state, reason]);
  expect(states).toEqual([
    ["skipped", "duplicate_address"],
    ["accepted", null],
  ]);
});

test("an opt-out raced against 200 due deliveries lets no claim commit after it (S72)", async () => {
  const shop = await givenBusiness();
  const email = `all.${shop.ctx.businessId}@clients.example`;
  const contacts = [{ name: "One mailbox for all", addresses: { email } }];
  const clients = await Promise.all(Array.from({ length: 200 }, () => shop.client({ contacts })));
  const { reminder, deliveries } = await givenDue(shop, clients);
  let sent = 0;
  const send = async () => {
    sent += 1;
    return accepted;
  };
  const deliver = delivererFor(shop, { ...scriptedChannel([]).channel, send });
  const deliverAll = Promise.all(
    deliveries.map(async (delivery, index) => {
      await new Promise((resolve) => setTimeout(resolve, index / 2));
      await deliver(delivery);
    }),
  );
  await new Promise((resolve) => setTimeout(resolve, 30));
  const hashes = addressHashes(shop.ctx.vault, "email", email);
  const answer = await suppressAddress(shop.ctx, { channel: "email", hashes, reason: "opted_out", source: "test" });
  const sentBefore = sent;
  await deliverAll;

  const states = Map.groupBy(await deliveriesOf(shop, reminder.id), ({ state }) => state);
  expect(sent - sentBefore).toBeLessThanOrEqual(answer.inFlight);
  expect(states.get("skipped")).toHaveLength(answer.cancelled);
  expect((states.get("accepted") ?? []).length).toBe(200 - answer.cancelled);
});

test("an opt-out waits for deliveries that are just being made, and skips them too (S72)", async () => {
  const shop = await givenBusiness();
  const client = await shop.client();
  const reminder = await shop.reminder();
  await shop.assign(reminder, client);
  shop.clock.set(reminder.nextDueAt!);
  const hashes = addressHashes(shop.ctx.vault, "email", client.contacts[0]!.addresses.email!);
  let answer: unknown;
  let pending = Promise.resolve();
  await inTransaction(shop.ctx, async (tx) => {
    await planTogether(tx, [reminder.id], 60_000);
    const fact = { channel: "email", hashes, reason: "opted_out", source: "test" } as const;
    pending = suppressAddress(shop.ctx, fact).then((given) => void (answer = given));
    await new Promise((resolve) => setTimeout(resolve, 200));
  });
  await pending;

  expect(answer).toEqual({ cancelled: 1, inFlight: 0 });
  expect(await deliveriesOf(shop, reminder.id)).toMatchObject([{ state: "skipped", reason: "opted_out" }]);
});

test("what waits for one address and would now go to another that opted out is skipped by its claim (S72)", async () => {
  const { shop, delivery, deliver, calls } = await givenOneDue([accepted]);
  const email = `out.${delivery.id}@clients.example`;
  const hashes = addressHashes(shop.ctx.vault, "email", email);
  await suppressAddress(shop.ctx, { channel: "email", hashes, reason: "opted_out", source: "test" });
  const key = { clientId: delivery.clientId, contactId: delivery.contactId };
  await changeContact(shop.ctx, key, { addresses: { email } });
  await deliver(delivery);

  expect(calls).toEqual([]);
  expect(await getDelivery(shop.ctx, delivery.id)).toMatchObject({ state: "skipped", reason: "opted_out" });
});
