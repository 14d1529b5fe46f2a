import { getDelivery } from "@reminder-app/core/deliveries/get-delivery";
import { PageDeliveriesQuery, pageDeliveries } from "@reminder-app/core/deliveries/page-deliveries";
import type { Id } from "@reminder-app/platform/ids";
import { endpoint } from "../http/endpoint.ts";
import { deliverySchema, deliveryWithAttemptsSchema, pageOf } from "../schemas.ts";

const tag = "Deliveries";

export const deliveryRoutes = [
  endpoint({
    method: "get",
    path: "/v1/deliveries",
    operationId: "listDeliveries",
    summary: "What was sent and what waits, the newest first",
    tag,
    access: "viewer",
    query: PageDeliveriesQuery,
    answer: { status: 200, schema: pageOf(deliverySchema) },
    handle: async ({ ctx, query }) => ({ body: await pageDeliveries(ctx, query) }),
  }),
  endpoint({
    method: "get",
    path: "/v1/deliveries/:deliveryId",
    operationId: "getDelivery",
    summary: "One delivery with every call to its provider",
    tag,
    access: "viewer",
    answer: { status: 200, schema: deliveryWithAttemptsSchema },
    handle: async ({ ctx, params }) => ({ body: await getDelivery(ctx, params["deliveryId"] as Id<"Delivery">) }),
  }),
];
