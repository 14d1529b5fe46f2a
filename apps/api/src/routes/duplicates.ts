import { MergeClientInput, mergeClient } from "@reminder-app/core/duplicates/merge-client";
import { DuplicatesQuery, pageDuplicates } from "@reminder-app/core/duplicates/page-duplicates";
import type { Id } from "@reminder-app/platform/ids";
import { endpoint } from "../http/endpoint.ts";
import { duplicatesSchema, mergeSchema } from "../schemas/duplicates.ts";
import { resetTimer } from "./reset-timer.ts";

const tag = "Clients";

/** Before the routes of one client, whose path takes any word. */
export const duplicateRoutes = [
  endpoint({
    method: "get",
    path: "/v1/clients/duplicates",
    operationId: "listDuplicates",
    summary: "Pairs of clients that may be the same one: by address, external id or name",
    tag,
    access: "staff",
    scope: "clients:read",
    allClients: true,
    query: DuplicatesQuery,
    answer: { status: 200, schema: duplicatesSchema },
    handle: async ({ ctx, query }) => ({ body: await pageDuplicates(ctx, query) }),
  }),
  endpoint({
    method: "post",
    path: "/v1/clients/:clientId/merge",
    operationId: "mergeClient",
    summary: "Let a client that turned out to be this one be this one; its history stays, and is told with this one's",
    tag,
    access: "staff",
    scope: "clients:write",
    allClients: true,
    body: MergeClientInput,
    example: { from: "01980000-0000-7000-8000-000000000002", dryRun: true },
    answer: { status: 200, schema: mergeSchema },
    async handle({ ctx, params, body }) {
      const merged = await mergeClient(ctx, params["clientId"] as Id<"Client">, body);
      return {
        body: merged,
        afterCommit: async (producer) => {
          for (const id of merged.reminderIds) await resetTimer(ctx, id)(producer);
        },
      };
    },
  }),
];
