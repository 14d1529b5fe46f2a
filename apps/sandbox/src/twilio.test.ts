import twilio from "twilio";
import { afterAll, beforeAll, expect, test } from "vitest";
import { account, givenCallbackReceiver, givenSandbox } from "./given-sandbox.ts";

let sandbox: Awaited<ReturnType<typeof givenSandbox>>;
const from = "+15005550006";

beforeAll(async () => {
  sandbox = await givenSandbox();
});
afterAll(() => sandbox.close());

/** The SDK has no setting for another address, so the address is changed on the way out. */
function client({ authToken = account.authToken, timeout = 10_000 } = {}) {
  const http = new twilio.RequestClient({ timeout });
  const passOn = http.request.bind(http);
  http.request = ((options: Parameters<typeof passOn>[0]) =>
    passOn({ ...options, uri: options.uri.replace("https://api.twilio.com", sandbox.url) })) as typeof http.request;
  return twilio(account.accountSid, authToken, { httpClient: http });
}

async function accepted(to: string) {
  return (await sandbox.ledger()).filter((entry) => entry.to === to);
}

async function givenReceiver(statuses?: readonly number[]) {
  const receiver = await givenCallbackReceiver(statuses);
  return {
    ...receiver,
    statusesOf: async (count: number) =>
      (await receiver.waitFor(count)).map(({ body }) => new URLSearchParams(body).get("MessageStatus")),
  };
}

test("a message is accepted as queued, and stands in the ledger under its sid", async () => {
  const message = await client().messages.create({ to: "+353871234501", from, body: "Hello" });

  expect(message).toMatchObject({ status: "queued", to: "+353871234501", body: "Hello", errorCode: null });
  expect(await accepted("+353871234501")).toMatchObject([
    { channel: "sms", provider: "twilio", from, text: "Hello", providerMessageId: message.sid },
  ]);
});

test("a wrong auth token is refused with Twilio's 20003", async () => {
  const sending = client({ authToken: "wrong" }).messages.create({ to: "+353871234502", from, body: "Hello" });
  await expect(sending).rejects.toMatchObject({ status: 401, code: 20003 });
});

test("a message without a body is refused as Twilio does", async () => {
  await expect(client().messages.create({ to: "+353871234502", from })).rejects.toMatchObject({
    status: 400,
    code: 21602,
  });
});

test.each([
  ["+15005550001", 400, 21211],
  ["+15005550002", 429, 21611],
  ["+15005550003", 429, 20429],
  ["+15005550008", 500, 20500],
])("%s is answered with %d and code %d, and not accepted", async (to, status, code) => {
  await expect(client().messages.create({ to, from, body: "Hello" })).rejects.toMatchObject({ status, code });
  expect(await accepted(to)).toEqual([]);
});

test("a throttled call is told when to come again", async () => {
  await sandbox.script("sms", "+353871234503", { outcomes: ["throttle"], retryAfterSeconds: 7 });
  const authorization = `Basic ${btoa(`${account.accountSid}:${account.authToken}`)}`;
  const body = new URLSearchParams({ To: "+353871234503", From: from, Body: "Hello" });
  const url = `${sandbox.url}/2010-04-01/Accounts/${account.accountSid}/Messages.json`;

  const answer = await fetch(url, { method: "POST", headers: { authorization }, body });

  expect([answer.status, answer.headers.get("retry-after")]).toEqual([429, "7"]);
});

test("hang and drop before accept nothing; accept then drop does", async () => {
  await sandbox.script("sms", "+353871234504", { then: "hang", hangMs: 50 });
  for (const to of ["+353871234504", "+15005550005", "+15005550007"]) {
    await expect(client().messages.create({ to, from, body: "Hello" })).rejects.toThrow(/hang up|ECONNRESET/);
  }
  expect(await accepted("+353871234504")).toEqual([]);
  expect(await accepted("+15005550005")).toEqual([]);
  expect(await accepted("+15005550007")).toHaveLength(1);
});

