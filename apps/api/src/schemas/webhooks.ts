import { webhookCallStates } from "@reminder-app/db/schema/webhooks";
import { PING, eventTypes } from "@reminder-app/core/webhooks/event-types";
import { z } from "zod";

export const endpointSchema = z.object({
  id: z.uuid(),
  url: z.string(),
  description: z.string().nullable(),
  events: z.array(z.enum(eventTypes)).describe("Which types of events it hears of; all when empty"),
  state: z.enum(["active", "paused"]),
  oldSecretUntil: z.iso.datetime().nullable().describe("Until then the secret before signs too"),
  createdAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
});

export const endpointWithSecretSchema = endpointSchema.extend({
  secret: z.string().describe("Signs every call; it is shown this once"),
});

const eventSchema = z.object({
  id: z.uuid().describe("The same in every try and replay: a receiver that knows it has had the event already"),
  type: z.enum([...eventTypes, PING]),
  createdAt: z.iso.datetime(),
  data: z.record(z.string(), z.unknown()),
});

export const callSchema = z.object({
  id: z.uuid(),
  event: eventSchema,
  round: z.int().describe("0, and one more for every replay"),
  state: z.enum(webhookCallStates).describe("not_sent: of a test business, from which nothing leaves"),
  tries: z.int(),
  nextAt: z.iso.datetime().nullable().describe("When it is tried again"),
  createdAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
});

export const callWithTriesSchema = callSchema.extend({
  tried: z.array(
    z.object({
      number: z.int(),
      status: z.int().nullable().describe("The status that came back; empty when none did"),
      problem: z
        .string()
        .nullable()
        .describe(
          "Why it was not delivered: status (not 2xx), redirect, timeout, unreachable, not_allowed (not on the public internet), cut_off (it may have arrived)",
        ),
      tookMs: z.int(),
      startedAt: z.iso.datetime(),
    }),
  ),
});
