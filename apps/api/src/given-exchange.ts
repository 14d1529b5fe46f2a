import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { connect } from "node:net";

export interface RawAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

/** What comes back for the very bytes that are sent; the connection has to end by itself. */
export async function exchange(port: number, ...lines: readonly string[]): Promise<RawAnswer> {
  const socket = connect(port, "127.0.0.1");
  const chunks: Buffer[] = [];
  socket.on("data", (chunk) => chunks.push(chunk));
  socket.write(lines.join("\r\n"));
  await once(socket, "close");
  return parseAnswer(Buffer.concat(chunks).toString());
}

export interface RawRequest {
  readonly method?: string;
  /** The request target as it stands in the first line. */
  readonly target: string;
  /** Host and whatever else, each as it is written. */
  readonly headers?: readonly string[];
  readonly body?: string;
}

/** A request whose every header is chosen, in HTTP/1.1. */
export function ask(port: number, { method = "GET", target, headers = [], body = "" }: RawRequest): Promise<RawAnswer> {
  const length = body === "" ? [] : [`Content-Length: ${Buffer.byteLength(body)}`];
  return exchange(port, `${method} ${target} HTTP/1.1`, ...headers, ...length, "Connection: close", "", body);
}

function parseAnswer(text: string): RawAnswer {
  const end = text.indexOf("\r\n\r\n");
  const [first = "", ...lines] = text.slice(0, end).split("\r\n");
  const headers = new Headers(
    lines.map((line): [string, string] => [line.slice(0, line.indexOf(":")), line.slice(line.indexOf(":") + 1).trim()]),
  );
  return { status: Number(first.split(" ")[1]), headers, text: text.slice(end + 4) };
}

const key = () => `1:${randomBytes(32).toString("base64")}`;
const secret = () => randomBytes(16).toString("hex");

/** Settings with which the API starts in production, over those of tests. */
export function productionSettings(): Record<string, string> {
  return {
    APP_ENV: "production",
    ABUSE_LIMITS: "1",
    PUBLIC_URL: "https://api.firms.test",
    PROXY_HOPS: "1",
    TOKEN_KEYS: key(),
    ENCRYPTION_KEYS: key(),
    LOOKUP_KEYS: key(),
    OPS_PASSWORD: secret(),
    OPS_TOTP_SECRET: "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567",
    TWILIO_AUTH_TOKEN: secret(),
    WHATSAPP_TOKEN: secret(),
    WHATSAPP_APP_SECRET: secret(),
    WHATSAPP_VERIFY_TOKEN: secret(),
    STRIPE_WEBHOOK_SECRET: secret(),
    STRIPE_BASE_URL: "https://stripe.test",
    FILES_S3_BUCKET: "clients-files",
  };
}

/** As the balancer passes a request on to production. */
export const overTls = ["Host: api.firms.test", "X-Forwarded-Proto: https"];
