import { createHmac } from "node:crypto";
import { request } from "undici";
import { afterAll, beforeAll, expect, test } from "vitest";
import { givenCallbackReceiver, givenSandbox, number } from "./given-sandbox.ts";

let receiver: Awaited<ReturnType<typeof givenCallbackReceiver>>;
let sandbox: Awaited<ReturnType<typeof givenSandbox>>;

beforeAll(async () => {
  receiver = await givenCallbackReceiver();
  sandbox = await givenSandbox({ whatsapp: { ...number, callbackUrl: `${receiver.url}/webhooks/whatsapp` } });
});
afterAll(async () => {
  await sandbox.close();
  receiver.close();
});

interface Call {
  readonly token?: string;
  readonly body?: Readonly<Record<string, unknown>>;
  readonly headers?: Readonly<Record<string, string>>;
}

async function send(to: string, { token = "a", body = { text: { body: "Hello" } }, headers = {} }: Call = {}) {
  const answer = await request(`${sandbox.url}/v23.0/${number.phoneNumberId}/messages`, {
    method: "POST",
    headers: { authorization: "Bearer test", "content-type": "application/json", ...headers },
    body: JSON.stringify({ messaging_product: "whatsapp", to, type: "text", ...body, biz_opaque_callback_data: token }),
  });
  return {
    status: answer.statusCode,
    headers: answer.headers,
    body: (await answer.body.json()) as { messages: [{ id: string }] },
  };
}

async function accepted(to: string) {
  return (await sandbox.ledger()).filter((entry) => entry.to === to);
}

interface Webhook {
  entry: [{ changes: [{ value: { statuses: [{ status: string; biz_opaque_callback_data?: string }] } }] }];
}

function statusIn(body: string) {
  return (JSON.parse(body) as Webhook).entry[0].changes[0].value.statuses[0];
}

/** What the webhooks said of one attempt, in the order in which they came. */
async function statusesOf(token: string, count: number): Promise<unknown[]> {
  const mine = () =>
    receiver.received.map(({ body }) => statusIn(body)).filter((status) => status.biz_opaque_callback_data === token);
  await expect.poll(() => mine().length, { timeout: 10_000 }).toBe(count);
  return mine().map(({ status }) => status);
}

test("a message is accepted with a wamid, and stands in the ledger under it", async () => {
  const { status, body } = await send("353871234501", { token: "attempt-1" });

  expect(status).toBe(200);
  expect(body).toEqual({
    messaging_product: "whatsapp",
    contacts: [{ input: "353871234501", wa_id: "353871234501" }],
    messages: [{ id: expect.stringMatching(/^wamid\./) }],
  });
  expect(await accepted("353871234501")).toMatchObject([
    { channel: "whatsapp", token: "attempt-1", text: "Hello", providerMessageId: body.messages[0].id },
  ]);
});

test("a template shows its name and values", async () => {
  const parameters = [
    { type: "text", text: "Anna" },
    { type: "text", text: "31 October" },
  ];
  const template = { name: "due_soon", language: { code: "en" }, components: [{ type: "body", parameters }] };
  await send("353871234502", { body: { type: "template", template } });
  expect(await accepted("353871234502")).toMatchObject([{ text: "[due_soon]\nAnna\n31 October" }]);
});

test("a call without a token, or with a message that is none, is refused in Meta's words", async () => {
  expect(await send("353871234503", { headers: { authorization: "" } })).toMatchObject({
    status: 401,
    body: { error: { code: 190 } },
  });
  expect(await send("353871234503", { body: { text: {} } })).toMatchObject({
    status: 400,
    body: { error: { code: 100 } },
  });
  expect(await accepted("353871234503")).toEqual([]);
});

test.each([
  ["15005550001", 400, 131026],
  ["15005550002", 400, 131056],
  ["15005550003", 429, 130429],
  ["15005550008", 500, 131000],
])("%s is answered with %d and code %d, and not accepted", async (to, status, code) => {
  expect(await send(to)).toMatchObject({ status, body: { error: { code, type: "OAuthException" } } });
  expect(await accepted(to)).toEqual([]);
});

test("a throttled call is told when to come again", async () => {
  expect((await send("15005550003")).headers["retry-after"]).toBe("2");
});

test("hang and drop before accept nothing; accept then drop does", async () => {
  await sandbox.script("whatsapp", "353871234504", { then: "hang", hangMs: 50 });
  for (const to of ["353871234504", "15005550005", "15005550007"])
    await expect(send(to)).rejects.toThrow("other side closed");
  expect(await accepted("353871234504")).toEqual([]);
  expect(await accepted("15005550005")).toEqual([]);
  expect(await accepted("15005550007")).toHaveLength(1);
});

test("status webhooks are signed over their raw body, and carry the opaque data (S53)", async () => {
  const { body: answer } = await send("353871234505", { token: "signed" });
  expect(await statusesOf("signed", 3)).toEqual(["sent", "delivered", "read"]);

  const webhook = receiver.received.find(({ body }) => body.includes('"signed"'))!;
  const signature = createHmac("sha256", number.appSecret).update(webhook.body).digest("hex");
  expect(webhook.headers["x-hub-signature-256"]).toBe(`sha256=${signature}`);
  expect(JSON.parse(webhook.body)).toMatchObject({
    object: "whatsapp_business_account",
    entry: [{ changes: [{ field: "messages", value: { metadata: { phone_number_id: number.phoneNumberId } } }] }],
  });
  expect(webhook.body).toContain(answer.messages[0].id);
});

test.each([
  [{ callbacks: "repeated" }, ["sent", "sent", "sent", "delivered", "delivered", "delivered", "read", "read", "read"]],
  [{ callbacks: "shuffled" }, ["read", "delivered", "sent"]],
  [{ final: "undelivered" }, ["sent", "failed"]],
] as const)("with %j the webhooks tell %j", async (script, expected) => {
  const token = JSON.stringify(script);
  await sandbox.script("whatsapp", "353871234506", script);
  await send("353871234506", { token });
  expect(await statusesOf(token, expected.length)).toEqual(expected);
});

test("with callbacks off the message is read and nobody is told", async () => {
  await send("15005550010", { token: "untold" });
  await expect.poll(async () => (await accepted("15005550010"))[0]?.status).toBe("read");
  expect(receiver.received.filter(({ body }) => body.includes("untold"))).toEqual([]);
});

test("a webhook that was not taken comes again until it is", async () => {
  const busy = await givenCallbackReceiver([503, 404]);
  const other = await givenSandbox({ whatsapp: { ...number, callbackUrl: busy.url } });
  await other.script("whatsapp", "353871234507", { final: "sent" });
  const message = { messaging_product: "whatsapp", to: "353871234507", text: { body: "Hello" } };
  await fetch(`${other.url}/v21.0/${number.phoneNumberId}/messages`, {
    method: "POST",
    headers: { authorization: "Bearer test" },
    body: JSON.stringify(message),
  });

  const [first, second, third] = await busy.waitFor(3);

  expect([first, second, third].map((callback) => statusIn(callback!.body).status)).toEqual(["sent", "sent", "sent"]);
  await other.close();
  busy.close();
});
