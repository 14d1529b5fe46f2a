import type { Channel, SendResult } from "@reminder-app/channels/channel";
import { createDeliverer } from "@reminder-app/core/deliveries/deliver";
import { openDatabase } from "@reminder-app/db/database";
import { createVault } from "@reminder-app/platform/crypto";
import { scriptedChannel, timing } from "@reminder-app/testing/given-delivery";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type GivenApi, type GivenFirm, givenApi } from "../given-api.ts";

let api: GivenApi;
let database: ReturnType<typeof openDatabase>;
beforeAll(async () => {
  api = await givenApi();
  database = openDatabase({ url: api.settings.DATABASE_URL, connections: 4 });
});
afterAll(() => Promise.all([api.close(), database.close()]));

/** What a worker does with a delivery. */
function delivererOver(channel: Channel) {
  const { ENCRYPTION_KEYS: encryptionKeys, LOOKUP_KEYS: lookupKeys } = api.settings;
  const vault = createVault({ encryptionKeys, lookupKeys });
  const deliver = createDeliverer({
    sendsPerDay: api.settings.BUSINESS_SENDS_PER_DAY,
    system: { db: database.db, vault, now: () => new Date() },
    senderOf: async () => ({ channel }),
    timing,
    publicUrl: api.url,
  });
  return async (firm: GivenFirm, deliveryId: string) => {
    const { businessId } = (await firm.get("/v1/me")).body;
    return deliver({ businessId, deliveryId: deliveryId as never });
  };
}

/** A reminder that was just sent by hand to some new clients, and its deliveries. */
async function givenSent(firm: GivenFirm, clients: number, send: object = {}) {
  const clientIds = [];
  for (let made = 0; made < clients; made += 1) clientIds.push(await firm.client());
  const id = await firm.reminder({ assignments: clientIds.map((clientId) => ({ clientId })) });
  const { body } = await firm.post(`/v1/reminders/${id}/send`, send);
  const deliveryIds = body.clients.flatMap((client: { deliveryIds: string[] }) => client.deliveryIds) as string[];
  return { id, clientIds, deliveryIds };
}

const accepted: SendResult = { kind: "accepted", providerMessageId: "m-1" };

test("one delivery shows every attempt with its reason (K1)", async () => {
  const firm = await api.firm();
  const { deliveryIds } = await givenSent(firm, 1);
  const [deliveryId = ""] = deliveryIds;
  const { channel } = scriptedChannel([{ kind: "refused", code: "smtp/550", reason: "no such mailbox" }]);
  await delivererOver(channel)(firm, deliveryId);

  const { body } = await firm.get(`/v1/deliveries/${deliveryId}`);
  expect([body.state, body.tries]).toEqual(["failed", 1]);
  expect(body.attempts).toMatchObject([
    { number: 1, provider: "scripted", state: "refused", code: "smtp/550", reason: "no such mailbox", revision: 1 },
  ]);
  expect(body.attempts[0].finishedAt >= body.attempts[0].startedAt).toBe(true);
  expect((await firm.get("/v1/deliveries?state=failed")).body.items).toHaveLength(1);
});

test("what was given up can be sent again, and then shows both attempts (C8)", async () => {
  const firm = await api.firm();
  const { deliveryIds } = await givenSent(firm, 1);
  const [deliveryId = ""] = deliveryIds;
  const { channel } = scriptedChannel([{ kind: "refused", code: "smtp/550", reason: "no such mailbox" }, accepted]);
  const deliver = delivererOver(channel);
  await deliver(firm, deliveryId);
  const decided = await firm.post(`/v1/deliveries/${deliveryId}/decide`, { decision: "send_again" });
  expect([decided.status, decided.body.state]).toEqual([200, "retry"]);
  await deliver(firm, deliveryId);
  const { body } = await firm.get(`/v1/deliveries/${deliveryId}`);
  expect([body.state, body.attempts.map(({ state }: { state: string }) => state)]).toEqual([
    "accepted",
    ["refused", "accepted"],
  ]);
});

test("sending by hand again soon after is refused unless it is meant (A16)", async () => {
  const firm = await api.firm();
  const { id, clientIds, deliveryIds } = await givenSent(firm, 1);
  await delivererOver(scriptedChannel([accepted]).channel)(firm, deliveryIds[0] ?? "");
  const refused = await firm.post(`/v1/reminders/${id}/send`, {});
  expect([refused.status, refused.body.code]).toEqual([409, "recently_messaged"]);
  expect(refused.body.errors[0].message).toContain(clientIds[0]);
  expect((await firm.get(`/v1/deliveries?reminderId=${id}`)).body.items).toHaveLength(1);
  expect((await firm.post(`/v1/reminders/${id}/send`, { evenIfRecent: true })).status).toBe(202);
});

test("sending by hand can take the place of the next moment (A16)", async () => {
  const firm = await api.firm();
  const id = await firm.reminder({ assignments: [{ clientId: await firm.client() }] });
  const { status, body } = await firm.post(`/v1/reminders/${id}/send`, { replaceNext: true });
  expect([status, body.countsAsNext]).toEqual([202, true]);
});

test("cancelling tells what had started, stops what had not, and lets nothing start after (B5)", async () => {
  const firm = await api.firm();
  const { id, deliveryIds } = await givenSent(firm, 2);
  const [started = "", waiting = ""] = deliveryIds;
  const gate = Promise.withResolvers<SendResult>();
  const called = Promise.withResolvers<void>();
  let calls = 0;
  const { channel } = scriptedChannel([]);
  const deliver = delivererOver({
    ...channel,
    send() {
      calls += 1;
      called.resolve();
      return gate.promise;
    },
  });
  const sending = deliver(firm, started);
  await called.promise;

  const { status, body } = await firm.post(`/v1/reminders/${id}/cancel`);
  expect([status, body.reminder.status, body.cancelled, body.inFlight]).toEqual([200, "cancelled", 1, 1]);
  await deliver(firm, waiting);
  gate.resolve(accepted);
  await sending;
  expect(calls).toBe(1);
  const states = (await firm.get(`/v1/deliveries?reminderId=${id}`)).body.items.map(
    (delivery: { state: string }) => delivery.state,
  );
  expect(states.toSorted()).toEqual(["accepted", "cancelled"]);
});

test("clients inherit the firm's quiet hours and zone, unless they have a zone of their own (F1)", async () => {
  const firm = await api.firm();
  const zones = ["Etc/GMT-12", "Etc/GMT", "Etc/GMT+12"];
  const quietNow = { start: clockIn(-1), end: clockIn(1) };
  await firm.patch("/v1/business", { timeZone: "Etc/GMT", quietHours: quietNow });
  const clientIds = [await firm.client()];
  for (const timeZone of zones) clientIds.push(await firm.client({ timeZone }));
  const id = await firm.reminder({ assignments: clientIds.map((clientId) => ({ clientId })) });
  await firm.post(`/v1/reminders/${id}/send`, {});
  const { items } = (await firm.get(`/v1/deliveries?reminderId=${id}`)).body;
  const waits = new Map<string, boolean>(
    items.map((item: { clientId: string; nextAt: string }) => [item.clientId, new Date(item.nextAt) > new Date()]),
  );
  expect(clientIds.map((clientId) => waits.get(clientId))).toEqual([true, false, true, false]);
});

/** The wall clock in UTC, some hours from now. */
function clockIn(hours: number): string {
  return new Date(Date.now() + hours * 3_600_000).toISOString().slice(11, 16);
}
