import { pauseBusiness, resumeBusiness } from "@reminder-app/core/businesses/pause-business";
import { pauseClient, resumeClient } from "@reminder-app/core/clients/pause-client";
import { PauseInput } from "@reminder-app/core/deliveries/pause-end";
import type { Id } from "@reminder-app/platform/ids";
import { endpoint } from "../http/endpoint.ts";
import { businessSchema, clientSchema } from "../schemas.ts";
import { pausedBusinessSchema, pausedClientSchema } from "../schemas/pauses.ts";

const client = "/v1/clients/:clientId";
const clientOf = (params: Readonly<Record<string, Id<never>>>) => params["clientId"] as Id<"Client">;
const example = { until: "2030-01-07" };

/** Pauses of a client, and of all that a business sends. Those of a reminder stand beside what else is done to it. */
export const pauseRoutes = [
  endpoint({
    method: "post",
    path: `${client}/pause`,
    operationId: "pauseClient",
    summary: "Send a client nothing until a moment, or until they are resumed",
    tag: "Clients",
    access: "staff",
    scope: "clients:write",
    body: PauseInput,
    example,
    answer: { status: 200, schema: pausedClientSchema },
    handle: async ({ ctx, params, body }) => ({ body: await pauseClient(ctx, clientOf(params), body) }),
  }),
  endpoint({
    method: "post",
    path: `${client}/resume`,
    operationId: "resumeClient",
    summary: "Remind a paused client again, from the next moment on",
    tag: "Clients",
    access: "staff",
    scope: "clients:write",
    answer: { status: 200, schema: clientSchema },
    handle: async ({ ctx, params }) => ({ body: await resumeClient(ctx, clientOf(params)) }),
  }),
  endpoint({
    method: "post",
    path: "/v1/business/pause",
    operationId: "pauseBusiness",
    summary: "Send nothing at all until a moment, or until it is resumed",
    tag: "Business",
    access: "admin",
    scope: "business:write",
    allClients: true,
    body: PauseInput,
    example,
    answer: { status: 200, schema: pausedBusinessSchema },
    handle: async ({ ctx, body }) => ({ body: await pauseBusiness(ctx, body) }),
  }),
  endpoint({
    method: "post",
    path: "/v1/business/resume",
    operationId: "resumeBusiness",
    summary: "Go on after a pause of everything",
    tag: "Business",
    access: "admin",
    scope: "business:write",
    allClients: true,
    answer: { status: 200, schema: businessSchema },
    handle: async ({ ctx }) => ({ body: await resumeBusiness(ctx) }),
  }),
];
