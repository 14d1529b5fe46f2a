import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { type GivenApi, type GivenCaller, type GivenFirm, aReminder, givenApi } from "../given-api.ts";

let api: GivenApi;
beforeAll(async () => {
  api = await givenApi();
});
afterAll(() => api.close());

interface Office {
  readonly firm: GivenFirm;
  readonly member: GivenCaller;
  /** A client that the member works with, and one that they do not. */
  readonly own: string;
  readonly other: string;
  readonly reminderId: string;
}

/** A firm with a member who works with one of its two clients; a reminder goes to both. */
async function givenOffice(): Promise<Office> {
  const firm = await api.firm();
  const [own, other, member] = await Promise.all([
    firm.client({ name: "Own Ltd" }),
    firm.client({ name: "Other Ltd" }),
    firm.member("staff", { limited: true }),
  ]);
  const reminderId = await firm.reminder({ assignments: [{ clientId: own }, { clientId: other }] });
  expect((await firm.put(`/v1/clients/${own}/staff`, { memberIds: [member.id] })).status).toBe(200);
  return { firm, member, own, other, reminderId };
}

const idsOf = (items: readonly { id: string }[]) => items.map(({ id }) => id);
const clientsOf = (items: readonly { clientId: string }[]) => [...new Set(items.map(({ clientId }) => clientId))];

describe("a member who works with some clients only (S23)", () => {
  test("sees these in lists, searches and assignments, and nothing of the others", async () => {
    const office = await givenOffice();
    const { get } = office.member;
    await office.firm.post(`/v1/reminders/${office.reminderId}/send`, {});
    const [otherClient] = [(await office.firm.get(`/v1/clients/${office.other}`)).body];
    expect(idsOf((await get("/v1/clients")).body.items)).toEqual([office.own]);
    expect((await get("/v1/clients?search=Other")).body.items).toEqual([]);
    const address = encodeURIComponent(otherClient.contacts[0].addresses.email);
    expect((await get(`/v1/clients?address=${address}`)).body.items).toEqual([]);
    expect(clientsOf((await get(`/v1/reminders/${office.reminderId}/assignments`)).body.items)).toEqual([office.own]);
    expect(clientsOf((await get("/v1/deliveries")).body.items)).toEqual([office.own]);
    expect((await get(`/v1/deliveries?clientId=${office.other}`)).body.items).toEqual([]);
    expect((await office.firm.get("/v1/deliveries")).body.items).toHaveLength(2);
  });

  test("gets the same answer about another client as about none", async () => {
    const office = await givenOffice();
    const { get, post, patch } = office.member;
    const { body: sent } = await office.firm.post(`/v1/reminders/${office.reminderId}/send`, {});
    const theirs = sent.clients.find(({ clientId }: { clientId: string }) => clientId === office.other);
    const { items } = (await office.firm.get(`/v1/reminders/${office.reminderId}/assignments`)).body;
    const assignment = items.find(({ clientId }: { clientId: string }) => clientId === office.other);
    const contactId = (await office.firm.get(`/v1/clients/${office.other}`)).body.contacts[0].id;
    const asks = ([client, contact, assigned, delivery]: string[]) => [
      () => get(`/v1/clients/${client}`),
      () => patch(`/v1/clients/${client}`, { name: "Mine" }),
      () => post(`/v1/clients/${client}/archive`),
      () => post(`/v1/clients/${client}/contacts`, { name: "Eve" }),
      () => patch(`/v1/clients/${client}/contacts/${contact}`, { name: "Eve" }),
      () =>
        post(`/v1/reminders/${office.reminderId}/assignments`, { assignments: [{ clientId: client, period: "2" }] }),
      () => patch(`/v1/reminders/${office.reminderId}/assignments/${assigned}`, {}),
      () => post(`/v1/reminders/${office.reminderId}/assignments/${assigned}/done`),
      () => get(`/v1/deliveries/${delivery}`),
      () => post(`/v1/deliveries/${delivery}/decide`, { decision: "cancel" }),
    ];
    const foreign = asks([office.other, contactId, assignment.id, theirs.deliveryIds[0]]);
    const absent = asks([randomUUID(), randomUUID(), randomUUID(), randomUUID()]);
    for (const [index, ask] of foreign.entries()) {
      const [one, none] = [await ask(), await absent[index]!()];
      expect([one.status, one.body.code]).toEqual([404, "not_found"]);
      expect([none.status, none.body.code]).toEqual([404, "not_found"]);
    }
    expect((await office.firm.get(`/v1/clients/${office.other}`)).body).toMatchObject({
      name: "Other Ltd",
      archivedAt: null,
    });
  });

  test("works with their own as any other member does, and with those they make", async () => {
    const office = await givenOffice();
    const { get, post, patch } = office.member;
    expect((await patch(`/v1/clients/${office.own}`, { name: "Mine" })).body.name).toBe("Mine");
    const made = await post("/v1/clients", {
      name: "New Ltd",
      contacts: [{ name: "Ada", addresses: { email: "a@b.example" } }],
    });
    expect([made.status, made.body.contacts.length]).toEqual([201, 1]);
    expect(idsOf((await get("/v1/clients")).body.items)).toEqual([office.own, made.body.id]);
    const assigned = await post(`/v1/reminders/${office.reminderId}/assignments`, {
      assignments: [{ clientId: made.body.id }],
    });
    expect(assigned.status).toBe(201);
    const done = `/v1/reminders/${office.reminderId}/assignments/${assigned.body.items[0].id}/done`;
    expect((await post(done)).status).toBe(200);
  });

  test("sends to their clients by name, and another client is as one who is not assigned", async () => {
    const office = await givenOffice();
    const send = (clientIds: string[]) =>
      office.member.post(`/v1/reminders/${office.reminderId}/send`, { clientIds, evenIfRecent: true });
    const outcomes = async (clientIds: string[]) =>
      (await send(clientIds)).body.clients.map(({ outcome }: { outcome: string }) => outcome);
    expect(await outcomes([office.own, office.other, randomUUID()])).toEqual([
      "queued",
      "not_assigned",
      "not_assigned",
    ]);
    expect(clientsOf((await office.firm.get("/v1/deliveries")).body.items)).toEqual([office.own]);
  });

  test("starts and stops nothing for all", async () => {
    const office = await givenOffice();
    const { post, patch } = office.member;
    const one = `/v1/reminders/${office.reminderId}`;
    const answers = [
      await post("/v1/reminders", aReminder()),
      await patch(one, { name: "Mine" }),
      await post(`${one}/send`, {}),
      ...(await Promise.all(["activate", "pause", "resume", "cancel"].map((verb) => post(`${one}/${verb}`)))),
    ];
    for (const { status, body } of answers) {
      expect([status, body.code]).toEqual([403, "forbidden"]);
      expect(body.detail).toContain("You work with some clients only");
    }
    expect((await office.firm.get(one)).body).toMatchObject({ status: "active", revision: 1 });
    expect((await office.firm.get("/v1/deliveries")).body.items).toEqual([]);
  });

  test("loses a client within a second (S06)", async () => {
    const office = await givenOffice();
    expect((await office.member.get(`/v1/clients/${office.own}`)).status).toBe(200);
    await office.firm.put(`/v1/clients/${office.own}/staff`, { memberIds: [] });
    await vi.waitFor(
      async () => expect((await office.member.get(`/v1/clients/${office.own}`)).status).toBe(404),
      1_500,
    );
  });
});

