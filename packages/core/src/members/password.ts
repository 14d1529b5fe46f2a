import { argon2, randomBytes, timingSafeEqual } from "node:crypto";
import { promisify } from "node:util";
import { AppError } from "@reminder-app/platform/errors";
import { createGate } from "./gate.ts";

const derive = promisify(argon2);
/** OWASP's minimum for argon2id: 19 MiB, two passes, one lane. */
const COST = { memory: 19_456, passes: 2, parallelism: 1 } as const;
const TAG_BYTES = 32;

const gate = createGate({
  atOnce: 2,
  waiting: 32,
  whenFull: () => new AppError("busy", "Too many sign-ins at this moment; try again in a few seconds"),
});

/** Hash a password with argon2id, in PHC string form. Throws `busy` when too many are being hashed. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(16);
  const tag = await tagOf(password, salt);
  return `$argon2id$v=19$m=${COST.memory},t=${COST.passes},p=${COST.parallelism}$${base64(salt)}$${base64(tag)}`;
}

/** Whether `password` belongs to `stored`. Without `stored` it takes as long and answers false. */
export async function passwordMatches(password: string, stored: string | undefined): Promise<boolean> {
  const [, , , , salt, tag] = (stored ?? NOBODY).split("$");
  const derived = await tagOf(password, Buffer.from(salt ?? "", "base64"));
  const expected = Buffer.from(tag ?? "", "base64");
  return derived.length === expected.length && timingSafeEqual(derived, expected) && stored !== undefined;
}

const NOBODY = `$argon2id$v=19$m=19456,t=2,p=1$${base64(Buffer.alloc(16))}$${base64(Buffer.alloc(TAG_BYTES))}`;

function tagOf(password: string, salt: Buffer): Promise<Buffer> {
  return gate(() =>
    derive("argon2id", { message: password.normalize("NFKC"), nonce: salt, tagLength: TAG_BYTES, ...COST }),
  );
}

function base64(bytes: Buffer): string {
  return bytes.toString("base64").replace(/=+$/, "");
}
