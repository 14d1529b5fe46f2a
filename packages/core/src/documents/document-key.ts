import type { Document } from "./documents.repo.ts";

/** Under which key a document's bytes lie in the store. */
export function documentKey({ businessId, id }: Pick<Document, "businessId" | "id">): string {
  return `documents/${businessId}/${id}`;
}
