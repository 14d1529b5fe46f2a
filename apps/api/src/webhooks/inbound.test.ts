import { randomUUID } from "node:crypto";
import { openDatabase } from "@reminder-app/db/database";
import { formatUuid } from "@reminder-app/platform/ids";
import { Redis } from "ioredis";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { type GivenApi, type GivenFirm, givenApi } from "../given-api.ts";
import { aNumber, twilioMessage, whatsappText, whatsappWebhook } from "./given-signed.ts";

let api: GivenApi;
let firm: GivenFirm;
let database: ReturnType<typeof openDatabase>;
beforeAll(async () => {
  api = await givenApi();
  firm = await api.firm();
  database = openDatabase({ url: api.settings.DATABASE_URL, connections: 2 });
});
afterAll(() => Promise.all([api.close(), database.close()]));

interface Stored {
  readonly id: Buffer;
  readonly channel: string;
  readonly keyword: string | null;
  readonly sender: Buffer;
  readonly answered: number;
}

async function stored(eventKey: string): Promise<Stored[]> {
  const columns = "id, channel, keyword, sender, answered_at is not null as answered";
  const [rows] = await database.pool.query(`select ${columns} from inbound_messages where event_key = ?`, [eventKey]);
  return rows as Stored[];
}

async function givenContact(of: GivenFirm, addresses: object) {
  const clientId = await of.client({ contacts: [{ name: "Lee", addresses }] });
  return {
    clientId,
    suppressed: async () => (await of.get(`/v1/clients/${clientId}`)).body.contacts[0].suppressed,
  };
}

/** What waits for a client on each of these channels. */
async function givenWaiting(clientId: string, channels: readonly string[]) {
  const reminder = await firm.reminder({ channels, channelMode: "all" });
  await firm.post(`/v1/reminders/${reminder}/assignments`, { assignments: [{ clientId }] });
  await firm.post(`/v1/reminders/${reminder}/send`, { evenIfRecent: true });
  return async () => {
    const { body } = await firm.get(`/v1/deliveries?reminderId=${reminder}`);
    const states = body.items.map((row: { channel: string; state: string }) => [row.channel, row.state]);
    return Object.fromEntries(states) as Record<string, string>;
  };
}

const anEmail = () => `${randomUUID()}@clients.example`;

describe("STOP by SMS", () => {
  test("binds every firm that has the number, skips what waits, and leaves email alone (D1, D3, S72)", async () => {
    const rival = await api.firm();
    const sms = aNumber();
    const ours = await givenContact(firm, { sms, email: anEmail() });
    const theirs = await givenContact(rival, { sms });
    const other = await givenContact(firm, { sms: aNumber() });
    const states = await givenWaiting(ours.clientId, ["sms", "email"]);
    const { sid, post } = twilioMessage(api, { From: sms, Body: " Stop. " });
    const answer = await post();

    expect([answer.status, answer.headers.get("content-type")]).toEqual([200, "text/xml; charset=utf-8"]);
    expect(answer.text).toMatch(/<Response\/>$/);
    expect(await ours.suppressed()).toMatchObject({ sms: { reason: "opted_out" } });
    expect(await theirs.suppressed()).toMatchObject({ sms: { reason: "opted_out" } });
    expect(await other.suppressed()).toEqual({});
    expect(await states()).toEqual({ sms: "skipped", email: "queued" });
    const [row] = await stored(sid);
    expect(row).toMatchObject({ channel: "sms", keyword: "stop" });
    expect(row!.sender.includes(sms.slice(1))).toBe(false);
    for (const one of [firm, rival]) {
      const { items } = (await one.get("/v1/audit?limit=20")).body;
      const acts = items.map(({ action, actor }: { action: string; actor: string }) => `${action} ${actor}`);
      expect(acts).toContain("address.suppressed system:inbound");
    }
  });

  test("is taken back by START, and a replay of it does nothing (D1, S52, S72)", async () => {
    const sms = aNumber();
    const { suppressed } = await givenContact(firm, { sms });
    const { sid, post: stop } = twilioMessage(api, { From: sms, Body: "STOP" });
    await stop();
    const lift = await firm.post("/v1/suppressions/lift", { channel: "sms", address: sms });
    expect([lift.status, lift.body.code]).toEqual([409, "conflict"]);

    await twilioMessage(api, { From: sms, Body: "start" }).post();
    expect(await suppressed()).toEqual({});
    expect((await stop()).status).toBe(200);
    expect(await suppressed()).toEqual({});
    expect(await stored(sid)).toHaveLength(1);
  });

  test("that comes ten times at once is stored once (S52)", async () => {
    const sms = aNumber();
    const { suppressed } = await givenContact(firm, { sms });
    const { sid, post } = twilioMessage(api, { From: sms, Body: "STOP" });
    const answers = await Promise.all(Array.from({ length: 10 }, () => post()));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    expect(await stored(sid)).toHaveLength(1);
    expect(await suppressed()).toMatchObject({ sms: { reason: "opted_out" } });
  });

  test("is understood as Twilio's own opt-out handling took it (S72)", async () => {
    const sms = aNumber();
    const { suppressed } = await givenContact(firm, { sms });
    await twilioMessage(api, { From: sms, Body: "Arrêt", OptOutType: "STOP" }).post();
    expect(await suppressed()).toMatchObject({ sms: { reason: "opted_out" } });
  });
});

