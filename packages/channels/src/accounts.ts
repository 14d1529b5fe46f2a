import type { ChannelKind } from "@reminder-app/platform/channel-kinds";
import { z } from "zod";
import { addressSchemas } from "./addresses.ts";

const secret = (most: number) =>
  z
    .string()
    .min(8, "must have at least 8 characters")
    .max(most, `must have at most ${most} characters`)
    .regex(/^[\x21-\x7e]+$/, "must be visible ASCII characters without blanks");

const HOST = /^(?=.{1,253}$)[a-z\d](?:[a-z\d.-]*[a-z\d])?$/i;
const host = z.string().regex(HOST, "must be a host name such as smtp.firm.example");

/** What an account of a business's own at a provider consists of. */
export const accountSchemas = {
  smtp: z.strictObject({
    host,
    port: z.int().min(1).max(65_535).default(587),
    security: z
      .enum(["starttls", "tls"])
      .default("starttls")
      .describe("starttls: encrypted after the greeting, usually port 587. tls: from the first byte, usually 465"),
    user: z.string().min(1).max(254),
    password: secret(500),
    from: addressSchemas.email.describe("The sender address of your email"),
  }),
  twilio: z.strictObject({
    accountSid: z.string().regex(/^AC[0-9a-f]{32}$/, "must be AC and 32 hexadecimal digits"),
    authToken: secret(100),
    from: z
      .string()
      .regex(/^\+[1-9]\d{6,14}$/, "must be a number with its country code, like +442079460123")
      .describe("The sending number"),
  }),
  whatsapp: z.strictObject({
    phoneNumberId: z.string().regex(/^\d{5,32}$/, "must be the digits of the number's id"),
    token: secret(1_000),
    appSecret: secret(100).optional().describe("Signs webhooks of your own app; leave out for the installation's app"),
    verifyToken: secret(100).optional().describe("Confirms the subscription of your own app's webhooks"),
  }),
} as const;

export const providers = ["smtp", "twilio", "whatsapp"] as const;
export type Provider = (typeof providers)[number];

type Parsed<P extends Provider> = z.output<(typeof accountSchemas)[P]>;
/** An account at a provider, in clear. */
export type Account = { readonly [P in Provider]: { readonly provider: P } & Readonly<Parsed<P>> }[Provider];

/** Which parts of an account are never shown; the first is told apart by its last four characters. */
export const secretParts: Readonly<Record<Provider, readonly string[]>> = {
  smtp: ["password"],
  twilio: ["authToken"],
  whatsapp: ["token", "appSecret", "verifyToken"],
};

export const providerOf = { email: "smtp", sms: "twilio", whatsapp: "whatsapp" } as const satisfies Record<
  ChannelKind,
  Provider
>;
