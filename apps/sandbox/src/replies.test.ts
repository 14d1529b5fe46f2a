import { createHmac } from "node:crypto";
import { createServer } from "node:http";
import { createLogger } from "@reminder-app/platform/log";
import { createTransport } from "nodemailer";
import twilio from "twilio";
import { expect, test } from "vitest";
import { createCallbackClient } from "./callback-client.ts";
import { account, givenCallbackReceiver, givenSandbox, number } from "./given-sandbox.ts";
import { listenOn } from "./http-server.ts";

const client = "+353871234601";

test("a client's SMS reaches the product signed so that the SDK's own validator believes it (S72)", async () => {
  const receiver = await givenCallbackReceiver();
  const inboundUrl = `${receiver.url}/webhooks/twilio/inbound`;
  const sandbox = await givenSandbox({ twilio: { ...account, inboundUrl } });

  const answer = await sandbox.call("POST", "/sandbox/reply", { channel: "sms", from: client, text: "Stop & go" });

  expect(await answer.json()).toEqual({ status: 200 });
  const [received] = await receiver.waitFor(1);
  const params = Object.fromEntries(new URLSearchParams(received!.body));
  expect(params).toMatchObject({ From: client, Body: "Stop & go", AccountSid: account.accountSid });
  const signature = String(received!.headers["x-twilio-signature"]);
  expect(twilio.validateRequest(account.authToken, signature, inboundUrl, params)).toBe(true);
  await sandbox.close();
  receiver.close();
});

test("what the product answers to an SMS in TwiML is sent to the client (S72)", async () => {
  const server = createServer((_req, res) =>
    res.end("<Response><Message>Reply STOP &amp; it stops.</Message></Response>"),
  );
  const port = await listenOn(server, { host: "127.0.0.1", port: 0 });
  const sandbox = await givenSandbox({ twilio: { ...account, inboundUrl: `http://127.0.0.1:${port}/` } });

  const answer = await sandbox.call("POST", "/sandbox/reply", { channel: "sms", from: client, text: "help" });

  expect(await answer.json()).toEqual({ status: 200, answer: "Reply STOP & it stops." });
  expect(await sandbox.ledger()).toMatchObject([{ channel: "sms", to: client, text: "Reply STOP & it stops." }]);
  await sandbox.close();
  server.close();
});

test("a client's WhatsApp message comes as Meta's signed webhook (S72, S53)", async () => {
  const receiver = await givenCallbackReceiver();
  const sandbox = await givenSandbox({ whatsapp: { ...number, callbackUrl: receiver.url } });

  await sandbox.call("POST", "/sandbox/reply", { channel: "whatsapp", from: client, text: "STOP" });

  const [received] = await receiver.waitFor(1);
  const value = JSON.parse(received!.body).entry[0].changes[0].value;
  expect(value.metadata.phone_number_id).toBe(number.phoneNumberId);
  expect(value.messages).toMatchObject([{ from: client.slice(1), type: "text", text: { body: "STOP" } }]);
  const signature = createHmac("sha256", number.appSecret).update(received!.body).digest("hex");
  expect(received!.headers["x-hub-signature-256"]).toBe(`sha256=${signature}`);
  await sandbox.close();
  receiver.close();
});

test("an answer that nobody would hear is refused, and so is one by email", async () => {
  const sandbox = await givenSandbox();
  const refused = await sandbox.call("POST", "/sandbox/reply", { channel: "sms", from: client, text: "STOP" });
  expect([refused.status, await refused.text()]).toEqual([422, expect.stringContaining("SANDBOX_TWILIO_INBOUND_URL")]);
  const byEmail = await sandbox.call("POST", "/sandbox/reply", { channel: "email", from: client, text: "STOP" });
  expect(byEmail.status).toBe(422);
  await sandbox.close();
});

test("a product that does not answer is told by status 0", async () => {
  const log = createLogger({ app: "test", level: "silent" });
  const callbacks = createCallbackClient(log);
  expect(await callbacks.ask("http://127.0.0.1:1/", { body: "", headers: {} })).toEqual({ status: 0, text: "" });
  await callbacks.close();
});

test("the headers by which one unsubscribes from a mail are shown (D2)", async () => {
  const sandbox = await givenSandbox();
  const { hostname: host, port } = new URL(sandbox.smtpUrl);
  const headers = {
    "List-Unsubscribe": "<https://a.example/u/x>",
    "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
  };
  const mail = { from: "a@example.com", to: "b@example.com", subject: "Hi", text: "Hi", headers };
  await createTransport({ host, port: Number(port) }).sendMail(mail);

  expect(await sandbox.ledger()).toMatchObject([
    { listUnsubscribe: "<https://a.example/u/x>", listUnsubscribePost: "List-Unsubscribe=One-Click" },
  ]);
  await sandbox.close();
});
