import { z } from "zod";
import { ConfigError } from "./config.ts";

/**
 * Settings of the sandbox, the local stand-in for all providers. The accounts and secrets have the names that the
 * product reads them under, so that one environment serves both.
 */
const sandboxSettingsSchema = z.object({
  LOG_LEVEL: z.enum(["debug", "info", "warn", "error", "silent"]).default("info"),
  /** The address that both servers listen on; 0.0.0.0 in a container. */
  SANDBOX_HOST: z.string().default("127.0.0.1"),
  SANDBOX_PORT: port().default(8025),
  SANDBOX_SMTP_PORT: port().default(1025),
  /** Of the stand-in for ClamAV's clamd; there is none when unset. */
  SANDBOX_CLAMD_PORT: port().optional(),
  /** Where an append-only ledger file is kept, so that what was accepted survives a restart; in memory only when unset. */
  SANDBOX_LEDGER: z.string().optional(),
  /** Where WhatsApp status webhooks go; none are sent when unset. */
  SANDBOX_WHATSAPP_CALLBACK_URL: z.url({ protocol: /^https?$/ }).optional(),
  /** Where what a client answers by SMS goes; nowhere when unset. */
  SANDBOX_TWILIO_INBOUND_URL: z.url({ protocol: /^https?$/ }).optional(),
  /** Where events of accounts under the Stripe platform go; nowhere when unset. */
  SANDBOX_STRIPE_WEBHOOK_URL: z.url({ protocol: /^https?$/ }).optional(),
  /** Where accounts and payments are kept over restarts; in memory only when unset. */
  SANDBOX_STRIPE_FILE: z.string().optional(),
  /** Where browsers reach the sandbox; where the product does when unset. */
  SANDBOX_PUBLIC_URL: z.url({ protocol: /^https?$/ }).optional(),
  TWILIO_ACCOUNT_SID: z.string().default(`AC${"0".repeat(32)}`),
  TWILIO_AUTH_TOKEN: z.string().default("sandbox-twilio-auth-token"),
  WHATSAPP_PHONE_NUMBER_ID: z.string().default("100000000000001"),
  WHATSAPP_APP_SECRET: z.string().default("sandbox-whatsapp-app-secret"),
  STRIPE_SECRET_KEY: z.string().default("sk_test_sandboxPlatform"),
  STRIPE_WEBHOOK_SECRET: z.string().default("whsec_sandbox-stripe-webhook-secret"),
});

export type SandboxSettings = z.output<typeof sandboxSettingsSchema>;

/** An empty value counts as not set. Throws {@link ConfigError} with all faults at once. */
export function loadSandboxSettings(environment: NodeJS.ProcessEnv = process.env): SandboxSettings {
  const given = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ""));
  const parsed = sandboxSettingsSchema.safeParse(given);
  if (parsed.success) return parsed.data;
  throw new ConfigError(parsed.error.issues.map((issue) => `${issue.path.join(".")}: ${issue.message}`));
}

function port() {
  const message = "must be a port: a whole number from 0 to 65535";
  return z.coerce.number(message).int(message).min(0, message).max(65_535, message);
}
