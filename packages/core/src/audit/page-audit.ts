import type { Id } from "@reminder-app/platform/ids";
import { z } from "zod";
import { type Ctx, requireRole } from "../ctx.ts";
import { type Page, PageQuery, toPage } from "../page.ts";
import { type AuditEvent, auditRepo } from "./audit.repo.ts";

const instant = z.iso
  .datetime()
  .transform((text) => new Date(text))
  .optional();

export const AuditFilterQuery = z.strictObject({
  entityId: z
    .string()
    .regex(/^[0-9a-f-]{32,36}$/, "must be an id, as the trail names it")
    .optional()
    .describe("What it was done to"),
  action: z
    .string()
    .regex(/^[a-z_]{1,32}\.[a-z_]{1,31}$/, "must be an action such as client.changed")
    .optional(),
  actor: z
    .string()
    .regex(/^[a-z_]{1,16}:[\w-]{1,47}$/, "must be a kind and a name such as member:0190… or system:deliver")
    .optional(),
  from: instant.describe("At this instant or later"),
  before: instant.describe("Before this instant"),
});

export const PageAuditQuery = PageQuery.extend(AuditFilterQuery.shape);

/** What people and keys did, the newest first. */
export async function pageAudit(ctx: Ctx, query: z.output<typeof PageAuditQuery>): Promise<Page<AuditEvent>> {
  requireRole(ctx, "admin", "read the audit trail");
  const { limit, cursor, ...filter } = query;
  const rows = await auditRepo(ctx).page(filter, { limit, cursor: cursor as Id<"AuditEvent"> | undefined });
  return toPage(rows, limit);
}
