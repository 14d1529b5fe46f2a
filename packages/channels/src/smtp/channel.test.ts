import { createServer, type AddressInfo, type Socket } from "node:net";
import { createInterface } from "node:readline";
import { simpleParser } from "mailparser";
import { afterEach, describe, expect, test } from "vitest";
import type { OutboundMessage } from "../channel.ts";
import { createSmtpChannel } from "./channel.ts";

/** A reply per command (or at "connect", or at the "dot" that ends a message); null for silence, undefined to hang up. */
type Script = Record<string, string | null | undefined>;

const polite: Script = {
  connect: "220 mail.example",
  EHLO: "250-mail.example\r\n250 PIPELINING",
  MAIL: "250 ok",
  RCPT: "250 ok",
  DATA: "354 go on",
  dot: "250 2.0.0 queued",
  RSET: "250 ok",
  QUIT: "221 bye",
};

const opened: { close(): Promise<void> }[] = [];
afterEach(async () => {
  await Promise.all(opened.splice(0).map((each) => each.close()));
});

describe("where the conversation ends decides what a failure means", () => {
  test.each<[string, Script, object]>([
    ["hangs up before its greeting", { connect: undefined }, { kind: "throttled", code: "unreachable" }],
    ["is not in service", { connect: "554 no service" }, { kind: "throttled", code: "smtp/554" }],
    ["is about to stop", { connect: "421 4.3.2 going down" }, { kind: "throttled", code: "smtp/421/4.3.2" }],
    ["hangs up on the sender", { MAIL: undefined }, { kind: "throttled", code: "unreachable" }],
    ["wants a login", { MAIL: "530 5.7.0 log in" }, { kind: "throttled", code: "smtp/530/5.7.0" }],
    ["refuses the sender", { MAIL: "550 5.7.1 not you" }, { kind: "refused", code: "smtp/550/5.7.1" }],
    ["does not know the address", { RCPT: "550 5.1.1 unknown" }, { kind: "refused", code: "smtp/550/5.1.1" }],
    ["gives no enhanced code", { RCPT: "550 unknown" }, { kind: "refused", code: "smtp/550" }],
    ["says the mailbox is full", { RCPT: "552 5.2.2 full" }, { kind: "throttled", code: "smtp/552/5.2.2" }],
    ["asks to come again", { RCPT: "450 4.2.0 greylisted" }, { kind: "throttled", code: "smtp/450/4.2.0" }],
    ["hangs up on DATA", { DATA: undefined }, { kind: "throttled", code: "unreachable" }],
    ["refuses the message at its end", { dot: "554 5.7.1 spam" }, { kind: "refused", code: "smtp/554/5.7.1" }],
    ["defers the message at its end", { dot: "451 4.3.0 later" }, { kind: "throttled", code: "smtp/451/4.3.0" }],
    ["stops at the message's end", { dot: "421 4.3.2 bye" }, { kind: "throttled", code: "smtp/421/4.3.2" }],
    ["hangs up at the message's end", { dot: undefined }, { kind: "ambiguous" }],
    ["hangs up in the middle of its answer", { dot: "250-2.0.0 que" }, { kind: "ambiguous" }],
    ["says what is no answer", { dot: "hello" }, { kind: "ambiguous" }],
    ["answers out of turn", { dot: "354 go on" }, { kind: "ambiguous" }],
  ])("a server that %s (C8) (C9)", async (_name, script, expected) => {
    for (const pipelining of ["250 PIPELINING", "250 SIZE 1000000"]) {
      const { send } = await given({ EHLO: `250-mail.example\r\n${pipelining}`, ...script });

      expect(await send()).toMatchObject(expected);
    }
  });

  test("a login that is refused passes once someone mends it (C8)", async () => {
    const script = { EHLO: "250-mail.example\r\n250 AUTH PLAIN", AUTH: "535 5.7.8 wrong password" };
    const { send } = await given(script, { credentials: "app:wrong@" });

    expect(await send()).toMatchObject({ kind: "throttled", code: "smtp/535/5.7.8" });
  });

  test.each(["connect", "EHLO", "MAIL", "RCPT", "DATA"])(
    "silence after %s is throttled: no byte of the message was sent (C8)",
    async (command) => {
      const { send, bodies } = await given({ [command]: null }, { timeoutMs: 400 });

      expect(await send()).toMatchObject({ kind: "throttled", code: "unreachable" });
      expect(bodies).toEqual([]);
    },
  );
});

test("every attempt of a delivery has the same Message-ID, and names itself", async () => {
  const { send, bodies } = await given({});

  const results = [await send({ token: "attempt-1" }), await send({ token: "attempt-2" })];

  const mails = await Promise.all(bodies.map((body) => simpleParser(body)));
  const messageId = "<delivery-1@firm.example>";
  expect(results).toEqual([1, 2].map(() => ({ kind: "accepted", providerMessageId: messageId })));
  expect(mails.map((mail) => mail.messageId)).toEqual([messageId, messageId]);
  expect(mails.map((mail) => mail.headers.get("x-attempt"))).toEqual(["attempt-1", "attempt-2"]);
});

test("a client sees the business's name, the subject, and both parts", async () => {
  const { send, bodies } = await given({});

  await send();

  const mail = await simpleParser(bodies[0]!);
  expect(mail.from?.value).toEqual([{ name: "Bäckerei Groß", address: "reminders@firm.example" }]);
  expect(mail.subject).toBe("Rechnung für März");
  expect(mail.text).toBe(".Zahlen Sie bis Freitag, 80 €\n.\nDanke");
  expect(mail.html).toContain("80 €");
});