describe("who works with a client (S23)", () => {
  test("is named by admins, as a whole, and noted", async () => {
    const { firm, own, member } = await givenOffice();
    const staff = `/v1/clients/${own}/staff`;
    const colleague = await firm.member("staff");
    const both = [member.id, colleague.id].toSorted();
    expect((await firm.put(staff, { memberIds: [...both, member.id] })).body).toEqual({ memberIds: both });
    expect((await firm.get(staff)).body).toEqual({ memberIds: both });
    const refused = await colleague.put(staff, { memberIds: [] });
    expect([refused.status, refused.body.code]).toEqual([403, "forbidden"]);
    await Promise.all([[], both, [member.id]].map((memberIds) => firm.put(staff, { memberIds })));
    expect((await firm.put(staff, { memberIds: both })).body).toEqual({ memberIds: both });
  });

  test("cannot be someone of another firm", async () => {
    const [{ firm, own, member }, rival] = await Promise.all([givenOffice(), givenOffice()]);
    const { status, body } = await firm.put(`/v1/clients/${own}/staff`, { memberIds: [member.id, rival.member.id] });
    expect([status, body.errors]).toEqual([
      404,
      [{ field: "memberIds.1", message: `Member ${rival.member.id} not found` }],
    ]);
    expect((await firm.get(`/v1/clients/${own}/staff`)).body).toEqual({ memberIds: [member.id] });
  });
});
