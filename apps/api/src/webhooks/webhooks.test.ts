import { createHmac, randomUUID } from "node:crypto";
import { twilioStatusUrl } from "@reminder-app/channels/twilio/receipt";
import { openDatabase } from "@reminder-app/db/database";
import { formatUuid } from "@reminder-app/platform/ids";
import { Redis } from "ioredis";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { type GivenApi, givenApi } from "../given-api.ts";

let api: GivenApi;
let database: ReturnType<typeof openDatabase>;
beforeAll(async () => {
  api = await givenApi();
  database = openDatabase({ url: api.settings.DATABASE_URL, connections: 2 });
});
afterAll(() => Promise.all([api.close(), database.close()]));

interface Stored {
  readonly id: Buffer;
  readonly token: Buffer | null;
  readonly provider: string;
  readonly status: string;
}

async function storedFor(providerMessageId: string) {
  const columns = "id, token, provider, status";
  const [rows] = await database.pool.query(`select ${columns} from provider_events where provider_message_id = ?`, [
    providerMessageId,
  ]);
  return (rows as Stored[]).map((row) => ({
    ...row,
    id: formatUuid(row.id),
    token: row.token && formatUuid(row.token),
  }));
}

const form = "application/x-www-form-urlencoded";

function twilioReport(
  status: string,
  { sid = `SM${randomUUID()}`, token = randomUUID(), secret = "twilio-auth-token-of-tests" } = {},
) {
  const fields = { AccountSid: `AC${"0".repeat(32)}`, MessageSid: sid, MessageStatus: status };
  const url = twilioStatusUrl(api.settings.PUBLIC_URL, token);
  const signed = Object.entries(fields).flat().join("");
  const signature = createHmac("sha1", secret)
    .update(url + signed)
    .digest("base64");
  const body = new URLSearchParams(fields).toString();
  const post = (sent = body, headers: Record<string, string> = { "x-twilio-signature": signature }) =>
    api.call("POST", new URL(url).pathname, { body: sent, headers: { "content-type": form, ...headers } });
  return { sid, token, body, signature, post };
}

describe("a status callback of Twilio's", () => {
  test("is stored before it is answered, once however often it comes (C7, S52, S54)", async () => {
    const { sid, token, post } = twilioReport("delivered");
    const answers = [await post(), await post(), await post()];
    expect(answers.map(({ status }) => status)).toEqual([204, 204, 204]);
    expect(await storedFor(sid)).toMatchObject([{ provider: "twilio", status: "delivered", token }]);
  });

  test("leaves a job that names it by id", async () => {
    const redis = new Redis(api.settings.REDIS_URL);
    const { sid, post } = twilioReport("sent");
    await post();
    const [{ id } = { id: "" }] = await storedFor(sid);
    const key = `${api.settings.QUEUE_PREFIX}:events:e${id}`;
    await vi.waitFor(async () => expect(await redis.hget(key, "data")).toBe(JSON.stringify({ v: 1, eventId: id })));
    await redis.quit();
  });

  test.each<[string, (report: ReturnType<typeof twilioReport>) => Promise<{ status: number; body: { code: string } }>]>(
    [
      ["without a signature", ({ post, body }) => post(body, {})],
      ["with another field", ({ post, body }) => post(`${body}&ErrorCode=30003`)],
      ["with a field that comes twice", ({ post, body }) => post(`${body}&MessageStatus=failed`)],
      ["signed with another secret", () => twilioReport("delivered", { secret: "guessed" }).post()],
      [
        "for another attempt",
        ({ body, signature }) => twilioReport("delivered").post(body, { "x-twilio-signature": signature }),
      ],
    ],
  )("%s is refused and not stored (S50)", async (_what, ask) => {
    const report = twilioReport("delivered");
    const answer = await ask(report);
    expect([answer.status, answer.body.code]).toEqual([403, "signature_invalid"]);
    expect(await storedFor(report.sid)).toEqual([]);
  });

  test("that is too large is refused unread (S50)", async () => {
    const { post } = twilioReport("delivered");
    expect((await post(`Body=${"x".repeat(70_000)}`)).body.code).toBe("payload_too_large");
  });

  test("with a status that says nothing new is taken and forgotten", async () => {
    const { sid, post } = twilioReport("scheduled");
    expect((await post()).status).toBe(204);
    expect(await storedFor(sid)).toEqual([]);
  });
});

function whatsappReport(statuses: object[]) {
  const value = { metadata: { phone_number_id: "100000000000001" }, statuses };
  return JSON.stringify({ object: "whatsapp_business_account", entry: [{ changes: [{ field: "messages", value }] }] });
}

function signedForWhatsapp(body: string, secret = "whatsapp-app-secret-of-tests") {
  return { "x-hub-signature-256": `sha256=${createHmac("sha256", secret).update(body).digest("hex")}` };
}

describe("a webhook of WhatsApp's", () => {
  test("is stored before it is answered, each status once (C7, S53, S54)", async () => {
    const id = `wamid.${randomUUID()}`;
    const body = whatsappReport([
      { id, status: "delivered" },
      { id, status: "read" },
    ]);
    const post = () => api.call("POST", "/webhooks/whatsapp", { body, headers: signedForWhatsapp(body) });
    expect([(await post()).status, (await post()).status]).toEqual([200, 200]);
    const stored = await storedFor(id);
    expect(stored.map(({ status }) => status).toSorted()).toEqual(["delivered", "read"]);
  });

  test.each([
    ["without a signature", () => ({})],
    ["signed with another secret", (body: string) => signedForWhatsapp(body, "guessed")],
    ["signed for another body", () => signedForWhatsapp("{}")],
  ])("%s is refused and not stored (S50)", async (_what, headers) => {
    const id = `wamid.${randomUUID()}`;
    const body = whatsappReport([{ id, status: "read" }]);
    const answer = await api.call("POST", "/webhooks/whatsapp", { body, headers: headers(body) });
    expect([answer.status, answer.body.code]).toEqual([403, "signature_invalid"]);
    expect(await storedFor(id)).toEqual([]);
  });

  test.each(["{", '"text"', '{"object":"page"}'])("that is signed but reads %j is a 400", async (body) => {
    const answer = await api.call("POST", "/webhooks/whatsapp", { body, headers: signedForWhatsapp(body) });
    expect([answer.status, answer.body.code]).toEqual([400, "malformed_request"]);
  });

  test("subscription is confirmed to who knows the verify token (S53)", async () => {
    const ask = (token: string) =>
      api.call("GET", `/webhooks/whatsapp?hub.mode=subscribe&hub.challenge=4711&hub.verify_token=${token}`);
    const right = await ask("verify-token-of-tests");
    expect([right.status, right.text, right.headers.get("content-type")]).toEqual([
      200,
      "4711",
      "text/plain; charset=utf-8",
    ]);
    expect((await ask("guessed")).status).toBe(403);
  });
});

test("a provider without credentials has no address here", async () => {
  const none = Object.fromEntries(
    Object.keys(api.settings)
      .filter((name) => /^(TWILIO|WHATSAPP)_/.test(name) && !name.endsWith("URL"))
      .map((name) => [name, ""]),
  );
  const without = await givenApi(none);
  const paths = [`/webhooks/twilio/status/${randomUUID()}`, "/webhooks/whatsapp"];
  const answers = await Promise.all(paths.map((path) => without.call("POST", path, { body: "{}" })));
  await without.close();
  expect(answers.map(({ status }) => status)).toEqual([404, 404]);
});
