import { z } from "zod";

/** What a stand-in can do with a message. */
export const outcomes = [
  /** Taken, and answered so. */
  "accept",
  /** Never taken: the address is bad. */
  "refuse",
  /** Not taken now; the provider does not say when to come again. */
  "refuse_for_now",
  /** Not taken now; the provider says when to come again. */
  "throttle",
  /** Not taken: the provider stays silent until `hangMs`, then hangs up. */
  "hang",
  /** Not taken: the connection is cut after the whole message was read. */
  "drop_before",
  /** Taken, but the connection is cut before the answer. */
  "accept_then_drop",
  /** Not taken: the provider's own fault. */
  "server_error",
] as const;

export type Outcome = (typeof outcomes)[number];

const callbackModes = ["normal", "none", "late", "repeated", "shuffled"] as const;

/** How the stand-ins treat messages to one address, or all of a channel. */
export const scriptSchema = z.strictObject({
  /** Used up one by one, one for each message that is tried. */
  outcomes: z.array(z.enum(outcomes)).max(10_000).default([]),
  /** For every message after those. */
  then: z.enum(outcomes).default("accept"),
  retryAfterSeconds: z.int().min(0).max(86_400).default(2),
  hangMs: z.int().min(0).max(600_000).default(20_000),
  /** The provider's own error code for `refuse`, e.g. `21610` or `5.7.1`. */
  code: z.union([z.string(), z.int().transform(String)]).optional(),
  callbacks: z.enum(callbackModes).default("normal"),
  callbackDelayMs: z.int().min(0).max(600_000).default(0),
  /** Where an accepted message ends; WhatsApp messages are also read unless this says otherwise. */
  final: z.enum(["sent", "delivered", "read", "undelivered"]).optional(),
});

export type Script = z.output<typeof scriptSchema>;

/** One message's fate, as decided when the provider is called. */
export interface Decision extends Omit<Script, "outcomes" | "then"> {
  readonly outcome: Outcome;
}

export const plainScript: Script = scriptSchema.parse({});
