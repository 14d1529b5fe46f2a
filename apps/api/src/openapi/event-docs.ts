import { eventData } from "@reminder-app/core/webhooks/event-types";
import { z } from "zod";

type Json = Record<string, unknown>;

/** What is posted to webhook endpoints, for the `webhooks` of OpenAPI 3.1: one entry for each type of event. */
export function eventDocs(jsonSchema: (schema: z.ZodType, io: "input" | "output") => Json): Json {
  return Object.fromEntries(
    Object.entries(eventData).map(([type, data]) => {
      const schema = z.object({
        id: z.uuid().describe("The same in every try and replay; act on it once"),
        type: z.literal(type),
        createdAt: z.iso.datetime(),
        businessId: z.uuid(),
        data,
      });
      return [type, { post: operation(type, data.description ?? type, jsonSchema(schema, "output")) }];
    }),
  );
}

function operation(type: string, summary: string, schema: Json): Json {
  return {
    operationId: `on-${type.replaceAll(/[._]/g, "-")}`,
    summary,
    description: "Answer with any 2xx within 5 seconds; else it comes again for three days. Events come in any order.",
    tags: ["Webhooks"],
    security: [],
    parameters: [
      {
        name: "Reminder-Signature",
        in: "header",
        required: true,
        description:
          "`t=<seconds since 1970>,v1=<hex>`: HMAC-SHA256 under the endpoint's secret over `t`, a dot and the raw body. One `v1` for each secret while one is rotated. Refuse a `t` that is more than five minutes off.",
        schema: { type: "string" },
      },
      { name: "Reminder-Event-Id", in: "header", required: true, schema: { type: "string", format: "uuid" } },
    ],
    requestBody: { required: true, content: { "application/json": { schema } } },
    responses: { "2XX": { description: "The event was taken" } },
  };
}
