import { createServer as createHttpServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { SMTPServer } from "smtp-server";
import { afterEach, describe, expect, test } from "vitest";
import type { Channel, OutboundMessage } from "./channel.ts";
import { createSmtpChannel } from "./smtp/channel.ts";
import { createTwilioChannel } from "./twilio/channel.ts";
import { createWhatsappChannel } from "./whatsapp/channel.ts";

/** What the provider does with the next messages. It has accepted whatever it counts in `accepted`. */
type Conduct = "accept" | "refuse" | "refuse for now" | "throttle" | "accept and drop" | "drop at once" | "hang";

interface Provider {
  readonly port: number;
  conduct: Conduct;
  /** Everything the provider read of the messages that it accepted. */
  readonly accepted: string[];
  close(): Promise<void>;
}

interface Subject {
  readonly startProvider: () => Promise<Provider>;
  readonly connect: (port: number, timeoutMs: number) => Channel;
  readonly to: string;
  readonly throttleCode: string;
  readonly hasRetryAfter: boolean;
}

const subjects: Record<string, Subject> = {
  email: {
    startProvider: startMailServer,
    connect: (port, timeoutMs) =>
      createSmtpChannel({ url: `smtp://127.0.0.1:${port}`, from: "reminders@firm.example", timeoutMs }),
    to: "anna@client.example",
    throttleCode: "smtp/421/4.7.0",
    hasRetryAfter: false,
  },
  sms: {
    startProvider: () =>
      startHttpProvider({
        accept: [201, { sid: "SM1", status: "queued" }],
        refuse: [400, { code: 21211, message: "Invalid 'To' Phone Number", status: 400 }],
        "refuse for now": [401, { code: 20003, message: "Authenticate", status: 401 }],
        throttle: [429, { code: 20429, message: "Too Many Requests", status: 429 }],
      }),
    connect: (port, timeoutMs) =>
      createTwilioChannel({
        accountSid: "AC00000000000000000000000000000000",
        authToken: "secret",
        from: "+15005550006",
        baseUrl: `http://127.0.0.1:${port}`,
        publicUrl: "https://reminders.example",
        timeoutMs,
      }),
    to: "+442079460958",
    throttleCode: "twilio/20429",
    hasRetryAfter: true,
  },
  whatsapp: {
    startProvider: () =>
      startHttpProvider({
        accept: [200, { messaging_product: "whatsapp", messages: [{ id: "wamid.1" }] }],
        refuse: [400, { error: { code: 131026, message: "Message undeliverable" } }],
        "refuse for now": [401, { error: { code: 190, message: "Access token has expired" } }],
        throttle: [429, { error: { code: 130429, message: "Rate limit hit" } }],
      }),
    connect: (port, timeoutMs) =>
      createWhatsappChannel({
        token: "secret",
        phoneNumberId: "1055",
        baseUrl: `http://127.0.0.1:${port}/v23.0`,
        timeoutMs,
      }),
    to: "+442079460958",
    throttleCode: "whatsapp/130429",
    hasRetryAfter: true,
  },
};

const opened: { close(): Promise<void> }[] = [];
afterEach(async () => {
  await Promise.all(opened.splice(0).map((each) => each.close()));
});

describe.each(Object.entries(subjects))("%s", (kind, subject) => {
  async function given(conduct: Conduct, timeoutMs = 10_000) {
    const provider = await subject.startProvider();
    provider.conduct = conduct;
    const channel = subject.connect(provider.port, timeoutMs);
    opened.push(channel, provider);
    const send = (over: Partial<OutboundMessage> = {}, signal = new AbortController().signal) =>
      channel.send({ ...aMessage(subject.to), ...over }, signal);
    return { provider, channel, send };
  }

  test("a message that the provider takes is accepted, under the provider's id (C1)", async () => {
    const { provider, send } = await given("accept");

    const result = await send();

    expect(result).toEqual({ kind: "accepted", providerMessageId: expect.stringMatching(/.+/) });
    expect(provider.accepted).toEqual([expect.stringContaining("attempt-1")]);
  });

  test("forty messages at once are all accepted, each once (C1)", async () => {
    const { provider, send } = await given("accept");

    const results = await Promise.all(Array.from({ length: 40 }, (_, n) => send({ deliveryId: `delivery-${n}` })));

    expect(results.filter(({ kind }) => kind === "accepted")).toHaveLength(40);
    expect(provider.accepted).toHaveLength(40);
  });

  test("what another try cannot help is refused, with the provider's code (C8)", async () => {
    const { provider, send } = await given("refuse");

    expect(await send()).toEqual({
      kind: "refused",
      code: expect.stringMatching(/^(smtp\/550\/5\.1\.1|twilio\/21211|whatsapp\/131026)$/),
      reason: expect.stringMatching(/.+/),
    });
    expect(provider.accepted).toEqual([]);
  });

  test("what passes is throttled, also a login that someone has to mend (C8)", async () => {
    const { send } = await given("refuse for now");

    expect(await send()).toMatchObject({
      kind: "throttled",
      code: expect.stringMatching(/^(smtp\/451|twilio\/20003|whatsapp\/190)$/),
    });
  });

  test("a provider that is too busy is left alone until the time it names (C8)", async () => {
    const { send } = await given("throttle");
    const before = Date.now();

    const result = await send();

    expect(result).toMatchObject({ kind: "throttled", code: subject.throttleCode });
    const retryAt = result.kind === "throttled" ? result.retryAt : undefined;
    expect(retryAt !== undefined && retryAt.getTime() >= before + 7_000).toBe(subject.hasRetryAfter);
  });

  test("a provider that is not there is throttled, for nothing was sent (C8)", async () => {
    const { provider, send } = await given("accept");
    await provider.close();

    expect(await send()).toMatchObject({ kind: "throttled", code: "unreachable" });
  });

  test("a message that was accepted but not answered for is ambiguous (C9)", async () => {
    const { provider, send } = await given("accept and drop");

    expect(await send()).toMatchObject({ kind: "ambiguous" });
    expect(provider.accepted).toHaveLength(1);
  });

  test("silence after the message was sent ends in an ambiguous outcome (C9)", async () => {
    const { send } = await given("hang", 600);

    expect(await send()).toMatchObject({ kind: "ambiguous" });
  });

  test("a call that is cancelled while the provider is silent is ambiguous (C9)", async () => {
    const { send } = await given("hang");

    expect(await send({}, AbortSignal.timeout(600))).toMatchObject({ kind: "ambiguous" });
  });

  test("a call that is cancelled before it began is throttled, and nothing is sent (C8)", async () => {
    const { provider, send } = await given("accept");

    expect(await send({}, AbortSignal.abort())).toMatchObject({ kind: "throttled", code: "unreachable" });
    expect(provider.accepted).toEqual([]);
  });

  test("a connection that is dropped does not spoil the next message (C8)", async () => {
    const { provider, send } = await given("drop at once");
    await send();
    provider.conduct = "accept";

    expect(await send()).toMatchObject({ kind: "accepted" });
  });

  test("nothing in a subject or a sender's name becomes a header (S34)", async () => {
    const { provider, send } = await given("accept");
    const evil = "Hello\r\nBcc: thief@evil.example\r\nX-Evil: 1";

    const results = [await send({ content: { subject: evil, text: "t", html: "" } }), await send({ senderName: evil })];

    const expected = kind === "email" ? { kind: "refused", code: "smtp/header" } : { kind: "accepted" };
    expect(results).toMatchObject([expected, expected]);
    for (const accepted of provider.accepted) expect(accepted).not.toMatch(/^(bcc|x-evil):/im);
  });
});

function aMessage(to: string): OutboundMessage {
  const content = { subject: "Your invoice", text: "Please pay by Friday.", html: "<p>Please pay by Friday.</p>" };
  return { deliveryId: "delivery-1", token: "attempt-1", to, senderName: "Bäckerei Groß", content };
}

type Replies = Record<"accept" | "refuse" | "refuse for now" | "throttle", [status: number, body: object]>;

async function startHttpProvider(replies: Replies): Promise<Provider> {
  const provider = { conduct: "accept" as Conduct, accepted: [] as string[] };
  const respond = async (req: IncomingMessage, res: ServerResponse) => {
    if (provider.conduct === "drop at once") return req.socket.destroy();
    const body = await req.setEncoding("utf8").toArray();
    const seen = `${req.rawHeaders.join("\n")}\n\n${body.join("")}`;
    switch (provider.conduct) {
      case "hang":
        return undefined;
      case "accept and drop":
        provider.accepted.push(seen);
        return req.socket.destroy();
      default: {
        const [status, reply] = replies[provider.conduct];
        if (status < 300) provider.accepted.push(seen);
        return res.writeHead(status, { "retry-after": status === 429 ? "7" : "" }).end(JSON.stringify(reply));
      }
    }
  };
  const server = createHttpServer((req, res) => void respond(req, res));
  return Object.assign(provider, await listening(server), { close: () => closing(server) });
}

async function startMailServer(): Promise<Provider> {
  const provider = { conduct: "accept" as Conduct, accepted: [] as string[] };
  const fault = (responseCode: number, message: string) => Object.assign(new Error(message), { responseCode });
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ["AUTH", "STARTTLS"],
    onMailFrom(_address, _session, done) {
      if (provider.conduct === "drop at once") return dropAll(server);
      done(provider.conduct === "throttle" ? fault(421, "4.7.0 Too many messages") : null);
    },
    onRcptTo(_address, _session, done) {
      if (provider.conduct === "refuse") return done(fault(550, "5.1.1 No such user"));
      done(provider.conduct === "refuse for now" ? fault(451, "Greylisted") : null);
    },
    async onData(stream, _session, done) {
      const body = await stream.setEncoding("utf8").toArray();
      if (provider.conduct === "hang") return;
      provider.accepted.push(body.join(""));
      if (provider.conduct === "accept and drop") dropAll(server);
      else done(null);
    },
  });
  server.on("error", () => {}); // dropped connections
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.server.address() as AddressInfo;
  return Object.assign(provider, {
    port,
    close: () =>
      new Promise<void>((resolve) => {
        dropAll(server);
        server.close(() => resolve());
      }),
  });
}

function dropAll(server: SMTPServer): void {
  for (const connection of server.connections)
    (connection as unknown as { _socket: { destroy(): void } })._socket.destroy();
}

async function listening(server: Server): Promise<{ port: number }> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { port: (server.address() as AddressInfo).port };
}

function closing(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(() => resolve()));
}
