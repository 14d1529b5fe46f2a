import { checklistStates, documentDirections, documentStates } from "@reminder-app/db/schema/documents";
import { z } from "zod";
import { instant } from "../schemas.ts";
import { linkSchema } from "./links.ts";

export const documentSchema = z.object({
  id: z.uuid(),
  clientId: z.uuid(),
  assignmentId: z.uuid().nullable(),
  itemId: z.uuid().nullable().describe("The line of the assignment's checklist that it came for"),
  direction: z.enum(documentDirections),
  name: z.string(),
  mediaType: z.string().describe("By what is in it, not by what its sender says"),
  bytes: z.int(),
  sha256: z.string().nullable().describe("Of its content, in hexadecimal"),
  state: z.enum(documentStates).describe("Only what is ready can be read; an infected one was never kept"),
  uploadedBy: z.string().describe("member:…, key:… or link:…"),
  createdAt: instant,
  updatedAt: instant,
  deletedAt: instant.nullable(),
});

export const storedDocumentsSchema = z.object({ items: z.array(documentSchema) });

export const checklistItemSchema = z.object({
  id: z.uuid(),
  position: z.int(),
  label: z.string(),
  state: z.enum(checklistStates).describe("The client is asked for what is missing or rejected"),
  reason: z.string().nullable().describe("Why it was rejected, as the client is told"),
  documents: z.array(documentSchema).describe("What came for it, the newest first"),
  createdAt: instant,
  updatedAt: instant,
});

export const checklistSchema = z.object({ items: z.array(checklistItemSchema) });

export const documentLinkSchema = linkSchema.extend({
  url: z.url().describe("Opens this document without a password; it is told here and never again"),
});
