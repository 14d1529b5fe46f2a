import { randomBytes } from "node:crypto";
import { SMTPServer, type SMTPServerDataStream, type SMTPServerSession } from "smtp-server";
import type { Ledger } from "./ledger.ts";
import { readMailHeaders } from "./mail-headers.ts";
import type { Decision } from "./outcomes.ts";
import type { Scripts } from "./scripts.ts";
import type { Timers } from "./timers.ts";

interface SmtpDeps {
  readonly ledger: Ledger;
  readonly scripts: Scripts;
  readonly timers: Timers;
}

/** The mail server: plain, any login will do. Refusals come at RCPT, everything else after the dot, where it is hardest. */
export function createSmtpServer(deps: SmtpDeps): SMTPServer {
  const decisions = new WeakMap<object, Decision>();
  const server = new SMTPServer({
    authOptional: true,
    allowInsecureAuth: true,
    disabledCommands: ["STARTTLS"],
    disableReverseLookup: true,
    closeTimeout: 100,
    logger: false,
    banner: "Reminder App sandbox",
    onAuth: ({ username }, _session, callback) => callback(null, { user: username ?? "anyone" }),
    onRcptTo(recipient, _session, callback) {
      const decision = deps.scripts.decide("email", recipient.address);
      decisions.set(recipient, decision);
      callback(refusal(decision, recipient.address));
    },
    onData(stream, session, callback) {
      const decided = session.envelope.rcptTo.flatMap((recipient) => decisions.get(recipient) ?? []);
      void readAll(stream).then((raw) => {
        const decision = decided.find(({ outcome }) => outcome !== "accept");
        settle(server, { deps, session, raw, decision, callback });
      }, callback);
    },
  });
  // A connection that is cut, by the sandbox or by its client, is business as usual here.
  server.on("error", () => undefined);
  return server;
}

interface Settlement {
  readonly deps: SmtpDeps;
  readonly session: SMTPServerSession;
  readonly raw: Buffer;
  readonly decision: Decision | undefined;
  readonly callback: (error?: Error | null, message?: string) => void;
}

function settle(server: SMTPServer, { deps, session, raw, decision, callback }: Settlement): void {
  switch (decision?.outcome) {
    case "hang":
      deps.timers.after(decision.hangMs, () => cut(server, session));
      return;
    case "drop_before":
      cut(server, session);
      return;
    case "server_error":
      callback(smtpError(451, "4.3.0 Local error in processing"));
      return;
    case "accept_then_drop":
      record(deps.ledger, { session, raw });
      cut(server, session);
      return;
    default:
      callback(null, `Queued as ${record(deps.ledger, { session, raw })}`);
  }
}

function record(ledger: Ledger, { session, raw }: { session: SMTPServerSession; raw: Buffer }): string {
  const { messageId, attempt } = readMailHeaders(raw);
  const from = session.envelope.mailFrom ? session.envelope.mailFrom.address : "";
  const queueId = randomBytes(8).toString("hex");
  for (const [index, { address }] of session.envelope.rcptTo.entries()) {
    ledger.append({
      channel: "email",
      provider: "smtp",
      to: address,
      from,
      providerMessageId: index === 0 ? queueId : `${queueId}-${index}`,
      ...(attempt !== undefined && { token: attempt }),
      ...(messageId !== undefined && { messageId }),
      raw,
    });
  }
  return queueId;
}

/** Mail servers repeat the address in their refusals. */
function refusal({ outcome, code, retryAfterSeconds }: Decision, address: string): Error | null {
  switch (outcome) {
    case "refuse":
      return smtpError(550, `${code ?? "5.1.1"} <${address}>: The address does not take mail`);
    case "refuse_for_now":
      return smtpError(450, `4.2.1 <${address}>: The mailbox is busy, try again later`);
    case "throttle":
      return smtpError(451, `4.7.1 Too many messages, try again in ${retryAfterSeconds} seconds`);
    default:
      return null;
  }
}

function smtpError(responseCode: number, message: string): Error {
  return Object.assign(new Error(message), { responseCode });
}

function cut(server: SMTPServer, session: SMTPServerSession): void {
  for (const connection of server.connections) {
    if (connection.id === session.id) connection._socket.destroy();
  }
}

async function readAll(stream: SMTPServerDataStream): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks);
}
