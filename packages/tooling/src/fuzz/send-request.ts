import { connect } from "node:net";
import { Client } from "undici";

export interface Sent {
  readonly method: string;
  /** With its query, as it goes over the wire. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Buffer | undefined;
}

export interface Received {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
}

export interface Sender {
  /** Undefined: there was no answer within 20 s, or the connection broke twice. */
  send(request: Sent): Promise<Received | undefined>;
  /** Send these very bytes; undefined when the connection was closed without a word. */
  sendRaw(bytes: Buffer): Promise<Received | undefined>;
  close(): Promise<void>;
}

const PATIENCE_MS = 20_000;

/** One connection, which is kept open, and bare sockets for what no client would send. */
export function openSender(url: string): Sender {
  const client = new Client(url, { headersTimeout: PATIENCE_MS, bodyTimeout: PATIENCE_MS });
  const { hostname, port } = new URL(url);

  async function once({ method, path, headers, body }: Sent): Promise<Received> {
    const answer = await client.request({ method, path, headers, body: body ?? null });
    return {
      status: answer.statusCode,
      headers: Object.fromEntries(Object.entries(answer.headers).map(([name, value]) => [name, String(value)])),
      text: await answer.body.text(),
    };
  }

  return {
    // A server may close a kept connection at the very moment at which the next request is sent on it.
    send: (request) => once(request).catch(() => once(request).catch(() => undefined)),
    sendRaw: (bytes) => exchange({ hostname, port: Number(port), bytes }),
    close: () => client.close(),
  };
}

function exchange({ hostname, port, bytes }: { hostname: string; port: number; bytes: Buffer }) {
  return new Promise<Received | undefined>((resolve) => {
    const chunks: Buffer[] = [];
    const socket = connect(port, hostname);
    socket.setTimeout(PATIENCE_MS, () => socket.destroy());
    socket.on("data", (chunk: Buffer) => chunks.push(chunk));
    socket.on("error", () => {}); // it ends with "close" as well
    socket.on("close", () => resolve(parse(Buffer.concat(chunks).toString())));
    socket.write(bytes);
  });
}

function parse(answer: string): Received | undefined {
  const [head = "", ...rest] = answer.split("\r\n\r\n");
  const [first = "", ...lines] = head.split("\r\n");
  const status = Number(/^HTTP\/1\.1 (\d{3})/.exec(first)?.[1]);
  if (!status) return undefined;
  const headers = Object.fromEntries(
    lines.map((line) => {
      const colon = line.indexOf(":");
      return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
    }),
  );
  return { status, headers, text: rest.join("\r\n\r\n") };
}
