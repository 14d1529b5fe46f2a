import { createTransport, type SentMessageInfo } from "nodemailer";
import { afterAll, beforeAll, expect, test } from "vitest";
import { givenSandbox } from "./given-sandbox.ts";

let sandbox: Awaited<ReturnType<typeof givenSandbox>>;
const closing: (() => void)[] = [];

beforeAll(async () => {
  sandbox = await givenSandbox();
});
afterAll(async () => {
  for (const close of closing) close();
  await sandbox.close();
});

const mail = {
  from: "Northwind <office@northwind.example>",
  subject: "Füllig",
  text: "Dear Anna",
  html: "<p>Dear Anna</p>",
};

function send(
  to: string,
  options: { socketTimeout?: number; headers?: Record<string, string> } = {},
): Promise<SentMessageInfo> {
  const { hostname: host, port } = new URL(sandbox.smtpUrl);
  const auth = { user: "anyone", pass: "anything" };
  const transport = createTransport({ host, port: Number(port), auth, socketTimeout: options.socketTimeout ?? 10_000 });
  closing.push(() => transport.close());
  return transport.sendMail({ ...mail, to, headers: options.headers ?? {} });
}

async function accepted(to: string) {
  return (await sandbox.ledger()).filter((entry) => entry.to === to);
}

test("an accepted mail stands in the ledger with its token, Message-ID and both parts", async () => {
  const info = await send("anna@example.com", { headers: { "X-Attempt": "attempt-1" } });

  const [entry] = await accepted("anna@example.com");
  expect(entry).toMatchObject({
    channel: "email",
    provider: "smtp",
    from: "office@northwind.example",
    token: "attempt-1",
    messageId: info.messageId,
    subject: "Füllig",
    text: expect.stringContaining("Dear Anna"),
    html: expect.stringContaining("<p>Dear Anna</p>"),
    status: "delivered",
  });
  expect(info.response).toContain(entry?.providerMessageId);
});

test.each([
  ["refuse", 550, "5.1.1"],
  ["refuse-for-now", 450, "4.2.1"],
  ["throttle", 451, "4.7.1"],
  ["server-error", 451, "4.3.0"],
])("%s@ is answered with %d %s and not accepted", async (name, responseCode, enhanced) => {
  await expect(send(`${name}+mail@example.com`)).rejects.toMatchObject({
    responseCode,
    message: expect.stringContaining(enhanced),
  });
  expect(await accepted(`${name}+mail@example.com`)).toEqual([]);
});

test("a mail that is dropped before acceptance is not in the ledger, one dropped after is", async () => {
  await expect(send("drop-before@example.com")).rejects.toThrow("closed");
  await expect(send("accept-then-drop@example.com")).rejects.toThrow("closed");

  expect(await accepted("drop-before@example.com")).toEqual([]);
  expect(await accepted("accept-then-drop@example.com")).toHaveLength(1);
});

test("a server that hangs says nothing after the dot and accepts nothing", async () => {
  await expect(send("hang@example.com", { socketTimeout: 300 })).rejects.toMatchObject({ code: "ETIMEDOUT" });
  expect(await accepted("hang@example.com")).toEqual([]);
});

test("a server that hung hangs up after hangMs", async () => {
  await sandbox.script("email", "patient@example.com", { outcomes: ["hang"], hangMs: 50 });
  await expect(send("patient@example.com")).rejects.toThrow("closed");
});

test("scripted outcomes are used up one by one, then `then` holds", async () => {
  await sandbox.script("email", "Bruno@Example.com", {
    outcomes: ["refuse_for_now", "accept"],
    then: "refuse",
    code: "5.7.1",
  });

  await expect(send("bruno@example.com")).rejects.toMatchObject({ responseCode: 450 });
  await send("bruno@example.com");
  await expect(send("bruno@example.com")).rejects.toThrow("5.7.1");
  expect(await accepted("bruno@example.com")).toHaveLength(1);
});

test("an address that fails once accepts the second try", async () => {
  await expect(send("throttle-once+a@example.com")).rejects.toMatchObject({ responseCode: 451 });
  await send("throttle-once+a@example.com");
  expect(await accepted("throttle-once+a@example.com")).toHaveLength(1);
});