test("an answer with a stop word in it stops nothing, and none of it is kept (S72)", async () => {
  const sms = aNumber();
  const { suppressed } = await givenContact(firm, { sms });
  const { sid, post } = twilioMessage(api, { From: sms, Body: "please stop by tomorrow" });
  await post();
  expect(await suppressed()).toEqual({});
  expect(await stored(sid)).toMatchObject([{ keyword: null }]);
});

test("HELP by SMS is answered in the webhook's answer, once, and not when Twilio did (D1, S72)", async () => {
  const { post } = twilioMessage(api, { From: aNumber(), Body: "HELP" });
  const [first, again] = [await post(), await post()];
  expect(first.text).toContain("<Message>Reminders sent on behalf of the firms you work with. Reply STOP to stop.");
  expect(again.text).not.toContain("<Message>");
  const taken = await twilioMessage(api, { From: aNumber(), Body: "HELP", OptOutType: "HELP" }).post();
  expect(taken.text).not.toContain("<Message>");
});

test.each<[string, (from: string) => Promise<{ sid: string; status: number }>]>([
  [
    "without a signature",
    async (From) => {
      const { sid, post } = twilioMessage(api, { From, Body: "STOP" });
      return { sid, status: (await post({})).status };
    },
  ],
  [
    "signed with another secret",
    async (From) => {
      const { sid, post } = twilioMessage(api, { From, Body: "STOP", secret: "guessed" });
      return { sid, status: (await post()).status };
    },
  ],
  [
    "with one field more than was signed",
    async (From) => {
      const { sid, post } = twilioMessage(api, { From, Body: "STOP" });
      return { sid, status: (await post(undefined, "&OptOutType=STOP")).status };
    },
  ],
])("an SMS %s is refused and does nothing (S50, S52)", async (_what, ask) => {
  const sms = aNumber();
  const { suppressed } = await givenContact(firm, { sms });
  const { sid, status } = await ask(sms);
  expect([status, await stored(sid), await suppressed()]).toEqual([403, [], {}]);
});

test("an SMS that is too large is refused unread (S50)", async () => {
  const { sid, post } = twilioMessage(api, { From: aNumber(), Body: "x".repeat(70_000) });
  expect([(await post()).status, await stored(sid)]).toEqual([413, []]);
});

describe("by WhatsApp", () => {
  test("STOP binds WhatsApp and not SMS; a tapped button counts; START takes it back (D1, D3, S72)", async () => {
    const number = aNumber();
    const { clientId, suppressed } = await givenContact(firm, { sms: number, whatsapp: number });
    const states = await givenWaiting(clientId, ["sms", "whatsapp"]);
    const from = number.slice(1);
    const tapped = { messages: [{ id: `wamid.${randomUUID()}`, from, type: "button", button: { text: "Opt out" } }] };
    expect((await whatsappWebhook(api, tapped)()).status).toBe(200);
    expect(await suppressed()).toMatchObject({ whatsapp: { reason: "opted_out" } });
    expect(Object.keys(await suppressed())).toEqual(["whatsapp"]);
    expect(await states()).toEqual({ sms: "queued", whatsapp: "skipped" });

    await whatsappWebhook(api, whatsappText(number, "Start"))();
    expect(await suppressed()).toEqual({});
  });

  test("HELP leaves a job that names it by id alone (D1, S72)", async () => {
    const redis = new Redis(api.settings.REDIS_URL);
    const eventKey = `wamid.${randomUUID()}`;
    const post = whatsappWebhook(api, whatsappText(aNumber(), "help", eventKey));
    await post();
    const [row] = await stored(eventKey);
    expect(row).toMatchObject({ keyword: "help", answered: 0 });
    const inboundId = formatUuid(row!.id);
    const key = `${api.settings.QUEUE_PREFIX}:events:h${inboundId}`;
    await vi.waitFor(async () => expect(await redis.hget(key, "data")).toBe(JSON.stringify({ v: 1, inboundId })));
    await redis.quit();
  });

  test("a message to a number that is not ours, or signed with another secret, does nothing (S50, S53)", async () => {
    const whatsapp = aNumber();
    const { suppressed } = await givenContact(firm, { whatsapp });
    const eventKey = `wamid.${randomUUID()}`;
    const news = whatsappText(whatsapp, "STOP", eventKey);
    expect((await whatsappWebhook(api, news, { number: "999" })()).status).toBe(200);
    expect((await whatsappWebhook(api, news, { secret: "guessed" })()).status).toBe(403);
    expect((await whatsappWebhook(api, news)({})).status).toBe(403);
    expect([await stored(eventKey), await suppressed()]).toEqual([[], {}]);
  });

  test("kinds of messages that nobody knows yet hold up none of the others (S54)", async () => {
    const whatsapp = aNumber();
    const { suppressed } = await givenContact(firm, { whatsapp });
    const { messages } = whatsappText(whatsapp, "stop");
    const news = { messages: [{ hologram: true }, null, { id: "x", from: "nobody" }, ...messages] };
    expect((await whatsappWebhook(api, news)()).status).toBe(200);
    expect(await suppressed()).toMatchObject({ whatsapp: { reason: "opted_out" } });
  });
});
