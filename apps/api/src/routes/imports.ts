import { cancelImport } from "@reminder-app/core/imports/cancel-import";
import { RunImportInput, SaveMappingInput, StartImportQuery } from "@reminder-app/core/imports/import-options";
import { ImportErrorsQuery, exportImportErrors, pageImportErrors } from "@reminder-app/core/imports/page-import-errors";
import { getImport, pageImports } from "@reminder-app/core/imports/page-imports";
import { pageMappings, removeMapping, saveMapping } from "@reminder-app/core/imports/save-mapping";
import { type StartedImport, runAgain, startImport } from "@reminder-app/core/imports/start-import";
import type { Ctx } from "@reminder-app/core/ctx";
import { PageQuery } from "@reminder-app/core/page";
import type { ImportKind } from "@reminder-app/db/schema/imports";
import type { Id } from "@reminder-app/platform/ids";
import { enqueueImports } from "@reminder-app/queues/enqueue";
import { csvLine } from "../http/csv.ts";
import { type Reply, endpoint } from "../http/endpoint.ts";
import { requireScope } from "../http/policy.ts";
import { pageOf } from "../schemas.ts";
import { importErrorsSchema, importMappingSchema, importSchema, startedImportSchema } from "../schemas/imports.ts";

const one = "/v1/imports/:importId";
const about = { tag: "Imports", access: "staff", scope: "clients:write", allClients: true } as const;
const importOf = (params: Readonly<Record<string, Id<never>>>) => params["importId"] as Id<"Import">;

export const importRoutes = [
  endpoint({
    method: "post",
    path: "/v1/imports",
    operationId: "startImport",
    summary: "Take in a CSV file, the body, and read it in the background; only checked unless dryRun is false",
    ...about,
    upload: "text/csv",
    query: StartImportQuery,
    example:
      "name,code,email,phone,country,tags\nRosewood Bakery Ltd,C-1042,ada@rosewood.example,020 7946 0101,GB,vat\n",
    answer: { status: 201, schema: startedImportSchema },
    async handle({ ctx, deps, query, req }) {
      requireKind(ctx, query.kind);
      return started(ctx.businessId, await startImport(ctx, query, { files: deps.files, content: req }));
    },
  }),
  endpoint({
    method: "get",
    path: "/v1/imports",
    operationId: "listImports",
    summary: "Files that were taken in, the newest first",
    ...about,
    query: PageQuery,
    answer: { status: 200, schema: pageOf(importSchema) },
    handle: async ({ ctx, query }) => ({ body: await pageImports(ctx, query) }),
  }),
  endpoint({
    method: "get",
    path: one,
    operationId: "getImport",
    summary: "How far an import is, and what became of its rows",
    ...about,
    answer: { status: 200, schema: importSchema },
    handle: async ({ ctx, params }) => ({ body: await getImport(ctx, importOf(params)) }),
  }),
  endpoint({
    method: "post",
    path: `${one}/run`,
    operationId: "runImport",
    summary: "Read the file of an import once more: in earnest after a dry run, or by another mapping",
    ...about,
    idempotent: true,
    body: RunImportInput,
    example: { dryRun: false },
    answer: { status: 201, schema: startedImportSchema },
    async handle({ ctx, deps, params, body }) {
      const { kind } = await getImport(ctx, importOf(params));
      requireKind(ctx, kind);
      return started(ctx.businessId, await runAgain(ctx, importOf(params), { ...body, files: deps.files }));
    },
  }),
  endpoint({
    method: "post",
    path: `${one}/cancel`,
    operationId: "cancelImport",
    summary: "Stop an import; the rows that are done stay",
    ...about,
    answer: { status: 200, schema: importSchema },
    handle: async ({ ctx, params }) => ({ body: await cancelImport(ctx, importOf(params)) }),
  }),
  endpoint({
    method: "get",
    path: `${one}/errors`,
    operationId: "listImportErrors",
    summary: "Rows that were refused, and why",
    ...about,
    query: ImportErrorsQuery,
    answer: { status: 200, schema: importErrorsSchema },
    handle: async ({ ctx, params, query }) => ({ body: await pageImportErrors(ctx, importOf(params), query) }),
  }),
  endpoint({
    method: "get",
    path: `${one}/errors/export`,
    operationId: "exportImportErrors",
    summary: "The refused rows as they stood in the file, with the reasons, as CSV",
    ...about,
    answer: { status: 200, media: "text/csv" },
    async handle({ ctx, deps, params }) {
      const pages = await exportImportErrors(ctx, importOf(params), deps.files);
      return { download: { fileName: "refused.csv", text: toCsv(pages) } };
    },
  }),
  endpoint({
    method: "get",
    path: "/v1/import-mappings",
    operationId: "listImportMappings",
    summary: "Mappings that were kept to be used again",
    ...about,
    query: PageQuery,
    answer: { status: 200, schema: pageOf(importMappingSchema) },
    handle: async ({ ctx, query }) => ({ body: await pageMappings(ctx, query) }),
  }),
  endpoint({
    method: "put",
    path: "/v1/import-mappings",
    operationId: "saveImportMapping",
    summary: "Keep a mapping to be used again; one of the same kind and name is replaced",
    ...about,
    body: SaveMappingInput,
    example: {
      kind: "clients",
      name: "Practice software",
      mapping: { name: "Client", externalId: "Code", email: "E-mail" },
    },
    answer: { status: 201, schema: importMappingSchema },
    handle: async ({ ctx, body }) => ({ body: await saveMapping(ctx, body) }),
  }),
  endpoint({
    method: "delete",
    path: "/v1/import-mappings/:importMappingId",
    operationId: "removeImportMapping",
    summary: "Remove a kept mapping",
    ...about,
    answer: { status: 204 },
    async handle({ ctx, params }) {
      await removeMapping(ctx, params["importMappingId"] as Id<"ImportMapping">);
      return {};
    },
  }),
];

/** A statement pays what clients owe. */
function requireKind(ctx: Ctx, kind: ImportKind): void {
  if (kind === "bank") requireScope(ctx, "payments:write");
}

function started(businessId: Id<"Business">, body: StartedImport): Reply {
  return {
    body,
    location: `/v1/imports/${body.id}`,
    afterCommit: (producer) => enqueueImports(producer, [{ businessId, importId: body.id }]),
  };
}

async function* toCsv(pages: AsyncIterable<readonly (readonly string[])[]>): AsyncGenerator<string> {
  for await (const lines of pages) yield lines.map((line) => csvLine(line)).join("");
}
