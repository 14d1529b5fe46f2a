import { randomInt, randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type GivenApi, type GivenFirm, givenApi } from "../given-api.ts";

let api: GivenApi;
let firm: GivenFirm;
beforeAll(async () => {
  api = await givenApi();
  firm = await api.firm();
});
afterAll(() => api.close());

const anEmail = () => `${randomUUID()}@clients.example`;
const aNumber = () => `+4420794${randomInt(60_000, 69_999)}`;

async function givenContact(addresses: object) {
  const id = await firm.client({ contacts: [{ name: "Ada", addresses }] });
  const suppressed = async () => (await firm.get(`/v1/clients/${id}`)).body.contacts[0].suppressed;
  return { id, suppressed };
}

test("a member suppresses an address and lifts it again; the contact shows it and why (D5)", async () => {
  const email = anEmail();
  const { id, suppressed } = await givenContact({ email, sms: aNumber() });
  const put = await firm.post("/v1/suppressions", { channel: "email", address: email.toUpperCase(), reason: "manual" });
  expect([put.status, put.body]).toEqual([200, { cancelled: 0, inFlight: 0 }]);
  expect(await suppressed()).toMatchObject({ email: { reason: "manual" } });

  const { body } = await firm.get("/v1/suppressions?channel=email&limit=100");
  const shown = body.items.find((item: { contacts: { clientId: string }[] }) => item.contacts[0]?.clientId === id);
  expect(shown).toMatchObject({ channel: "email", reason: "manual", source: "member" });
  expect(JSON.stringify(body)).not.toContain(email);

  const lift = () => firm.post("/v1/suppressions/lift", { channel: "email", address: email });
  expect([(await lift()).body, (await lift()).body]).toEqual([{ lifted: true }, { lifted: false }]);
  expect(await suppressed()).toEqual({});
});

test("what waits for the address is skipped at once (D5)", async () => {
  const email = anEmail();
  const { id } = await givenContact({ email });
  const reminder = await firm.reminder();
  await firm.post(`/v1/reminders/${reminder}/assignments`, { assignments: [{ clientId: id }] });
  const sent = await firm.post(`/v1/reminders/${reminder}/send`, {});
  expect(sent.body.clients).toMatchObject([{ outcome: "queued" }]);

  const put = await firm.post("/v1/suppressions", { channel: "email", address: email });
  expect(put.body).toEqual({ cancelled: 1, inFlight: 0 });
  const { body } = await firm.get(`/v1/deliveries?reminderId=${reminder}`);
  expect(body.items).toMatchObject([{ state: "skipped", reason: "suppressed" }]);
});

test("suppressions are paged, and another business sees none of them (S20)", async () => {
  const [owner, rival] = await Promise.all([api.firm(), api.firm()]);
  for (let made = 0; made < 5; made += 1)
    await owner.post("/v1/suppressions", {
      channel: made % 2 ? "sms" : "email",
      address: made % 2 ? aNumber() : anEmail(),
    });
  const first = await owner.get("/v1/suppressions?limit=3");
  const second = await owner.get(`/v1/suppressions?limit=3&cursor=${first.body.nextCursor}`);
  const all = [...first.body.items, ...second.body.items].map(({ channel }) => channel);
  expect(all).toEqual(["email", "email", "email", "sms", "sms"]);
  expect(second.body.nextCursor).toBeUndefined();
  expect((await rival.get("/v1/suppressions")).body.items).toEqual([]);
});

test.each([
  [{ channel: "email", address: "no address" }, "address"],
  [{ channel: "sms", address: "020 7946 0958" }, "address"],
  [{ channel: "fax", address: "+442079460958" }, "channel"],
  [{ channel: "email", address: "a@b.example", reason: "opted_out" }, "reason"],
])("%j is refused, and says where it is wrong (S22)", async (body, field) => {
  const answer = await firm.post("/v1/suppressions", body);
  expect(answer.status).toBe(422);
  expect(answer.body.errors).toMatchObject([{ field }]);
});
