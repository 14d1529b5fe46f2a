import { DecideDeliveryInput, decideDelivery } from "@reminder-app/core/deliveries/decide-delivery";
import { getDelivery } from "@reminder-app/core/deliveries/get-delivery";
import { PageDeliveriesQuery, pageDeliveries } from "@reminder-app/core/deliveries/page-deliveries";
import type { ChannelKind } from "@reminder-app/platform/channel-kinds";
import type { Id } from "@reminder-app/platform/ids";
import { enqueueDeliveries } from "@reminder-app/queues/enqueue";
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
    scope: "deliveries:read",
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
    scope: "deliveries:read",
    answer: { status: 200, schema: deliveryWithAttemptsSchema },
    handle: async ({ ctx, params }) => ({ body: await getDelivery(ctx, params["deliveryId"] as Id<"Delivery">) }),
  }),
  endpoint({
    method: "post",
    path: "/v1/deliveries/:deliveryId/decide",
    operationId: "decideDelivery",
    summary: "Settle a held delivery by hand, or send one again that was given up",
    tag,
    access: "staff",
    scope: "deliveries:write",
    idempotent: true,
    body: DecideDeliveryInput,
    example: { decision: "send_again" },
    answer: { status: 200, schema: deliveryWithAttemptsSchema },
    async handle({ ctx, params, body }) {
      const decided = await decideDelivery(ctx, params["deliveryId"] as Id<"Delivery">, body);
      if (decided.state !== "retry") return { body: decided };
      return {
        body: decided,
        afterCommit: (producer) => enqueueDeliveries(producer, ctx.businessId, [toWaiting(decided)]),
      };
    },
  }),
];

function toWaiting({ id, channel, fence }: { id: string; channel: ChannelKind; fence: number }) {
  return { id, channel, fence };
}
