import type { AuditEvent } from "@reminder-app/core/audit/audit.repo";
import { AuditFilterQuery, PageAuditQuery, exportAudit, pageAudit } from "@reminder-app/core/audit/page-audit";
import { csvLine } from "../http/csv.ts";
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
    handle: async ({ ctx, query }) => ({
      download: { fileName: "audit.csv", text: toCsv(exportAudit(ctx, query)) },
    }),
  }),
];

async function* toCsv(pages: AsyncIterable<readonly AuditEvent[]>): AsyncGenerator<string> {
  let head = csvLine(["at", "actor", "action", "entityId", "details", "requestId", "seq", "id"]);
  for await (const events of pages) {
    yield head + events.map(toLine).join("");
    head = "";
  }
}

function toLine({ at, actor, action, entityId, details, requestId, seq, id }: AuditEvent): string {
  return csvLine([at.toISOString(), actor, action, entityId, flat(details), requestId, seq, id]);
}

/** Details as `name: value; …`, which a person can read in a cell. */
function flat(details: AuditEvent["details"]): string {
  return Object.entries(details)
    .map(([name, value]) => `${name}: ${typeof value === "string" ? value : JSON.stringify(value)}`)
    .join("; ");
}
