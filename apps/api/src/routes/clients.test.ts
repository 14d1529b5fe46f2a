import { afterAll, beforeAll, expect, test } from "vitest";
import { type GivenApi, aReminder, givenApi } from "../given-api.ts";

let api: GivenApi;
beforeAll(async () => {
  api = await givenApi();
});
afterAll(() => api.close());

const hill = {
  name: "Hill Ltd",
  externalId: "C-1",
  contacts: [
    { name: "Ada Hill", roles: ["billing"], addresses: { email: "Ada@HILL.example", sms: "+44 20 7946 0101" } },
    {
      name: "Tom Hill",
      preferences: { any: ["whatsapp"], payment: ["sms"] },
      addresses: { whatsapp: "+442079460102" },
    },
  ],
};

test("a client is created with its contacts, changed, and read again (F2)", async () => {
  const firm = await api.firm();
  const created = await firm.post("/v1/clients", hill);
  expect([created.status, created.headers.get("location")]).toEqual([201, `/v1/clients/${created.body.id}`]);
  expect(created.body.contacts.map((contact: { addresses: object }) => contact.addresses)).toEqual([
    { email: "Ada@hill.example", sms: "+442079460101" },
    { whatsapp: "+442079460102" },
  ]);
  const path = `/v1/clients/${created.body.id}`;
  expect((await firm.patch(path, { name: "Hill & Co", timeZone: "Europe/Madrid" })).status).toBe(200);
  expect((await firm.get(path)).body).toMatchObject({
    name: "Hill & Co",
    timeZone: "Europe/Madrid",
    externalId: "C-1",
  });
});

test("a contact is added, changed, loses an address, and is put away (F2)", async () => {
  const firm = await api.firm();
  const { id } = (await firm.post("/v1/clients", hill)).body;
  const added = await firm.post(`/v1/clients/${id}/contacts`, {
    name: "Eve",
    addresses: { email: "eve@hill.example" },
  });
  const eve = added.body.contacts.at(-1);
  expect([added.status, eve.name]).toEqual([201, "Eve"]);
  const path = `/v1/clients/${id}/contacts/${eve.id}`;
  const changed = await firm.patch(path, { addresses: { email: null, sms: "+442079460103" }, roles: ["documents"] });
  expect(changed.body.contacts.at(-1)).toMatchObject({ addresses: { sms: "+442079460103" }, roles: ["documents"] });
  expect((await firm.delete(path)).body.contacts).toHaveLength(2);
});

test("clients are found by a part of the name or external id, and by a whole address in any form (F2)", async () => {
  const firm = await api.firm();
  await firm.post("/v1/clients", hill);
  await firm.client({ name: "100% Dale_Ltd" });
  const found = async (query: string) =>
    (await firm.get(`/v1/clients?${query}`)).body.items.map(({ name }: { name: string }) => name);
  expect(await found("search=hill")).toEqual(["Hill Ltd"]);
  expect(await found("search=C-1")).toEqual(["Hill Ltd"]);
  expect(await found("search=100%25")).toEqual(["100% Dale_Ltd"]);
  expect(await found("search=100_")).toEqual([]);
  expect(await found("address=ADA@hill.example")).toEqual(["Hill Ltd"]);
  expect(await found(`address=${encodeURIComponent("+44 (20) 7946 0102")}`)).toEqual(["Hill Ltd"]);
  expect(await found("address=nobody@hill.example")).toEqual([]);
});

test("pages follow each other without gap or repetition, and end (F2)", async () => {
  const firm = await api.firm();
  const made: string[] = [];
  for (let index = 0; index < 7; index += 1) made.push(await firm.client({ name: `Client ${index}` }));
  const seen: string[] = [];
  let cursor = "";
  do {
    const { body } = await firm.get(`/v1/clients?limit=3${cursor}`);
    seen.push(...body.items.map(({ id }: { id: string }) => id));
    cursor = body.nextCursor ? `&cursor=${body.nextCursor}` : "";
  } while (cursor !== "");
  expect(seen).toEqual(made);
});

test("an archived client leaves the list, gets nothing more, and can be taken back (F2)", async () => {
  const firm = await api.firm();
  const clientId = await firm.client();
  const reminderId = await firm.reminder({ assignments: [{ clientId }] });
  await firm.post(`/v1/reminders/${reminderId}/send`, {});
  const archived = await firm.post(`/v1/clients/${clientId}/archive`);
  expect(archived.body).toEqual({ cancelled: 1, inFlight: 0 });
  expect((await firm.get("/v1/clients")).body.items).toEqual([]);
  expect((await firm.get("/v1/clients?archived=true")).body.items).toHaveLength(1);
  expect((await firm.post(`/v1/clients/${clientId}/restore`)).body.archivedAt).toBeNull();
});

test("an external id that another client has is a conflict that names the field (F2)", async () => {
  const firm = await api.firm();
  await firm.post("/v1/clients", hill);
  const { status, body } = await firm.post("/v1/clients", { ...hill, name: "Other" });
  expect([status, body.code, body.errors[0].field]).toEqual([409, "conflict", "externalId"]);
});

test("answers name no column of ours: no hash, no business, no cipher (S22)", async () => {
  const firm = await api.firm();
  const { text } = await firm.post("/v1/clients", hill);
  expect(text).not.toMatch(/businessId|addressHash|"address"|archived":/);
});

test.each([
  ["the contact's preference for the type first", { preferences: { any: ["email"], payment: ["sms"] } }, "sms"],
  ["then their general preference", { preferences: { any: ["whatsapp"] } }, "whatsapp"],
  ["then the firm's order", {}, "email"],
])("a message takes the channel of %s (C2)", async (_rule, contact, channel) => {
  const firm = await api.firm();
  await firm.patch("/v1/business", { defaultChannels: ["email", "sms", "whatsapp"] });
  const addresses = { email: "ada@hill.example", sms: "+442079460101", whatsapp: "+442079460101" };
  const clientId = await firm.client({ contacts: [{ name: "Ada", addresses, ...contact }] });
  const body = aReminder({ type: "payment", channels: ["email", "sms", "whatsapp"], assignments: [{ clientId }] });
  const { id } = (await firm.post("/v1/reminders", body)).body;
  await firm.post(`/v1/reminders/${id}/send`, {});
  const { items } = (await firm.get(`/v1/deliveries?reminderId=${id}`)).body;
  expect(items.map((delivery: { channel: string }) => delivery.channel)).toEqual([channel]);
});

test("clients are listed by whether reminders reach them, and with a tag (F2, F4)", async () => {
  const own = await api.firm();
  const [going, paused, resting, billed] = [
    await own.client({ name: "Going" }),
    await own.client({ name: "Paused" }),
    await own.client({ name: "Resting" }),
    await own.client({ name: "Billed", neverChase: "auto_billed" }),
  ];
  await own.post(`/v1/clients/${paused}/pause`, {});
  await own.post(`/v1/clients/${resting}/pause`, { until: new Date(Date.now() + 3_600_000).toISOString() });
  await own.put(`/v1/clients/${billed}/tags`, { tags: ["VAT"] });
  const ids = async (query: string) =>
    (await own.get(`/v1/clients?${query}`)).body.items.map(({ id }: { id: string }) => id);
  expect(await ids("state=active")).toEqual([going]);
  expect(await ids("state=paused")).toEqual([paused, resting]);
  expect(await ids("state=never_chased&tag=vat")).toEqual([billed]);
  expect(await ids("state=active&tag=vat")).toEqual([]);
  expect((await own.get("/v1/clients?state=gone")).status).toBe(422);
});
