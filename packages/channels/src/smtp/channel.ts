import { createTransport } from "nodemailer";
import type { Channel, OutboundMessage, SendResult } from "../channel.ts";
import { watchBodies } from "./body-watch.ts";
import { classifyMailFailure } from "./classify.ts";
import { CONNECT_TIMEOUT_MS, openSocket } from "./open-socket.ts";
import { unsubscribeHeaders, withUnsubscribeLink } from "./unsubscribe.ts";

const CONNECTIONS = 15;
const MESSAGES_PER_CONNECTION = 1_000;
const IDLE_MS = 60_000;
/** A pooled connection that the server closed meanwhile is replaced, as long as no byte of the message went out. */
const STALE_CONNECTIONS = 2;

const FORBIDDEN_IN_HEADERS = /[\r\n\0]/;

interface SmtpOptions {
  /** smtp://user:password@host:port, or smtps:// */
  readonly url: string;
  /** The platform's sender address. */
  readonly from: string;
  /** Bounds a send, waiting for a connection included. */
  readonly timeoutMs: number;
  /** How connections are opened, where not every server may be reached. */
  readonly getSocket?: typeof openSocket;
  /** Rather fail than speak in clear. */
  readonly requireTls?: boolean;
}

/** Email over pooled SMTP. A server cannot be asked what it accepted, so all attempts carry one Message-ID. */
export function createSmtpChannel({ url, from, timeoutMs, ...options }: SmtpOptions): Channel {
  const transport = createTransport({
    url,
    pool: true,
    maxConnections: CONNECTIONS,
    maxMessages: MESSAGES_PER_CONNECTION,
    maxRequeues: STALE_CONNECTIONS,
    idleTimeout: IDLE_MS,
    connectionTimeout: CONNECT_TIMEOUT_MS,
    greetingTimeout: CONNECT_TIMEOUT_MS,
    socketTimeout: IDLE_MS,
    disableFileAccess: true,
    disableUrlAccess: true,
    getSocket: options.getSocket ?? openSocket,
    requireTLS: options.requireTls ?? false,
  });
  const bodies = watchBodies(transport);
  const domain = from.slice(from.lastIndexOf("@") + 1);

  async function deliver(message: OutboundMessage, signal: AbortSignal): Promise<SendResult> {
    const messageId = `<${message.deliveryId}@${domain}>`;
    try {
      await transport.sendMail({ ...toMail(message, from), messageId, signal });
      return { kind: "accepted", providerMessageId: messageId };
    } catch (error) {
      const bodyLeft = bodies.hasLeft(signal);
      if (error instanceof TypeError && !bodyLeft) throw error;
      return classifyMailFailure(error as Error, bodyLeft);
    }
  }

  return {
    kind: "email",
    provider: "smtp",
    unknownPolicy: "resend_once",
    wantsUnsubscribeUrl: true,

    async send(message, signal) {
      const { to, token, deliveryId, senderName, content, unsubscribeUrl = "" } = message;
      const inHeaders = [to, token, deliveryId, senderName, content.subject, unsubscribeUrl];
      if (inHeaders.some((value) => FORBIDDEN_IN_HEADERS.test(value))) {
        const reason = "A line break or NUL in the address, the sender's name or the subject";
        return { kind: "refused", code: "smtp/header", reason };
      }
      return withDeadline({ signal, timeoutMs }, (deadline) => deliver(message, deadline));
    },

    async close() {
      transport.close();
    },
  };
}

function toMail(message: OutboundMessage, from: string) {
  const { to, token, senderName, content: written, unsubscribeUrl, calendar } = message;
  const content = unsubscribeUrl === undefined ? written : withUnsubscribeLink(written, unsubscribeUrl);
  return {
    from: { name: senderName, address: from },
    // An object, for a text would be parsed and might name several.
    to: { name: "", address: to },
    subject: content.subject,
    text: content.text,
    ...(content.html && { html: content.html }),
    ...(calendar !== undefined && { icalEvent: { method: "PUBLISH", filename: "due-date.ics", content: calendar } }),
    textEncoding: "quoted-printable" as const,
    headers: { "X-Attempt": token, ...(unsubscribeUrl !== undefined && unsubscribeHeaders(unsubscribeUrl)) },
    xMailer: false as const,
  };
}

/** Runs `call` under a signal of its own, which aborts with the outer one or after `timeoutMs`. */
async function withDeadline<T>(
  { signal, timeoutMs }: { signal: AbortSignal; timeoutMs: number },
  call: (deadline: AbortSignal) => Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  const cancel = (): void => controller.abort(signal.reason);
  const timer = setTimeout(() => controller.abort(new Error(`No answer within ${timeoutMs} ms`)), timeoutMs);
  signal.addEventListener("abort", cancel, { once: true });
  if (signal.aborted) cancel();
  try {
    return await call(controller.signal);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", cancel);
  }
}
