import { z } from "zod";
import { line } from "../texts.ts";

const MOST_TAGS = 50;

/** A word or two by which clients are grouped. */
export const tagSchema = line(60).transform((tag) => tag.normalize("NFC"));

export const tagListSchema = z
  .array(tagSchema)
  .max(MOST_TAGS)
  .refine((tags) => new Set(tags.map(tagKey)).size === tags.length, "names a tag twice; case makes no difference");

/** Tags as the database compares them: without regard to case and marks. */
export function tagKey(tag: string): string {
  return tag.normalize("NFKD").replaceAll(/\p{M}/gu, "").toLowerCase();
}
