import { EraseClientInput, eraseClient } from "@reminder-app/core/privacy/erase-client";
import { exportClient } from "@reminder-app/core/privacy/export-client";
import type { Id } from "@reminder-app/platform/ids";
import { endpoint } from "../http/endpoint.ts";
import { erasureSchema } from "../schemas/privacy.ts";

const tag = "Clients";

export const privacyRoutes = [
  endpoint({
    method: "get",
    path: "/v1/clients/:clientId/export",
    operationId: "exportClient",
    summary: "All that is kept about a client, as one JSON document",
    tag,
    access: "admin",
    scope: "clients:read",
    answer: { status: 200, media: "application/json" },
    handle: async ({ ctx, params }) => {
      const clientId = params["clientId"] as Id<"Client">;
      return { download: { fileName: `client-${clientId}.json`, text: await exportClient(ctx, clientId) } };
    },
  }),
  endpoint({
    method: "post",
    path: "/v1/clients/:clientId/erase",
    operationId: "eraseClient",
    summary: "Erase what is personal of a client, for good; or tell what that would be",
    tag,
    access: "admin",
    scope: "clients:write",
    body: EraseClientInput,
    example: { dryRun: true },
    answer: { status: 200, schema: erasureSchema },
    handle: async ({ ctx, params, body }) => ({
      body: await eraseClient(ctx, params["clientId"] as Id<"Client">, body),
    }),
  }),
];
