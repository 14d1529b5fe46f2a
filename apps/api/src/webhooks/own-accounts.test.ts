import { createHmac, randomUUID } from "node:crypto";
import { openDatabase } from "@reminder-app/db/database";
import { parseUuid } from "@reminder-app/platform/ids";
import { givenAttempt } from "@reminder-app/testing/given-attempt";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type GivenApi, type GivenFirm, givenApi } from "../given-api.ts";
import { aNumber } from "./given-signed.ts";

let api: GivenApi;
let database: ReturnType<typeof openDatabase>;
beforeAll(async () => {
  api = await givenApi();
  database = openDatabase({ url: api.settings.DATABASE_URL, connections: 2 });
});
afterAll(() => Promise.all([api.close(), database.close()]));

const accountSid = `AC${"7".repeat(32)}`;
const authToken = "token-of-the-firm-itself";
const number = "200000000000002";
const appSecret = "app-secret-of-the-firm";

async function givenOwn() {
  const firm = await api.firm();
  const { businessId } = (await firm.get("/v1/me")).body as { businessId: string };
  const { token } = firm;
  const twilio = { accountSid, authToken, from: "+442079460123" };
  const whatsapp = { phoneNumberId: number, token: "token-of-cloud-api", appSecret, verifyToken: "verify-me-please" };
  await api.call("PUT", "/v1/credentials/twilio", { token, body: twilio });
  await api.call("PUT", "/v1/credentials/whatsapp", { token, body: whatsapp });
  return { firm, businessId };
}

/** A call of Twilio's, signed with a business's token. */
function twilio(path: string, fields: Readonly<Record<string, string>>, secret = authToken) {
  const form = { AccountSid: accountSid, MessageSid: `SM${randomUUID()}`, ...fields };
  const names = Object.keys(form).toSorted() as (keyof typeof form)[];
  const signed = names.reduce((text, name) => text + name + form[name], `${api.settings.PUBLIC_URL}${path}`);
  const headers = {
    "content-type": "application/x-www-form-urlencoded",
    "x-twilio-signature": createHmac("sha1", secret).update(signed).digest("base64"),
  };
  return api.call("POST", path, { body: new URLSearchParams(form).toString(), headers });
}

function whatsapp(path: string, news: object, { secret = appSecret, phoneNumberId = number } = {}) {
  const value = { metadata: { phone_number_id: phoneNumberId }, ...news };
  const body = JSON.stringify({
    object: "whatsapp_business_account",
    entry: [{ changes: [{ field: "messages", value }] }],
  });
  const signature = `sha256=${createHmac("sha256", secret).update(body).digest("hex")}`;
  return api.call("POST", path, { body, headers: { "x-hub-signature-256": signature } });
}

/** An attempt of this firm, by SMS unless told otherwise; answers with its token. */
async function givenToken(firm: GivenFirm, channel = "sms"): Promise<string> {
  const clientId = await firm.client({ contacts: [{ name: "Lee", addresses: { [channel]: aNumber() } }] });
  const reminderId = await firm.reminder({ channels: [channel], assignments: [{ clientId }] });
  await firm.post(`/v1/reminders/${reminderId}/send`, {});
  const { body } = await firm.get(`/v1/deliveries?reminderId=${reminderId}`);
  const { businessId } = (await firm.get("/v1/me")).body;
  return givenAttempt({ businessId, deliveryId: body.items[0].id });
}

async function eventsFor(token: string): Promise<number> {
  const [rows] = await database.pool.query("select id from provider_events where token = ?", [parseUuid(token)]);
  return (rows as unknown[]).length;
}

test("Twilio's report on a business's message is believed by that business's own token (S52, S21)", async () => {
  const { firm } = await givenOwn();
  const token = await givenToken(firm);
  const path = `/webhooks/twilio/status/${token}`;
  expect((await twilio(path, { MessageStatus: "delivered" }, "guessed")).status).toBe(403);
  expect((await twilio(path, { MessageStatus: "delivered", AccountSid: `AC${"1".repeat(32)}` })).status).toBe(204);
  expect(await eventsFor(token)).toBe(0);
  expect((await twilio(path, { MessageStatus: "delivered" })).status).toBe(204);
  expect(await eventsFor(token)).toBe(1);
});

test("a business's own token says nothing about another business's message (S52, S21)", async () => {
  await givenOwn();
  const rival = await api.firm();
  const theirs = await givenToken(rival);
  const path = `/webhooks/twilio/status/${theirs}`;
  expect((await twilio(path, { MessageStatus: "delivered" })).status).toBe(403);
  expect(await eventsFor(theirs)).toBe(0);
});

test("WhatsApp's report on a business's number is believed by its own secret, about its own messages (S53, S21)", async () => {
  const { firm, businessId } = await givenOwn();
  const [ours, theirs] = [await givenToken(firm, "whatsapp"), await givenToken(await api.firm(), "whatsapp")];
  const path = `/webhooks/whatsapp/${businessId}`;
  const statuses = [ours, theirs].map((token) => ({
    id: `wamid.${randomUUID()}`,
    status: "delivered",
    biz_opaque_callback_data: token,
  }));
  expect((await whatsapp(path, { statuses }, { secret: "guessed" })).status).toBe(403);
  expect((await whatsapp(path, { statuses }, { phoneNumberId: "100000000000001" })).status).toBe(200);
  expect(await eventsFor(ours)).toBe(0);
  expect((await whatsapp(path, { statuses })).status).toBe(200);
  expect([await eventsFor(ours), await eventsFor(theirs)]).toEqual([1, 0]);
});

test("STOP to a business's own number binds that business alone (S72, S21)", async () => {
  const { firm, businessId } = await givenOwn();
  const rival = await api.firm();
  const address = aNumber();
  const contacts = [{ name: "Lee", addresses: { sms: address, whatsapp: address } }];
  const [mine, theirs] = [await firm.client({ contacts }), await rival.client({ contacts })];
  const suppressed = async (of: GivenFirm, id: string) =>
    Object.keys((await of.get(`/v1/clients/${id}`)).body.contacts[0].suppressed);

  const path = `/webhooks/twilio/inbound/${businessId}`;
  expect((await twilio(path, { From: address, Body: "STOP" }, "guessed")).status).toBe(403);
  expect((await twilio(path, { From: address, Body: "STOP" })).status).toBe(200);
  expect(await suppressed(firm, mine)).toEqual(["sms"]);
  const text = { from: address.slice(1), type: "text", id: `wamid.${randomUUID()}`, text: { body: "stop" } };
  expect((await whatsapp(`/webhooks/whatsapp/${businessId}`, { messages: [text] })).status).toBe(200);
  expect((await suppressed(firm, mine)).toSorted()).toEqual(["sms", "whatsapp"]);
  expect(await suppressed(rival, theirs)).toEqual([]);
});

test("a business without an account has no webhooks of its own, and one with confirms its subscription (S53)", async () => {
  const { businessId } = await givenOwn();
  const ask = (id: string, token: string) =>
    api.call("GET", `/webhooks/whatsapp/${id}?hub.mode=subscribe&hub.challenge=42&hub.verify_token=${token}`);
  expect((await ask(businessId, "verify-me-please")).text).toBe("42");
  expect((await ask(businessId, "verify-token-of-tests")).status).toBe(403);
  for (const id of [randomUUID(), "nobody"]) {
    expect((await ask(id, "verify-me-please")).status).toBe(404);
    expect((await twilio(`/webhooks/twilio/inbound/${id}`, { From: aNumber(), Body: "STOP" })).status).toBe(404);
  }
});
