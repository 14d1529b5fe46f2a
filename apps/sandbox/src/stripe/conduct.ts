import { z } from "zod";

/** How webhooks are sent, from now on. */
export const conductSchema = z.strictObject({
  /** Each event so many times. */
  repeat: z.int().min(1).max(100).default(1),
  /** `shuffled`: what happens at once is told in reverse order. */
  order: z.enum(["in_turn", "shuffled"]).default("in_turn"),
  delayMs: z.int().min(0).max(600_000).default(0),
  /** Nothing is sent; it can be sent later by its id. */
  drop: z.boolean().default(false),
  signature: z.enum(["right", "wrong", "none"]).default("right"),
  /** So much older than it is the signature says it is. */
  ageSeconds: z.int().min(0).max(86_400).default(0),
  /** Events say that they are of the other mode than they are. */
  otherMode: z.boolean().default(false),
});
export type Conduct = z.output<typeof conductSchema>;

export const plainConduct: Conduct = conductSchema.parse({});

/** Where events go. */
export const endpointSchema = z.strictObject({
  /** Whose events; all connected accounts' when left out, as to the platform's Connect endpoint. */
  accountId: z.string().optional(),
  url: z.url({ protocol: /^https?$/ }),
  secret: z.string().min(1),
  /** A second signature by this one, as Stripe adds while a secret is rolled. */
  otherSecret: z.string().min(1).optional(),
});
export type Endpoint = z.output<typeof endpointSchema>;
