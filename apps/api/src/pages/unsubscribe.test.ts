import { randomUUID } from "node:crypto";
import { unsubscribeUrl } from "@reminder-app/core/consent/unsubscribe-link";
import { createVault } from "@reminder-app/platform/crypto";
import { type Id, newId } from "@reminder-app/platform/ids";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type GivenApi, type GivenFirm, givenApi } from "../given-api.ts";

let api: GivenApi;
let firm: GivenFirm;
beforeAll(async () => {
  api = await givenApi();
  firm = await api.firm();
});
afterAll(() => api.close());

function linkTo(deliveryId: string, businessId: string): string {
  const { ENCRYPTION_KEYS: encryptionKeys, LOOKUP_KEYS: lookupKeys } = api.settings;
  const vault = createVault({ encryptionKeys, lookupKeys });
  const linked = { businessId: businessId as Id<"Business">, deliveryId: deliveryId as Id<"Delivery"> };
  return unsubscribeUrl({ vault, publicUrl: "" }, linked);
}

/** A client with a message by email, and the link in it. */
async function givenMessage() {
  const email = `pat.${randomUUID()}@clients.example`;
  const clientId = await firm.client({ contacts: [{ name: "Pat", addresses: { email, sms: "+442079460321" } }] });
  const reminder = await firm.reminder();
  await firm.post(`/v1/reminders/${reminder}/assignments`, { assignments: [{ clientId }] });
  const sent = await firm.post(`/v1/reminders/${reminder}/send`, { evenIfRecent: true });
  const deliveryId: string = sent.body.clients[0].deliveryIds[0];
  const { id: businessId } = (await firm.get("/v1/business")).body;
  return {
    email,
    businessId,
    deliveryId,
    path: linkTo(deliveryId, businessId),
    suppressed: async () => (await firm.get(`/v1/clients/${clientId}`)).body.contacts[0].suppressed,
    delivery: async () => (await firm.get(`/v1/deliveries/${deliveryId}`)).body,
  };
}

test("fifty openings by scanners change nothing; the page tells who writes to whom (D2, S70)", async () => {
  const { path, email, suppressed } = await givenMessage();
  const opened = await Promise.all(
    Array.from({ length: 50 }, (_, index) => api.call(index % 2 ? "GET" : "HEAD", path)),
  );
  expect(new Set(opened.map(({ status }) => status))).toEqual(new Set([200]));
  expect(await suppressed()).toEqual({});

  const { text, headers } = await api.call("GET", path);
  expect(text).toContain("Ledger &amp; Sons");
  expect(text).toContain("p•••@clients.example");
  expect(text).not.toContain(email);
  expect(headers.get("referrer-policy")).toBe("no-referrer");
  expect(headers.get("x-robots-tag")).toBe("noindex");
  expect(headers.get("cache-control")).toBe("no-store");
});

test.each([
  ["a mail provider's form", "application/x-www-form-urlencoded", "List-Unsubscribe=One-Click"],
  [
    "a mail provider's multipart form",
    "multipart/form-data; boundary=b",
    '--b\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n--b--\r\n',
  ],
  ["the page's button", "application/x-www-form-urlencoded", ""],
])("a POST of %s opts out at once, without a sign-in, and skips what waits (D2, S70)", async (_what, type, body) => {
  const { path, suppressed, delivery } = await givenMessage();
  const post = () => api.call("POST", path, { body, headers: { "content-type": type } });
  const answers = [await post(), await post()];

  expect(answers.map(({ status, text }) => [status, text.includes("You are unsubscribed")])).toEqual([
    [200, true],
    [200, true],
  ]);
  expect(await suppressed()).toMatchObject({ email: { reason: "opted_out" } });
  expect(await delivery()).toMatchObject({ state: "skipped", reason: "opted_out" });
  expect((await api.call("GET", path)).text).toContain("Subscribe again");
});

test("who opted out by mistake subscribes again on the same page (D2)", async () => {
  const { path, suppressed } = await givenMessage();
  await api.call("POST", path);
  const undone = await api.call("POST", `${path}/undo`);
  expect([undone.status, undone.text.includes("Stop these emails?")]).toEqual([200, true]);
  expect(await suppressed()).toEqual({});
});

test("subscribing again does not lift what the firm itself put there (S70)", async () => {
  const { path, email, suppressed } = await givenMessage();
  await firm.post("/v1/suppressions", { channel: "email", address: email });
  await api.call("POST", `${path}/undo`);
  expect(await suppressed()).toMatchObject({ email: { reason: "manual" } });
});

test("an admin may lift an opt-out of email when the person asks; it is in the audit trail (S70, S67)", async () => {
  const { path, email, suppressed } = await givenMessage();
  await api.call("POST", path);
  const lifted = await firm.post("/v1/suppressions/lift", { channel: "email", address: email });
  expect(lifted.body).toEqual({ lifted: true });
  expect(await suppressed()).toEqual({});
  const { body } = await firm.get("/v1/audit?limit=10");
  const trail = body.items.map(({ action, actor }: { action: string; actor: string }) => `${action} ${actor}`);
  expect(trail).toContain("address.suppressed system:unsubscribe-link");
});

test("a link that is forged, cut short, or of another business is a page that says so, and changes nothing (S70, S20)", async () => {
  const { path, deliveryId, businessId, suppressed } = await givenMessage();
  const rival = (await (await api.firm()).get("/v1/business")).body.id;
  const wrong = [path.slice(0, -1), `${path.slice(0, -3)}AAA`, `${path}A`, "/u/x", linkTo(deliveryId, rival)];
  for (const other of [...wrong, linkTo(newId(), businessId)]) {
    for (const [method, to] of [
      ["GET", other],
      ["POST", other],
      ["POST", `${other}/undo`],
    ] as const) {
      const { status, headers } = await api.call(method, to);
      expect([status, headers.get("content-type")]).toEqual([404, "text/html; charset=utf-8"]);
    }
  }
  expect(await suppressed()).toEqual({});
});
