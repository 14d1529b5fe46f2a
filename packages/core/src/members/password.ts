import { argon2, randomBytes, timingSafeEqual } from "node:crypto";
import { promisify } from "node:util";
import { AppError } from "@reminder-app/platform/errors";
import { createGate } from "./gate.ts";

const derive = promisify(argon2);

interface Cost {
  /** In KiB. */
  readonly memory: number;
  readonly passes: number;
  readonly parallelism: number;
}
/** OWASP's minimum for argon2id: 19 MiB, two passes, one lane. */
const COST: Cost = { memory: 19_456, passes: 2, parallelism: 1 };
const TAG_BYTES = 32;
const PHC = /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$([A-Za-z0-9+/]+)\$([A-Za-z0-9+/]+)$/;

const gate = createGate({
  atOnce: 2,
  waiting: 32,
  whenFull: () => new AppError("busy", "Too many sign-ins at this moment; try again in a few seconds"),
});

/** Hash a password with argon2id, in PHC string form. Throws `busy` when too many are being hashed. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(16);
  return toPhc(COST, salt, await tagOf(password, salt, COST));
}

/** Whether `password` belongs to `stored`, at the cost that it was stored with. Without `stored` it takes as long and answers false. */
export async function passwordMatches(password: string, stored: string | undefined): Promise<boolean> {
  const { salt, tag, ...cost } = parsePhc(stored ?? NOBODY);
  const derived = await tagOf(password, salt, cost);
  return derived.length === tag.length && timingSafeEqual(derived, tag) && stored !== undefined;
}

/** Whether a stored hash cost less than new ones do: the password is hashed again when it is next known. */
export function isOutdated(stored: string): boolean {
  const { memory, passes, parallelism } = parsePhc(stored);
  return memory < COST.memory || passes < COST.passes || parallelism < COST.parallelism;
}

const NOBODY = toPhc(COST, Buffer.alloc(16), Buffer.alloc(TAG_BYTES));

function tagOf(password: string, salt: Buffer, cost: Cost): Promise<Buffer> {
  return gate(() =>
    derive("argon2id", { message: password.normalize("NFKC"), nonce: salt, tagLength: TAG_BYTES, ...cost }),
  );
}

function toPhc({ memory, passes, parallelism }: Cost, salt: Buffer, tag: Buffer): string {
  return `$argon2id$v=19$m=${memory},t=${passes},p=${parallelism}$${base64(salt)}$${base64(tag)}`;
}

function parsePhc(stored: string): Cost & { readonly salt: Buffer; readonly tag: Buffer } {
  const [, memory, passes, parallelism, salt, tag] = PHC.exec(stored) ?? [];
  if (salt === undefined || tag === undefined) throw new TypeError("The stored password hash is not argon2id's");
  return {
    memory: Number(memory),
    passes: Number(passes),
    parallelism: Number(parallelism),
    salt: Buffer.from(salt, "base64"),
    tag: Buffer.from(tag, "base64"),
  };
}

function base64(bytes: Buffer): string {
  return bytes.toString("base64").replace(/=+$/, "");
}
