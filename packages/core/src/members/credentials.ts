import { invalid } from "@reminder-app/platform/errors";
import { z } from "zod";
import { isGuessable, lengthOf } from "./guessable.ts";

const LEAST = 15;
const LEAST_WITH_SECOND_FACTOR = 8;
const MOST = 128;
/** In UTF-16 units as they are sent; what normalising composes is more before it. */
const MOST_SENT = 512;
const GUESSABLE =
  "is too easy to guess; choose one that is more than common words, runs of keys, and names or addresses of yours";

/** An address to sign in with; its domain is compared without regard to case. */
export const emailSchema = z
  .email("must be an e-mail address")
  .max(254)
  .transform((address) => {
    const at = address.lastIndexOf("@");
    return address.slice(0, at) + address.slice(at).toLowerCase();
  });

/**
 * A new password of 15 to 128 code points after NFKC, whatever they are, but not a guessable one (NIST 800-63B-4: length
 * matters, composition does not). Who knows its owner's names also calls {@link requireUnguessable}.
 */
export const passwordSchema = newPassword(LEAST);

/** The same from 8 code points on; {@link requireLongEnough} tells for whom. */
export const shortPasswordSchema = newPassword(LEAST_WITH_SECOND_FACTOR);

function newPassword(least: number) {
  return z
    .string()
    .max(MOST_SENT, `must have at most ${MOST} characters`)
    .refine((password) => password.isWellFormed(), "must not contain half a character")
    .transform((password) => password.normalize("NFKC"))
    .refine((password) => lengthOf(password) >= least, `must have at least ${least} characters`)
    .refine((password) => lengthOf(password) <= MOST, `must have at most ${MOST} characters`)
    .refine((password) => !isGuessable(password, []), GUESSABLE);
}

/** Throws when a password is easily guessed by who knows its owner: their name, their address, their business. */
export function requireUnguessable(
  password: string,
  { email, names }: { readonly email: string; readonly names: readonly string[] },
): void {
  if (isGuessable(password, [...names, email.slice(0, email.lastIndexOf("@"))])) throw invalid("password", GUESSABLE);
}

/** Whether a password may stand without a second factor. */
export function isLongEnough(password: string): boolean {
  return lengthOf(password.normalize("NFKC")) >= LEAST;
}

/** Throws when a password has less than 15 code points and no second factor helps it. */
export function requireLongEnough(password: string, { hasSecondFactor }: { readonly hasSecondFactor: boolean }): void {
  if (hasSecondFactor || isLongEnough(password)) return;
  throw invalid("password", `must have at least ${LEAST} characters, as long as you have no second factor`);
}

/** How an address is found again: the case of the whole address is ignored. */
export function emailLookup(email: string): string {
  return email.toLowerCase();
}
