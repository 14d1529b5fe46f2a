import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, test } from "vitest";
import { createTwilioChannel } from "./channel.ts";

const ACCOUNT = "AC00000000000000000000000000000000";
const message = {
  deliveryId: "delivery-1",
  token: "attempt-1",
  to: "+442079460958",
  senderName: "Bäckerei Groß",
  content: { subject: "Rechnung", text: "80 € & mehr, bis Freitag", html: "" },
};

const opened: { close(): Promise<void> }[] = [];
afterEach(async () => {
  await Promise.all(opened.splice(0).map((each) => each.close()));
});

test("the request is Twilio's own form, with a status callback that names the attempt", async () => {
  const { send, requests } = await given({ status: 201, body: { sid: "SM1" } });

  expect(await send()).toEqual({ kind: "accepted", providerMessageId: "SM1" });
  expect(requests).toEqual([
    {
      method: "POST",
      url: `/mirror/2010-04-01/Accounts/${ACCOUNT}/Messages.json`,
      authorization: `Basic ${Buffer.from(`${ACCOUNT}:secret`).toString("base64")}`,
      form: {
        To: "+442079460958",
        From: "+15005550006",
        Body: "80 € & mehr, bis Freitag",
        StatusCallback: "https://reminders.example/webhooks/twilio/status/attempt-1",
      },
    },
  ]);
});

describe("what Twilio's answer means", () => {
  const error = (code: number) => ({ code, message: `Error ${code}`, more_info: "", status: 400 });
  test.each<[string, Reply, object]>([
    ["400 for a number that is none", { status: 400, body: error(21211) }, { kind: "refused", code: "twilio/21211" }],
    ["400 after a STOP", { status: 400, body: error(21610) }, { kind: "refused", code: "twilio/21610" }],
    ["400 for a full queue", { status: 400, body: error(21611) }, { kind: "throttled", code: "twilio/21611" }],
    ["400 from a proxy", { status: 400, body: "<h1>Bad</h1>" }, { kind: "throttled", code: "twilio/400" }],
    ["401", { status: 401, body: error(20003) }, { kind: "throttled", code: "twilio/20003" }],
    ["403", { status: 403, body: error(20005) }, { kind: "throttled", code: "twilio/20005" }],
    ["404", { status: 404, body: error(20404) }, { kind: "throttled", code: "twilio/20404" }],
    ["429", { status: 429, body: "" }, { kind: "throttled", code: "twilio/429" }],
    ["302", { status: 302, body: "" }, { kind: "ambiguous" }],
    ["500", { status: 500, body: error(20500) }, { kind: "ambiguous" }],
    ["503 from a balancer", { status: 503, body: "busy" }, { kind: "ambiguous" }],
    ["201 that cannot be read", { status: 201, body: '{"sid": "SM' }, { kind: "ambiguous" }],
    ["201 that is no object", { status: 201, body: "null" }, { kind: "ambiguous" }],
    ["201 without an id", { status: 201, body: {} }, { kind: "ambiguous" }],
  ])("%s (C8) (C9)", async (_name, reply, expected) => {
    const { send, requests } = await given(reply);

    expect(await send()).toMatchObject(expected);
    expect(requests).toHaveLength(1);
  });

  test("Retry-After may be a date", async () => {
    const retryAt = new Date(Math.ceil(Date.now() / 1_000) * 1_000 + 60_000);
    const { send } = await given({ status: 429, body: "", headers: { "retry-after": retryAt.toUTCString() } });

    expect(await send()).toMatchObject({ kind: "throttled", retryAt });
  });
});

describe("Twilio can be asked what it sent", () => {
  const listed = (sid: string, over: object = {}) => ({
    sid,
    body: message.content.text,
    status: "delivered",
    date_created: "Fri, 27 Mar 2026 12:00:05 +0000",
    date_sent: "Fri, 27 Mar 2026 12:00:06 +0000",
    ...over,
  });
  const query = { to: message.to, text: message.content.text, sentAfter: new Date("2026-03-27T12:00:05.900Z") };

  test("messages with the same text since then are found (C9)", async () => {
    const messages = [
      listed("SM1"),
      listed("SM2", { body: "something else" }),
      listed("SM3", { date_sent: "Fri, 27 Mar 2026 11:59:59 +0000" }),
      listed("SM4", { date_sent: null, status: "queued" }),
    ];
    const { find, requests } = await given({ status: 200, body: { messages, page: 0, next_page_uri: null } });

    expect(await find(query)).toEqual([
      { providerMessageId: "SM1", sentAt: new Date("2026-03-27T12:00:06Z") },
      { providerMessageId: "SM4", sentAt: new Date("2026-03-27T12:00:05Z") },
    ]);
    const { searchParams } = new URL(requests[0]!.url, "http://twilio.example");
    expect(Object.fromEntries(searchParams)).toEqual({
      To: "+442079460958",
      From: "+15005550006",
      "DateSent>": "2026-03-27T12:00:05Z",
      PageSize: "1000",
    });
  });

  test("an answer that is none is not taken for 'nothing was sent' (C9)", async () => {
    for (const reply of [
      { status: 500, body: "" },
      { status: 200, body: "<html>" },
      { status: 401, body: {} },
    ]) {
      const { find } = await given(reply);

      await expect(find(query)).rejects.toThrow();
    }
  });
});

interface Reply {
  readonly status: number;
  readonly body: object | string;
  readonly headers?: Record<string, string>;
}

async function given({ status, body, headers }: Reply) {
  const requests: { method: string; url: string; authorization: string; form: Record<string, string> }[] = [];
  const respond = async (req: IncomingMessage, res: ServerResponse) => {
    const form = Object.fromEntries(new URLSearchParams((await req.setEncoding("utf8").toArray()).join("")));
    requests.push({ method: req.method!, url: req.url!, authorization: req.headers.authorization!, form });
    res.writeHead(status, headers).end(typeof body === "string" ? body : JSON.stringify(body));
  };
  const server = createServer((req, res) => void respond(req, res));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const channel = createTwilioChannel({
    accountSid: ACCOUNT,
    authToken: "secret",
    from: "+15005550006",
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/mirror/`,
    publicUrl: "https://reminders.example/",
    timeoutMs: 10_000,
  });
  opened.push({
    close: async () => {
      await channel.close();
      server.closeAllConnections();
      server.close();
    },
  });
  const { signal } = new AbortController();
  return {
    requests,
    send: () => channel.send(message, signal),
    find: (query: Parameters<NonNullable<typeof channel.findSent>>[0]) => channel.findSent!(query, signal),
  };
}
