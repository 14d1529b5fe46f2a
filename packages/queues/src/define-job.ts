import type { z } from "zod";

/** A kind of job: its name, payload, queue and identity in one place. Payloads hold ids only, for Redis keeps them in clear text. */
export interface JobDefinition<Payload extends z.ZodType> {
  readonly name: string;
  readonly payload: Payload;
  readonly queue: (data: z.output<Payload>) => QueueName;
  /** Equal for equal work: adding an id that is still there does nothing. Must not contain a colon. */
  readonly id: (data: z.output<Payload>) => string;
}

export type QueueName = "reminders" | "events" | "account-mail" | "imports" | "webhooks" | `deliver-${string}`;

export function defineJob<Payload extends z.ZodType>(definition: JobDefinition<Payload>): JobDefinition<Payload> {
  return definition;
}
