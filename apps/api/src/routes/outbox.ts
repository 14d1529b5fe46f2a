import { DecideSendsInput, decideSends } from "@reminder-app/core/outbox/decide-sends";
import { PageOutboxQuery, pageOutbox } from "@reminder-app/core/outbox/page-outbox";
import { RehearseQuery, rehearse } from "@reminder-app/core/outbox/rehearse";
import { enqueueDeliveries } from "@reminder-app/queues/enqueue";
import { endpoint } from "../http/endpoint.ts";
import { decidedSendsSchema, outboxPageSchema, rehearsalSchema } from "../schemas/outbox.ts";

const tag = "Outbox";
/** An answer with more than this is no longer read by anybody. */
const MOST_REHEARSED = 10_000;

export const outboxRoutes = [
  endpoint({
    method: "get",
    path: "/v1/outbox",
    operationId: "listOutbox",
    summary: "Every message that is still to come, planned or not, and what will become of it",
    tag,
    access: "viewer",
    scope: "deliveries:read",
    query: PageOutboxQuery,
    answer: { status: 200, schema: outboxPageSchema },
    handle: async ({ ctx, query }) => ({ body: await pageOutbox(ctx, query) }),
  }),
  endpoint({
    method: "get",
    path: "/v1/rehearsal",
    operationId: "rehearse",
    summary: "The months ahead as a calendar: what would go to whom on which day",
    tag,
    access: "viewer",
    scope: "deliveries:read",
    query: RehearseQuery,
    answer: { status: 200, schema: rehearsalSchema },
    handle: async ({ ctx, query }) => ({ body: await rehearse(ctx, query, MOST_REHEARSED) }),
  }),
  endpoint({
    method: "post",
    path: "/v1/outbox/decisions",
    operationId: "decideSends",
    summary: "Hold sends back, leave them out, approve them or change their text",
    tag,
    access: "staff",
    scope: "deliveries:write",
    idempotent: true,
    body: DecideSendsInput,
    example: {
      sends: [
        {
          assignmentId: "01900000-0000-7000-8000-000000000001",
          slotKey: "A:01900000-0000-7000-8000-000000000001:1:t-7",
        },
      ],
      decision: "hold",
    },
    answer: { status: 200, schema: decidedSendsSchema },
    async handle({ ctx, body }) {
      const decided = await decideSends(ctx, body);
      return { body: decided, afterCommit: (producer) => enqueueDeliveries(producer, ctx.businessId, decided.queued) };
    },
  }),
];
