import { CreateApiKeyInput, createApiKey } from "@reminder-app/core/api-keys/create-api-key";
import { pageApiKeys } from "@reminder-app/core/api-keys/page-api-keys";
import { revokeApiKey } from "@reminder-app/core/api-keys/revoke-api-key";
import { PageQuery } from "@reminder-app/core/page";
import type { Id } from "@reminder-app/platform/ids";
import { endpoint } from "../http/endpoint.ts";
import { pageOf } from "../schemas.ts";
import { apiKeySchema, newApiKeySchema } from "../schemas/api-keys.ts";

const tag = "API keys";

export const apiKeyRoutes = [
  endpoint({
    method: "post",
    path: "/v1/api-keys",
    operationId: "createApiKey",
    summary: "Make an API key; this answer alone shows it",
    tag,
    access: "admin",
    scope: "members",
    recent: true,
    body: CreateApiKeyInput,
    example: {
      name: "Bookkeeping import",
      role: "staff",
      scopes: ["clients:read", "clients:write"],
      expiresInDays: 90,
    },
    answer: { status: 201, schema: newApiKeySchema },
    handle: async ({ ctx, body }) => ({ body: await createApiKey(ctx, body) }),
  }),
  endpoint({
    method: "get",
    path: "/v1/api-keys",
    operationId: "listApiKeys",
    summary: "The API keys, also those that have ended, the newest first",
    tag,
    access: "admin",
    scope: "members",
    query: PageQuery,
    answer: { status: 200, schema: pageOf(apiKeySchema) },
    handle: async ({ ctx, query }) => ({ body: await pageApiKeys(ctx, query) }),
  }),
  endpoint({
    method: "delete",
    path: "/v1/api-keys/:keyId",
    operationId: "revokeApiKey",
    summary: "Revoke an API key; within a second it opens nothing any more",
    tag,
    access: "admin",
    scope: "members",
    answer: { status: 204 },
    async handle({ ctx, params }) {
      await revokeApiKey(ctx, params["keyId"] as Id<"ApiKey">);
      return {};
    },
  }),
];
