import { GetOccurrenceQuery, getOccurrence } from "@reminder-app/core/timeline/get-occurrence";
import { PageOccurrencesQuery, pageOccurrences } from "@reminder-app/core/timeline/page-occurrences";
import { PageTimelineQuery, pageTimeline } from "@reminder-app/core/timeline/page-timeline";
import type { Id } from "@reminder-app/platform/ids";
import { endpoint } from "../http/endpoint.ts";
import { pageOf } from "../schemas.ts";
import { occurrenceInFullSchema, occurrenceSchema, timelinePageSchema } from "../schemas/timeline.ts";

const tag = "Why";

export const timelineRoutes = [
  endpoint({
    method: "get",
    path: "/v1/clients/:clientId/timeline",
    operationId: "listClientTimeline",
    summary: "All that a client got, did not get and why, and what is foreseen; the newest first",
    tag,
    access: "viewer",
    scope: "deliveries:read",
    query: PageTimelineQuery,
    answer: { status: 200, schema: timelinePageSchema },
    handle: async ({ ctx, params, query }) => ({
      body: await pageTimeline(ctx, params["clientId"] as Id<"Client">, query),
    }),
  }),
  endpoint({
    method: "get",
    path: "/v1/reminders/:reminderId/occurrences",
    operationId: "listOccurrences",
    summary: "The moments of a reminder that were planned, the last planned first",
    tag,
    access: "viewer",
    scope: "deliveries:read",
    query: PageOccurrencesQuery,
    answer: { status: 200, schema: pageOf(occurrenceSchema) },
    handle: async ({ ctx, params, query }) => ({
      body: await pageOccurrences(ctx, params["reminderId"] as Id<"Reminder">, query),
    }),
  }),
  endpoint({
    method: "get",
    path: "/v1/occurrences/:occurrenceId",
    operationId: "getOccurrence",
    summary: "One moment: every message with its calls to the provider, and who got none and why",
    tag,
    access: "viewer",
    scope: "deliveries:read",
    query: GetOccurrenceQuery,
    answer: { status: 200, schema: occurrenceInFullSchema },
    handle: async ({ ctx, params, query }) => ({
      body: await getOccurrence(ctx, params["occurrenceId"] as Id<"Occurrence">, query),
    }),
  }),
];
