import { linkPurposes, linkUses } from "@reminder-app/db/schema/documents";
import { z } from "zod";
import { instant } from "../schemas.ts";

export const linkSchema = z.object({
  id: z.uuid(),
  purpose: z.enum(linkPurposes).describe("What it opens; it opens nothing else"),
  clientId: z.uuid(),
  contactId: z.uuid().nullable().describe("Whom it was given to; staff handed it over when null"),
  documentId: z.uuid().nullable(),
  expiresAt: instant,
  revokedAt: instant.nullable(),
  createdAt: instant,
});

export const madeLinkSchema = linkSchema.extend({
  url: z.url().describe("Opens the client's page without a password; it is told here and never again"),
});

export const linkVisitSchema = z.object({
  id: z.uuid(),
  use: z.enum(linkUses).describe("That it was opened means nothing more: mail programs open links"),
  about: z.string().nullable().describe("What was answered, or which document it was about"),
  network: z.string().nullable().describe("The same for the same network; which one it is, is not kept"),
  createdAt: instant,
});

export const revokedLinksSchema = z.object({ revoked: z.int().describe("How many links there were") });
