import { z } from "zod";

const forbidden = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F]|\p{Surrogate}/u;
const lineBreak = /[\r\n]/;

/** A name or title on one line: no control characters, no line breaks that could become a header. */
export function line(max: number) {
  return z
    .string()
    .trim()
    .min(1, "must not be empty")
    .max(max, `must have at most ${max} characters`)
    .refine((value) => !forbidden.test(value) && !lineBreak.test(value), "must be one line without control characters");
}

/** Text of several lines without control characters. */
export function paragraph(max: number) {
  return z
    .string()
    .trim()
    .min(1, "must not be empty")
    .max(max, `must have at most ${max} characters`)
    .refine((value) => !forbidden.test(value), "must not contain control characters");
}

/** A BCP 47 language tag, such as `en-GB`. */
export const localeSchema = z
  .string()
  .max(35)
  .refine(isLocale, "must be a language tag such as en-GB")
  .transform((tag) => new Intl.Locale(tag).toString());

function isLocale(tag: string): boolean {
  try {
    return new Intl.Locale(tag).toString() !== "";
  } catch {
    return false;
  }
}
