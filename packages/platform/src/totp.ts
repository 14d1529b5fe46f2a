import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";

/** 160 bits, as long as the hash (RFC 4226, section 4, R6). */
const SECRET_BYTES = 20;
const STEP_SECONDS = 30;
const DIGITS = 6;
const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/** A new secret of 160 bits, in base32 as people type it into an authenticator. */
export function newTotpSecret(): string {
  return toBase32(randomBytes(SECRET_BYTES));
}

/** The URI that an authenticator reads from a QR code. */
export function totpUri({ secret, issuer, account }: { secret: string; issuer: string; account: string }): string {
  const label = `${encodeURIComponent(issuer)}:${encodeURIComponent(account)}`;
  return `otpauth://totp/${label}?secret=${secret}&issuer=${encodeURIComponent(issuer)}&digits=${DIGITS}&period=${STEP_SECONDS}`;
}

/** The code of `secret` at an instant: TOTP with SHA-1, six digits, steps of 30 s (RFC 6238). */
export function totpCode(secret: string, at: Date): string {
  return codeOfStep(fromBase32(secret), stepAt(at));
}

/**
 * The time step whose code `code` is, at most `window` steps before or after the instant `at`; undefined when it is none
 * of them. To let a code serve once, remember the step and refuse it and all steps before it (RFC 6238, section 5.2).
 */
export function matchTotp(
  secret: string,
  code: string,
  { at, window = 1 }: { at: Date; window?: number },
): number | undefined {
  const key = fromBase32(secret);
  const given = Buffer.from(code);
  let matched: number | undefined;
  // All steps are compared, so that the time taken does not tell which one it was.
  for (let step = stepAt(at) - window; step <= stepAt(at) + window; step += 1) {
    const expected = Buffer.from(codeOfStep(key, step));
    if (given.length === expected.length && timingSafeEqual(given, expected)) matched = step;
  }
  return matched;
}

/** RFC 4648's base32, without padding. */
export function toBase32(bytes: Buffer): string {
  let text = "";
  let bits = 0;
  let held = 0;
  for (const byte of bytes) {
    held = (held << 8) | byte;
    for (bits += 8; bits >= 5; bits -= 5) text += ALPHABET.charAt((held >> (bits - 5)) & 31);
    held &= (1 << bits) - 1;
  }
  return bits === 0 ? text : text + ALPHABET.charAt((held << (5 - bits)) & 31);
}

/** The bytes of a base32 text; case, spaces and padding do not matter. Throws a `TypeError` for any other character. */
export function fromBase32(text: string): Buffer {
  const bytes: number[] = [];
  let bits = 0;
  let held = 0;
  for (const character of text.toUpperCase().replaceAll(/[\s=]/g, "")) {
    const value = ALPHABET.indexOf(character);
    if (value === -1) throw new TypeError("Base32 has only the letters A to Z and the digits 2 to 7");
    held = (held << 5) | value;
    bits += 5;
    if (bits < 8) continue;
    bits -= 8;
    bytes.push(held >> bits);
    held &= (1 << bits) - 1;
  }
  return Buffer.from(bytes);
}

function stepAt(at: Date): number {
  return Math.floor(at.getTime() / 1_000 / STEP_SECONDS);
}

/** HOTP (RFC 4226, section 5.3): 31 bits of the HMAC, from where its last four bits point. */
function codeOfStep(key: Buffer, step: number): string {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(step));
  const mac = createHmac("sha1", key).update(counter).digest();
  const offset = mac.readUInt8(mac.length - 1) & 15;
  const number = mac.readUInt32BE(offset) & 0x7fffffff;
  return String(number % 10 ** DIGITS).padStart(DIGITS, "0");
}
