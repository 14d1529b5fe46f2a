import type { Readable } from "node:stream";
import type { FileStore } from "@reminder-app/files/file-store";
import { AppError, NotFoundError } from "@reminder-app/platform/errors";
import type { Id } from "@reminder-app/platform/ids";
import type { Ctx } from "../ctx.ts";
import { documentKey } from "./document-key.ts";
import { type Document, documentRepo } from "./documents.repo.ts";

/** A document, and its bytes to be read once. */
export interface OpenedDocument {
  readonly document: Document;
  readonly content: Readable;
}

/** Throws `not_found`, also for one whose bytes are still coming. */
export async function getDocument(ctx: Ctx, id: Id<"Document">): Promise<Document> {
  const document = await documentRepo(ctx).get(id);
  if (document.state === "storing") throw new NotFoundError("Document", id);
  return document;
}

/** Read a document. Throws `not_found`, and `conflict` for one that was deleted, or had a virus. */
export async function openDocument(ctx: Ctx, files: FileStore, id: Id<"Document">): Promise<OpenedDocument> {
  const document = await getDocument(ctx, id);
  if (document.state !== "ready")
    throw new AppError("conflict", `The document is ${document.state}; there is nothing to read`);
  return { document, content: await files.read(documentKey(document)) };
}
