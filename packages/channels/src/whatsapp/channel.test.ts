import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, test } from "vitest";
import { createWhatsappChannel } from "./channel.ts";

const opened: { close(): Promise<void> }[] = [];
afterEach(async () => {
  await Promise.all(opened.splice(0).map((each) => each.close()));
});

test("the request is the Cloud API's own form, with the attempt's token as opaque data", async () => {
  const { send, requests } = await given(200, { messages: [{ id: "wamid.1", message_status: "accepted" }] });

  expect(await send()).toEqual({ kind: "accepted", providerMessageId: "wamid.1" });
  expect(requests).toEqual([
    {
      line: "POST /v23.0/1055/messages",
      authorization: "Bearer secret",
      body: {
        messaging_product: "whatsapp",
        recipient_type: "individual",
        to: "+442079460958",
        type: "text",
        text: { preview_url: false, body: 'Say "80 €"\nby Friday' },
        biz_opaque_callback_data: "attempt-1",
      },
    },
  ]);
});

describe("what the Cloud API's answer means", () => {
  const fault = (code: number) => ({ error: { code, message: `(#${code})`, type: "OAuthException", fbtrace_id: "A" } });
  const throttled = (code: number) => ({ kind: "throttled", code: `whatsapp/${code}` });
  test.each<[number, object | string, object]>([
    [400, fault(131026), { kind: "refused", code: "whatsapp/131026" }],
    [403, fault(131047), { kind: "refused", code: "whatsapp/131047" }],
    [400, fault(100), { kind: "refused", code: "whatsapp/100" }],
    [400, fault(130429), throttled(130429)],
    [400, fault(131056), throttled(131056)],
    [400, fault(80007), throttled(80007)],
    [400, fault(4), throttled(4)],
    [401, fault(190), throttled(190)],
    [400, fault(190), throttled(190)],
    [403, fault(368), throttled(368)],
    [404, fault(100), throttled(100)],
    [400, "<h1>Bad request</h1>", throttled(400)],
    [429, "", throttled(429)],
    [500, fault(131000), { kind: "ambiguous" }],
    [503, fault(2), { kind: "ambiguous" }],
    [200, '{"messages": [{"id', { kind: "ambiguous" }],
    [200, { messages: [] }, { kind: "ambiguous" }],
    [302, "", { kind: "ambiguous" }],
  ])("%i with %j (C8) (C9)", async (status, body, expected) => {
    const { send, requests } = await given(status, body);

    expect(await send()).toMatchObject(expected);
    expect(requests).toHaveLength(1);
  });

  test("the reason is the most precise one that it gives", async () => {
    const error = { code: 131026, message: "Message undeliverable", error_data: { details: "Not on WhatsApp" } };
    const { send } = await given(400, { error });

    expect(await send()).toMatchObject({ reason: "Not on WhatsApp" });
  });
});

async function given(status: number, reply: object | string) {
  const requests: object[] = [];
  const respond = async (req: IncomingMessage, res: ServerResponse) => {
    const body: unknown = JSON.parse((await req.setEncoding("utf8").toArray()).join(""));
    requests.push({ line: `${req.method} ${req.url}`, authorization: req.headers.authorization, body });
    res.writeHead(status).end(typeof reply === "string" ? reply : JSON.stringify(reply));
  };
  const server = createServer((req, res) => void respond(req, res));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v23.0`;
  const channel = createWhatsappChannel({ token: "secret", phoneNumberId: "1055", baseUrl, timeoutMs: 10_000 });
  opened.push({
    close: async () => {
      await channel.close();
      server.closeAllConnections();
      server.close();
    },
  });
  const content = { subject: "", text: 'Say "80 €"\nby Friday', html: "" };
  const message = { deliveryId: "delivery-1", token: "attempt-1", to: "+442079460958", senderName: "Groß", content };
  return { requests, send: () => channel.send(message, new AbortController().signal) };
}
