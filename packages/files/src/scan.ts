import { type Socket, connect } from "node:net";
import type { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { AppError } from "@reminder-app/platform/errors";
import type { Settings } from "@reminder-app/platform/settings";

/** Looks for viruses. */
export interface Scanner {
  /** The name of what was found; undefined for a clean file. Throws `provider_unavailable` where it could not be looked at. */
  scan(content: Readable): Promise<string | undefined>;
}

const TIMEOUT_MS = 20_000;
const MOST_REPLY = 1_000;
const END = Buffer.alloc(4);

/** The scanner that the settings name; undefined where nobody looks. */
export function createScanner(
  { CLAMD_URL }: Pick<Settings, "CLAMD_URL">,
  timeoutMs: number = TIMEOUT_MS,
): Scanner | undefined {
  if (CLAMD_URL === undefined) return undefined;
  const { hostname, port } = new URL(CLAMD_URL);
  return {
    async scan(content) {
      const reply = await ask({ host: hostname.replaceAll(/[[\]]/g, ""), port: Number(port), timeoutMs }, content);
      return verdictOf(reply);
    },
  };
}

/** clamd's INSTREAM: pieces with their lengths before them, an empty one at the end, and one line in answer. */
async function ask(
  { host, port, timeoutMs }: { host: string; port: number; timeoutMs: number },
  content: Readable,
): Promise<string> {
  const socket = connect({ host, port });
  const signal = AbortSignal.timeout(timeoutMs);
  const giveUp = () => socket.destroy(new Error("clamd did not answer in time"));
  signal.addEventListener("abort", giveUp, { once: true });
  try {
    const [reply] = await Promise.all([readReply(socket), pipeline(content, inPieces, socket, { end: false, signal })]);
    return reply;
  } catch (cause) {
    throw notChecked(cause);
  } finally {
    signal.removeEventListener("abort", giveUp);
    content.destroy();
    socket.destroy();
  }
}

async function* inPieces(content: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  yield Buffer.from("zINSTREAM\0");
  for await (const piece of content) {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(piece.length);
    yield Buffer.concat([length, piece]);
  }
  yield END;
}

async function readReply(socket: Socket): Promise<string> {
  let reply = "";
  for await (const chunk of socket) {
    reply += String(chunk);
    if (reply.includes("\0") || reply.length > MOST_REPLY) break;
  }
  return reply.replace(/\0.*$/s, "");
}

function verdictOf(reply: string): string | undefined {
  if (reply === "stream: OK") return undefined;
  const found = /^stream: (.+) FOUND$/.exec(reply)?.[1];
  if (found !== undefined) return found;
  throw notChecked(new Error(`clamd answered ${JSON.stringify(reply)}`));
}

function notChecked(cause: unknown): AppError {
  return new AppError("provider_unavailable", "The file could not be checked for viruses; send it again in a minute", {
    cause,
  });
}
