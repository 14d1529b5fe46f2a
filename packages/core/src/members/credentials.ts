import { z } from "zod";

const LEAST = 15;
const MOST = 128;
const common = new Set([
  "password123",
  "12345678901",
  "qwertyuiop1",
  "reminderapp",
  "administrator",
  "passwordpassword",
]);

/** An address to sign in with; its domain is compared without regard to case. */
export const emailSchema = z
  .email("must be an e-mail address")
  .max(254)
  .transform((address) => {
    const at = address.lastIndexOf("@");
    return address.slice(0, at) + address.slice(at).toLowerCase();
  });

/** 15 to 128 characters, whatever they are (NIST 800-63B: length matters, composition does not). */
export const passwordSchema = z
  .string()
  .transform((password) => password.normalize("NFKC"))
  .refine((password) => codePoints(password) >= LEAST, `must have at least ${LEAST} characters`)
  .refine((password) => codePoints(password) <= MOST, `must have at most ${MOST} characters`)
  .refine((password) => !common.has(password.toLowerCase()), "is too common; choose another");

/** How an address is found again: the case of the whole address is ignored. */
export function emailLookup(email: string): string {
  return email.toLowerCase();
}

function codePoints(text: string): number {
  return Array.from(text).length;
}
