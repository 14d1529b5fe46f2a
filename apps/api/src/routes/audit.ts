import type { AuditEvent } from "@reminder-app/core/audit/audit.repo";
import { AuditFilterQuery, PageAuditQuery, pageAudit } from "@reminder-app/core/audit/page-audit";
import { allPages } from "@reminder-app/core/page";
import { csvTable } from "../http/csv-table.ts";
import { endpoint } from "../http/endpoint.ts";
import { pageOf } from "../schemas.ts";
import { auditEventSchema } from "../schemas/audit.ts";

const tag = "Audit";

export const auditRoutes = [
  endpoint({
    method: "get",
    path: "/v1/audit",
    operationId: "listAuditEvents",
    summary: "What members and keys did, the newest first",
    tag,
    access: "admin",
    scope: "audit:read",
    query: PageAuditQuery,
    answer: { status: 200, schema: pageOf(auditEventSchema) },
    handle: async ({ ctx, query }) => ({ body: await pageAudit(ctx, query) }),
  }),
  endpoint({
    method: "get",
    path: "/v1/audit/export",
    operationId: "exportAuditEvents",
    summary: "The same as CSV, without end",
    tag,
    access: "admin",
    scope: "audit:read",
    query: AuditFilterQuery,
    answer: { status: 200, media: "text/csv" },
    async handle({ ctx, query }) {
      const pages = allPages((at) => pageAudit(ctx, { ...query, ...at }));
      return { download: { fileName: "audit.csv", text: csvTable(columns, readable(pages)) } };
    },
  }),
];

const columns = ["at", "actor", "action", "entityId", "details", "requestId", "seq", "id"] as const;

async function* readable(pages: AsyncIterable<readonly AuditEvent[]>) {
  for await (const events of pages) yield events.map((event) => ({ ...event, details: flat(event.details) }));
}

/** Details as `name: value; …`, which a person can read in a cell. */
function flat(details: AuditEvent["details"]): string {
  return Object.entries(details)
    .map(([name, value]) => `${name}: ${typeof value === "string" ? value : JSON.stringify(value)}`)
    .join("; ");
}