test("with a link to unsubscribe come the headers of one click, and the link at the end of both parts (D2, S70)", async () => {
  const { send, bodies } = await given({});
  const unsubscribeUrl = `https://reminders.example/u/${"a".repeat(86)}`;

  await send({ unsubscribeUrl, content: { ...message.content, html: "<body><p>80 €</p></body>" } });
  await send();

  const [mail, without] = await Promise.all(bodies.map((body) => simpleParser(body)));
  const raw = Object.fromEntries(mail!.headerLines.map(({ key, line }) => [key, line.replace(/\r\n\s+/g, " ")]));
  expect(raw["list-unsubscribe"]).toBe(`List-Unsubscribe: <${unsubscribeUrl}>`);
  expect(raw["list-unsubscribe-post"]).toBe("List-Unsubscribe-Post: List-Unsubscribe=One-Click");
  expect(mail!.text?.trimEnd().endsWith(unsubscribeUrl)).toBe(true);
  expect(mail!.html).toMatch(new RegExp(`<a href="${unsubscribeUrl}">.*</a></p></body>`));
  expect(without!.headers.has("list-unsubscribe")).toBe(false);
});

test("a due date comes as a calendar file, of which nothing gets into the headers (G5)", async () => {
  const { send, bodies } = await given({});
  const calendar = "BEGIN:VCALENDAR\r\nMETHOD:PUBLISH\r\n\r\nBcc: thief@evil.example\r\n.\r\nEND:VCALENDAR\r\n";

  await send({ calendar });
  await send();

  const [mail, without] = await Promise.all(bodies.map((body) => simpleParser(body)));
  const files = mail!.attachments.map(({ contentType, filename }) => `${contentType} ${filename}`);
  expect(files).toContain("application/ics due-date.ics");
  expect(mail!.attachments.map(({ content }) => content.toString())).toEqual(files.map(() => calendar));
  expect(mail!.headers.has("bcc")).toBe(false);
  expect([mail!.text, mail!.html]).toEqual([without!.text, without!.html]);
  expect(without!.attachments).toEqual([]);
});

test("an address that looks like several is one recipient, or none", async () => {
  const { send, commands } = await given({});

  await send({ to: "anna@client.example, thief@evil.example" });

  expect(commands.filter((command) => command.startsWith("RCPT")).length).toBeLessThanOrEqual(1);
});

test.each(["to", "senderName", "token", "deliveryId", "unsubscribeUrl"])(
  "a line break in %s is refused before anything is sent",
  async (field) => {
    const { send, commands } = await given({});

    expect(await send({ [field]: "a\r\nBcc: thief@evil.example" })).toMatchObject({
      kind: "refused",
      code: "smtp/header",
    });
    expect(commands).toEqual([]);
  },
);

test("messages share a connection, and one that the server closed meanwhile is replaced", async () => {
  const { send, sockets } = await given({});
  await send();
  await send();
  expect(sockets).toHaveLength(1);

  sockets[0]!.destroy();

  expect(await send()).toMatchObject({ kind: "accepted" });
});

test("a refused message does not spoil the connection for the next one", async () => {
  const script: Script = { RCPT: "550 5.1.1 unknown" };
  const { send, sockets } = await given(script);
  await send();
  script["RCPT"] = "250 ok";

  expect(await send()).toMatchObject({ kind: "accepted" });
  expect(sockets[0]!.destroyed).toBe(false);
});

async function given(script: Script, { timeoutMs = 10_000, credentials = "" } = {}) {
  const server = await startScripted(script);
  const url = `smtp://${credentials}127.0.0.1:${server.port}`;
  const channel = createSmtpChannel({ url, from: "reminders@firm.example", timeoutMs });
  opened.push(channel, server);
  const send = (over: Partial<OutboundMessage> = {}) =>
    channel.send({ ...message, ...over }, new AbortController().signal);
  return { ...server, send };
}

const message: OutboundMessage = {
  deliveryId: "delivery-1",
  token: "attempt-1",
  to: "anna@client.example",
  senderName: "Bäckerei Groß",
  content: {
    subject: "Rechnung für März",
    text: ".Zahlen Sie bis Freitag, 80 €\n.\nDanke",
    html: "<p>Zahlen Sie bis Freitag, 80 €</p>",
  },
};

async function startScripted(script: Script) {
  const sockets: Socket[] = [];
  const commands: string[] = [];
  const bodies: string[] = [];
  const server = createServer((socket) => {
    sockets.push(socket.on("error", () => {}));
    answer(socket, "connect");
    let body: string[] | undefined;
    createInterface(socket).on("line", (line) => {
      if (body && line !== ".") return void body.push(line.replace(/^\.\./, "."));
      if (body) {
        bodies.push(body.join("\r\n"));
        body = undefined;
        return answer(socket, "dot");
      }
      commands.push(line);
      const command = line.slice(0, 4).toUpperCase();
      if (command === "DATA" && replyTo("DATA")?.startsWith("354")) body = [];
      answer(socket, command);
    });
  });

  const replyTo = (step: string) => (step in script ? script[step] : polite[step]);
  function answer(socket: Socket, step: string): void {
    const reply = replyTo(step);
    if (reply === undefined || step === "QUIT") socket.end();
    else if (reply !== null && socket.writable) socket.write(`${reply}\r\n`);
    if (step === "dot" && reply?.startsWith("250-")) socket.end();
  }

  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const close = () =>
    new Promise<void>((resolve) => {
      for (const socket of sockets) socket.destroy();
      server.close(() => resolve());
    });
  return { port: (server.address() as AddressInfo).port, sockets, commands, bodies, close };
}
