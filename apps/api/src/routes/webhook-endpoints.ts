import { ChangeEndpointInput, changeEndpoint } from "@reminder-app/core/webhooks/change-endpoint";
import { CreateEndpointInput, createEndpoint } from "@reminder-app/core/webhooks/create-endpoint";
import { getEndpoint, listEndpoints } from "@reminder-app/core/webhooks/list-endpoints";
import { PageCallsQuery, pageCalls } from "@reminder-app/core/webhooks/page-calls";
import { removeEndpoint } from "@reminder-app/core/webhooks/remove-endpoint";
import { replayCall } from "@reminder-app/core/webhooks/replay-call";
import { rotateEndpointSecret } from "@reminder-app/core/webhooks/rotate-endpoint-secret";
import { testEndpoint } from "@reminder-app/core/webhooks/test-endpoint";
import type { Ctx } from "@reminder-app/core/ctx";
import type { Id } from "@reminder-app/platform/ids";
import { enqueueWebhooks } from "@reminder-app/queues/enqueue";
import type { Producer } from "@reminder-app/queues/producer";
import { z } from "zod";
import { endpoint } from "../http/endpoint.ts";
import { pageOf } from "../schemas.ts";
import { callSchema, callWithTriesSchema, endpointSchema, endpointWithSecretSchema } from "../schemas/webhooks.ts";

const all = "/v1/webhook-endpoints";
const one = `${all}/:webhookEndpointId`;
const shared = { tag: "Webhooks", access: "admin", allClients: true } as const;
const reading = { ...shared, scope: "webhooks:read" } as const;
const writing = { ...shared, scope: "webhooks:write" } as const;
type Params = Readonly<Record<string, Id<never>>>;
const idOf = (params: Params) => params["webhookEndpointId"] as Id<"WebhookEndpoint">;

/** What waits goes at once; without Redis the sweep sees to it. */
const callNow =
  ({ businessId }: Ctx, params: Params) =>
  (producer: Producer) =>
    enqueueWebhooks(producer, [{ businessId, endpointId: idOf(params) }]);

export const webhookEndpointRoutes = [
  endpoint({
    ...writing,
    method: "post",
    path: all,
    operationId: "createWebhookEndpoint",
    summary: "Let a program of your own hear of events; the secret is shown this once",
    body: CreateEndpointInput,
    example: { url: "https://firm.example/hooks/reminders", events: ["delivery.failed", "assignment.done"] },
    answer: { status: 201, schema: endpointWithSecretSchema },
    async handle({ ctx, body, deps }) {
      const made = await createEndpoint(ctx, body, deps.webhookTargets);
      return { body: made, location: `${all}/${made.id}` };
    },
  }),
  endpoint({
    ...reading,
    method: "get",
    path: all,
    operationId: "listWebhookEndpoints",
    summary: "Your webhook endpoints, without their secrets",
    answer: { status: 200, schema: z.object({ items: z.array(endpointSchema) }) },
    handle: async ({ ctx }) => ({ body: await listEndpoints(ctx) }),
  }),
  endpoint({
    ...reading,
    method: "get",
    path: one,
    operationId: "getWebhookEndpoint",
    summary: "One webhook endpoint",
    answer: { status: 200, schema: endpointSchema },
    handle: async ({ ctx, params }) => ({ body: await getEndpoint(ctx, idOf(params)) }),
  }),
  endpoint({
    ...writing,
    method: "patch",
    path: one,
    operationId: "changeWebhookEndpoint",
    summary: "Change where a webhook endpoint is and what it hears of, pause it or let it go on",
    body: ChangeEndpointInput,
    example: { description: "The firm's own dashboard", state: "active" },
    answer: { status: 200, schema: endpointSchema },
    async handle({ ctx, params, body, deps }) {
      const changed = await changeEndpoint(ctx, { ...body, id: idOf(params), rules: deps.webhookTargets });
      return { body: changed, afterCommit: callNow(ctx, params) };
    },
  }),
  endpoint({
    ...writing,
    method: "delete",
    path: one,
    operationId: "removeWebhookEndpoint",
    summary: "Send nothing more to a webhook endpoint",
    answer: { status: 204 },
    async handle({ ctx, params }) {
      await removeEndpoint(ctx, idOf(params));
      return {};
    },
  }),
  endpoint({
    ...writing,
    method: "post",
    path: `${one}/rotate-secret`,
    operationId: "rotateWebhookSecret",
    summary: "Sign by a new secret, shown this once; the one before signs too for 24 hours",
    answer: { status: 200, schema: endpointWithSecretSchema },
    handle: async ({ ctx, params }) => ({ body: await rotateEndpointSecret(ctx, idOf(params)) }),
  }),
  endpoint({
    ...writing,
    method: "post",
    path: `${one}/test`,
    operationId: "testWebhookEndpoint",
    summary: "Send a webhook endpoint a ping; its log tells how that went",
    idempotent: true,
    answer: { status: 202, schema: callSchema },
    async handle({ ctx, params }) {
      return { body: await testEndpoint(ctx, idOf(params)), afterCommit: callNow(ctx, params) };
    },
  }),
  endpoint({
    ...reading,
    method: "get",
    path: `${one}/calls`,
    operationId: "listWebhookCalls",
    summary: "What a webhook endpoint was told, and how each try went, the newest first",
    query: PageCallsQuery,
    answer: { status: 200, schema: pageOf(callWithTriesSchema) },
    handle: async ({ ctx, params, query }) => ({ body: await pageCalls(ctx, idOf(params), query) }),
  }),
  endpoint({
    ...writing,
    method: "post",
    path: `${one}/calls/:webhookCallId/replay`,
    operationId: "replayWebhookCall",
    summary: "Tell a webhook endpoint the same event once more",
    idempotent: true,
    answer: { status: 202, schema: callSchema },
    async handle({ ctx, params }) {
      const callId = params["webhookCallId"] as Id<"WebhookCall">;
      const call = await replayCall(ctx, { endpointId: idOf(params), callId });
      return { body: call, afterCommit: callNow(ctx, params) };
    },
  }),
];