test("messages can be asked for by number and time, page by page, and one by its sid", async () => {
  const to = "+353871234505";
  const before = new Date();
  for (const body of ["one", "two", "three"]) await client().messages.create({ to, from, body });

  const found = await client().messages.list({ to, from, dateSentAfter: before, pageSize: 2 });

  expect(found.map(({ body }) => body)).toEqual(["three", "two", "one"]);
  expect(await client().messages.list({ to, dateSentAfter: new Date(Date.now() + 5_000) })).toEqual([]);
  expect(await client().messages(found[0]!.sid).fetch()).toMatchObject({ sid: found[0]!.sid, body: "three" });
  await expect(
    client()
      .messages(`SM${"0".repeat(32)}`)
      .fetch(),
  ).rejects.toMatchObject({ status: 404, code: 20404 });
});

test("status callbacks are signed so that the SDK's own validator believes them (S52)", async () => {
  const receiver = await givenReceiver();
  const statusCallback = `${receiver.url}/webhooks/twilio/attempt-token?account=1`;

  await client().messages.create({ to: "+353871234506", from, body: "Hello", statusCallback });

  const callbacks = await receiver.waitFor(3);
  for (const { headers, body, path } of callbacks) {
    const params = Object.fromEntries(new URLSearchParams(body));
    const signature = String(headers["x-twilio-signature"]);
    expect(path).toBe("/webhooks/twilio/attempt-token?account=1");
    expect(twilio.validateRequest(account.authToken, signature, statusCallback, params)).toBe(true);
    expect(twilio.validateRequest("another", signature, statusCallback, params)).toBe(false);
  }
  expect(await receiver.statusesOf(3)).toEqual(["queued", "sent", "delivered"]);
  expect(await accepted("+353871234506")).toMatchObject([{ token: "attempt-token", status: "delivered" }]);
  receiver.close();
});

test.each([
  ["repeated", ["queued", "queued", "queued", "sent", "sent", "sent", "delivered", "delivered", "delivered"]],
  ["shuffled", ["delivered", "sent", "queued"]],
] as const)("callbacks can be %s", async (callbacks, expected) => {
  const receiver = await givenReceiver();
  await sandbox.script("sms", "+353871234507", { callbacks });

  await client().messages.create({ to: "+353871234507", from, body: "Hello", statusCallback: `${receiver.url}/t` });

  expect(await receiver.statusesOf(expected.length)).toEqual(expected);
  receiver.close();
});

test("late callbacks come after the message has its last status", async () => {
  const receiver = await givenReceiver();
  await sandbox.script("sms", "+353871234508", { callbacks: "late", callbackDelayMs: 1_500 });
  const { sid } = await client().messages.create({
    to: "+353871234508",
    from,
    body: "Hello",
    statusCallback: `${receiver.url}/t`,
  });

  await expect.poll(async () => (await client().messages(sid).fetch()).status).toBe("delivered");
  expect(receiver.received).toEqual([]);
  expect(await receiver.statusesOf(3)).toEqual(["queued", "sent", "delivered"]);
  receiver.close();
});

test("a callback that meets a broken server is tried again", async () => {
  const receiver = await givenReceiver([503]);
  await sandbox.script("sms", "+353871234509", { final: "sent" });

  await client().messages.create({ to: "+353871234509", from, body: "Hello", statusCallback: `${receiver.url}/t` });

  expect(await receiver.statusesOf(3)).toEqual(["queued", "sent", "queued"]);
  receiver.close();
});

test("a message may end undelivered, with the code of why", async () => {
  const receiver = await givenReceiver();
  const { sid } = await client().messages.create({
    to: "+15005550009",
    from,
    body: "Hello",
    statusCallback: `${receiver.url}/t`,
  });

  const last = new URLSearchParams((await receiver.waitFor(3))[2]!.body);

  expect([last.get("MessageStatus"), last.get("ErrorCode")]).toEqual(["undelivered", "30005"]);
  expect(await client().messages(sid).fetch()).toMatchObject({ status: "undelivered", errorCode: 30005 });
  receiver.close();
});
