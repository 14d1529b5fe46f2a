import { z } from "zod";
import { hasHiddenCharacters } from "./hidden-characters.ts";

const lineBreak = /[\r\n]/;

/** A name or title on one line: nothing hidden in it, no line breaks that could become a header. */
export function line(max: number) {
  return z
    .string()
    .trim()
    .min(1, "must not be empty")
    .max(max, `must have at most ${max} characters`)
    .refine(
      (value) => !hasHiddenCharacters(value) && !lineBreak.test(value),
      "must be one line without control characters",
    );
}

/** Text of several lines, nothing hidden in it. */
export function paragraph(max: number) {
  return z
    .string()
    .trim()
    .min(1, "must not be empty")
    .max(max, `must have at most ${max} characters`)
    .refine((value) => !hasHiddenCharacters(value), "must not contain control characters");
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
