import type { ClientWithContacts } from "@reminder-app/core/clients/get-client";
import { storeInbound } from "@reminder-app/core/system/store-inbound";
import { answerHelpJob } from "@reminder-app/queues/jobs";
import { freePort } from "@reminder-app/testing/free-port";
import { type GivenBusiness, aContact, givenBusiness } from "@reminder-app/testing/given-business";
import { deliveriesOf } from "@reminder-app/testing/given-delivery";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { type GivenWorkers, givenWorkers } from "./given-worker.ts";

let given: GivenWorkers;
beforeAll(async () => {
  given = await givenWorkers({}, { apiPort: await freePort() });
  await given.start();
});
afterAll(() => given.close());

const patience = { timeout: 25_000, interval: 100 };
let numbers = 4_000_000 + (Date.now() % 1_000_000);

async function givenClient() {
  numbers += 1;
  const shop = await givenBusiness({ now: new Date().toISOString() });
  const contact = aContact();
  const addresses = { ...contact.addresses, sms: `+1415${numbers}`, whatsapp: `+1415${numbers}` };
  const client = await shop.client({ contacts: [{ ...contact, addresses }] });
  return { shop, client, email: addresses.email ?? "", number: addresses.sms };
}

/** A reminder that is due in a few seconds. */
async function givenSoon(shop: GivenBusiness, client: ClientWithContacts, channel: "email" | "sms" | "whatsapp") {
  const at = new Date(Date.now() + 2_000).toISOString().slice(0, 19);
  const reminder = await shop.reminder({ channels: [channel], schedule: { kind: "once", at, zone: "UTC" } });
  await shop.assign(reminder, client);
  await given.producer.setTimer(reminder);
  return async (state: string, reason: string | null = null) => {
    const expected = [{ state, reason }];
    await vi.waitFor(async () => expect(await deliveriesOf(shop, reminder.id)).toMatchObject(expected), patience);
  };
}

test("a reminder's mail arrives with both headers; one POST to its link, and the next one is skipped (D2, S70)", async () => {
  const { shop, client, email } = await givenClient();
  await (
    await givenSoon(shop, client, "email")
  )("accepted");

  const [mail] = await given.messagesTo(email);
  const link = /^<(http:\/\/127\.0\.0\.1:\d+\/u\/[\w-]{86})>$/.exec(mail?.listUnsubscribe ?? "")?.[1] ?? "";
  expect(mail?.listUnsubscribePost).toBe("List-Unsubscribe=One-Click");
  expect(mail?.text?.trimEnd().endsWith(link)).toBe(true);
  expect(mail?.html).toContain(`<a href="${link}">`);
  const body = new URLSearchParams({ "List-Unsubscribe": "One-Click" });
  expect((await fetch(link, { method: "POST", body, redirect: "error" })).status).toBe(200);

  await (
    await givenSoon(shop, client, "email")
  )("skipped", "opted_out");
  expect(await given.messagesTo(email)).toHaveLength(1);
  await (
    await givenSoon(shop, client, "sms")
  )("accepted");
});

test("a client who answers STOP by SMS gets no more SMS until they write START (D1, S72)", async () => {
  const { shop, client, number } = await givenClient();
  await (
    await givenSoon(shop, client, "sms")
  )("accepted");
  expect((await given.reply("sms", number, "Stop!")).status).toBe(200);
  await (
    await givenSoon(shop, client, "sms")
  )("skipped", "opted_out");
  expect((await given.reply("sms", number, "START")).status).toBe(200);
  await (
    await givenSoon(shop, client, "sms")
  )("accepted");
});

test("HELP by WhatsApp is answered once, however often its job comes (D1, S72)", async () => {
  const { number } = await givenClient();
  expect((await given.reply("whatsapp", number, "help")).status).toBe(200);
  await vi.waitFor(async () => expect(await given.messagesTo(number)).toHaveLength(1), patience);
  const [{ text, token: inboundId = "" } = {}] = await given.messagesTo(number);
  expect(text).toContain("Reply STOP to stop");

  await given.producer.add(answerHelpJob, [{ data: { v: 1, inboundId } }]);
  const { id } = answerHelpJob;
  const events = given.producer.queue("events");
  await vi.waitFor(async () => expect(await events.getJob(id({ v: 1, inboundId }))).toBeUndefined(), patience);
  expect(await given.messagesTo(number)).toHaveLength(1);
});

test("HELP whose job was lost is answered all the same (S72)", async () => {
  const { shop, number: from } = await givenClient();
  const message = { provider: "whatsapp", account: "1", channel: "whatsapp", text: "help" } as const;
  const system = { ...shop.system, now: () => new Date() };
  await storeInbound(system, { ...message, eventKey: `lost.${from}`, from });
  await vi.waitFor(async () => expect(await given.messagesTo(from)).toHaveLength(1), patience);
});
