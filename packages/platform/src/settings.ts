import { z } from "zod";
import { channelKinds } from "./channel-kinds.ts";
import type { KeyRing } from "./crypto.ts";
import { type Fault, productionFaults } from "./production-faults.ts";
import { fromBase32 } from "./totp.ts";

/** Every setting of every process: name, form, default and meaning. README's table and `.env.example` are kept equal to it. */
export const settingsSchema = z
  .object({
    APP_ENV: z
      .enum(["development", "testing", "production"])
      .default("development")
      .describe("development, testing or production"),
    STRICT_VALIDATION: z
      .string()
      .regex(/^(?:true|false|1|0)$/i, "must be True or False")
      .default("True")
      .transform((value) => /^(?:true|1)$/i.test(value))
      .describe("False logs the business warnings of README's list instead of refusing; not in production"),
    LOG_LEVEL: z
      .enum(["debug", "info", "warn", "error", "silent"])
      .default("info")
      .describe("least severe level that is logged"),

    DATABASE_URL: url(["mysql:", "mariadb:"]).describe("MySQL or MariaDB, mysql://user:password@host:port/database"),
    MIGRATION_DATABASE_URL: url(["mysql:", "mariadb:"])
      .optional()
      .describe(
        "the same for the user who may change the schema, where DATABASE_URL's may not; migrations run as that one",
      ),
    DATABASE_POOL: count(1, 200).default(10).describe("connections to the database for each process"),
    REDIS_URL: url(["redis:", "rediss:"]).describe("Redis or Valkey, redis://host:port"),
    QUEUE_PREFIX: z
      .string()
      .regex(/^[a-z0-9-]{1,40}$/, "must be 1 to 40 of a-z, 0-9 and -")
      .default("reminders")
      .describe("prefix of all keys in Redis"),

    PORT: count(1, 65_535).default(8000).describe("port of the API"),
    PUBLIC_URL: url(["http:", "https:"])
      .default("http://localhost:8000")
      .describe("address under which providers and clients reach the API"),
    PROXY_HOPS: count(0, 10).default(0).describe("proxies in front of the API whose X-Forwarded-For is believed"),
    BUSINESS_REQUESTS_PER_MINUTE: count(1, 999_999_999)
      .default(1_200)
      .describe("requests a minute from one business, over all API processes"),
    BUSINESS_SENDS_PER_DAY: count(1, 999_999_999)
      .default(100_000)
      .describe("messages that may leave from one business in a day (UTC); a business can lower it for itself"),
    ABUSE_LIMITS: flag("1").describe("0 lets anyone guess and register without end; for tests, not in production"),
    ALLOWED_HOSTS: z
      .string()
      .default("")
      .transform(list)
      .refine((hosts) => hosts.every(isHost), "must be hosts like api.example.com or api.example.com:8443")
      .describe("hosts that requests may name, separated by commas; in production PUBLIC_URL's when empty, else all"),
    CORS_ORIGINS: z
      .string()
      .default("")
      .transform(list)
      .refine(
        (origins) => origins.every(isOrigin),
        "must be exact origins like https://app.example.com, without * or /",
      )
      .describe("exact origins that browsers may call from, separated by commas"),
    CORS_CREDENTIALS: flag().describe("1 lets browsers of these origins send credentials along"),
    XSS_PROTECTION_HEADER: flag("1").describe("0 leaves out X-XSS-Protection, which only old browsers read"),

    TOKEN_KEYS: keyRing().describe(
      "keys that sign access tokens: id:base64 of 32 bytes, the newest first, separated by commas",
    ),
    OLD_TOKENS_UNTIL: z.iso
      .datetime({ offset: true, error: "must be an instant such as 2027-03-01T12:00:00Z" })
      .transform((instant) => new Date(instant))
      .optional()
      .describe("until when access tokens of the scheme before are accepted; not at all when empty"),
    ENCRYPTION_KEYS: keyRing().describe("keys that encrypt addresses, in the same form"),
    LOOKUP_KEYS: keyRing().describe("keys of the hashes by which addresses are found, in the same form"),

    OPS_USER: z.string().default("ops").describe("user of /metrics"),
    OPS_PASSWORD: z
      .string()
      .min(12, "must have at least 12 characters")
      .optional()
      .describe("password of the ops board and /metrics; both are off without it"),
    OPS_TOTP_SECRET: z
      .string()
      .refine(isTotpSecret, "must be at least 26 letters and digits of base32: openssl rand 20 | base32 makes one")
      .optional()
      .describe("secret of the ops board's second factor, in base32; the board is off without it"),
    OPS_WRITE: flag().describe("1 lets the ops board change queues"),

    WORKER_QUEUES: z
      .string()
      .default("")
      .transform(list)
      .describe("queues that a worker runs, separated by commas; all when empty"),
    WORKER_CONCURRENCY: count(1, 500).default(100).describe("jobs that a worker runs at once, for each queue"),

    LEASE_MS: count(1_000, 600_000).default(60_000).describe("how long a claimed delivery belongs to its worker"),
    PROVIDER_TIMEOUT_MS: count(500, 60_000).default(15_000).describe("longest call to a provider, connection included"),
    WEBHOOK_LOOPBACK: flag().describe(
      "1 lets webhook endpoints of businesses be on this machine, by http too: for the sandbox; not in production",
    ),
    VERIFY_AFTER_MS: count(500, 3_600_000)
      .default(60_000)
      .describe("wait before a provider is asked about an unknown outcome"),
    HOLD_AFTER_MS: count(500, 86_400_000)
      .default(600_000)
      .describe("wait for a webhook before an unknown outcome is held"),
    RETRY_BASE_MS: count(100, 600_000)
      .optional()
      .describe("first wait before a retry; when empty 30 s for email, 20 s for the others"),

    SMTP_URL: url(["smtp:", "smtps:"])
      .optional()
      .describe("mail server, smtp://user:password@host:port; email is off without it"),
    MAIL_FROM: z.email("must be an e-mail address").optional().describe("sender address of email"),
    TWILIO_ACCOUNT_SID: z.string().optional().describe("Twilio account; SMS is off without it"),
    TWILIO_AUTH_TOKEN: z.string().optional().describe("Twilio auth token"),
    TWILIO_AUTH_TOKEN_OLD: z
      .string()
      .optional()
      .describe("auth token that Twilio's callbacks may still be signed with while it is changed"),
    TWILIO_FROM: z.string().optional().describe("sender number of SMS, E.164"),
    TWILIO_BASE_URL: url(["http:", "https:"]).optional().describe("another address for Twilio's API, for the sandbox"),
    WHATSAPP_TOKEN: z.string().optional().describe("access token of WhatsApp's Cloud API; WhatsApp is off without it"),
    WHATSAPP_PHONE_NUMBER_ID: z.string().optional().describe("id of the sending WhatsApp number"),
    WHATSAPP_APP_SECRET: z.string().optional().describe("secret that signs WhatsApp's webhooks"),
    WHATSAPP_APP_SECRET_OLD: z
      .string()
      .optional()
      .describe("secret that WhatsApp's webhooks may still be signed with while it is changed"),
    WHATSAPP_VERIFY_TOKEN: z
      .string()
      .optional()
      .describe("token that WhatsApp's webhook subscription is verified with"),
    WHATSAPP_BASE_URL: url(["http:", "https:"])
      .default("https://graph.facebook.com/v23.0")
      .describe("address of WhatsApp's Cloud API"),
    STRIPE_SECRET_KEY: z
      .string()
      .regex(/^(?:sk|rk)_(?:test|live)_[\w-]+$/, "must be a secret or restricted key, which starts with sk_ or rk_")
      .optional()
      .describe(
        "key of the Stripe platform under which businesses open accounts; without it they take payments by keys of their own",
      ),
    STRIPE_WEBHOOK_SECRET: z.string().optional().describe("secret that signs the Stripe platform's Connect webhooks"),
    STRIPE_WEBHOOK_SECRET_OLD: z
      .string()
      .optional()
      .describe("secret that these webhooks may still be signed with while it is changed"),
    STRIPE_BASE_URL: url(["http:", "https:"]).optional().describe("another address for Stripe's API, for the sandbox"),

    FILES_FOLDER: z
      .string()
      .optional()
      .describe(
        "folder in which files are kept where FILES_S3_BUCKET is empty; .local/files when both are, but production needs one of them",
      ),
    FILES_S3_BUCKET: z.string().optional().describe("bucket in which files are kept"),
    FILES_S3_REGION: z.string().default("us-east-1").describe("region of the bucket"),
    FILES_S3_ENDPOINT: url(["http:", "https:"])
      .optional()
      .describe("address of another S3 API than Amazon's, such as http://minio:9000"),
    FILES_S3_ACCESS_KEY_ID: z
      .string()
      .optional()
      .describe("key of the bucket; the task's role or the SDK's own variables when empty"),
    FILES_S3_SECRET_ACCESS_KEY: z.string().optional().describe("secret of that key"),
    UPLOAD_MAX_BYTES: count(1, 999_999_999).default(26_214_400).describe("size of the largest file that is taken"),
    CLAMD_URL: url(["tcp:"])
      .optional()
      .describe("ClamAV's clamd that looks for viruses in uploads, tcp://host:3310; nothing looks for them when empty"),
  })
  .superRefine((settings, context) => {
    for (const [name, message] of faultsTogether(settings)) context.addIssue({ code: "custom", path: [name], message });
  });

export type Settings = z.output<typeof settingsSchema>;

/** What is wrong with settings only because of others. */
function faultsTogether(settings: Settings): Fault[] {
  const faults: Fault[] = settings.APP_ENV === "production" ? productionFaults(settings) : [];
  for (const [first, ...others] of completeTogether) {
    if (settings[first] === undefined) continue;
    for (const other of others)
      if (settings[other] === undefined) faults.push([other, `must be set, because ${first} is`]);
  }
  if (settings.LEASE_MS < settings.PROVIDER_TIMEOUT_MS * 2)
    faults.push(["LEASE_MS", "must be at least twice PROVIDER_TIMEOUT_MS"]);
  for (const queue of settings.WORKER_QUEUES) {
    if (!queueNames.includes(queue))
      faults.push(["WORKER_QUEUES", `has no queue "${queue}"; there are ${queueNames.join(", ")}`]);
  }
  return faults;
}

/**
 * All queues, by what they do: `reminders` plans, `deliver-*` sends, `events` applies what providers report,
 * `account-mail` writes to those who sign in, `webhooks` calls businesses' own programs,
 * `imports` reads files.
 */
export const queueNames: readonly string[] = [
  "reminders",
  "events",
  "account-mail",
  "webhooks",
  "imports",
  ...channelKinds.map((kind) => `deliver-${kind}`),
];

const completeTogether = [
  ["FILES_S3_ACCESS_KEY_ID", "FILES_S3_SECRET_ACCESS_KEY"],
  ["OPS_TOTP_SECRET", "OPS_PASSWORD"],
  ["SMTP_URL", "MAIL_FROM"],
  ["TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN", "TWILIO_FROM"],
  ["WHATSAPP_TOKEN", "WHATSAPP_PHONE_NUMBER_ID", "WHATSAPP_APP_SECRET", "WHATSAPP_VERIFY_TOKEN"],
  ["STRIPE_SECRET_KEY", "STRIPE_WEBHOOK_SECRET"],
] as const;

function url(protocols: readonly string[]) {
  const message = `must be an address that starts with ${protocols.map((protocol) => `${protocol}//`).join(" or ")}`;
  return z
    .string("must be set")
    .refine((value) => URL.canParse(value) && protocols.includes(new URL(value).protocol), message);
}

function count(least: number, most: number) {
  const message = `must be a whole number from ${least} to ${most}`;
  return z
    .string()
    .regex(/^\d{1,9}$/, message)
    .transform(Number)
    .pipe(z.int().min(least, message).max(most, message));
}

function flag(standard: "0" | "1" = "0") {
  return z
    .enum(["0", "1"], "must be 0 or 1")
    .default(standard)
    .transform((value) => value === "1");
}

function keyRing() {
  return z.string("must be set").transform((value, context): KeyRing => {
    const ring = new Map<number, Buffer>();
    for (const entry of value.split(",")) {
      const [id, encoded] = entry.split(":");
      const key = Buffer.from(encoded ?? "", "base64");
      if (!/^\d{1,3}$/.test(id ?? "") || Number(id) > 255 || key.length !== 32) {
        context.addIssue({
          code: "custom",
          message: "must be id:key pairs, the id from 1 to 255, the key 32 bytes in base64",
        });
        return z.NEVER;
      }
      ring.set(Number(id), key);
    }
    return ring;
  });
}

function isOrigin(value: string): boolean {
  return !value.includes("*") && /^https?:/.test(value) && URL.canParse(value) && new URL(value).origin === value;
}

function isHost(value: string): boolean {
  return (
    value === "*" || /^(?:\*\.)?[a-z0-9.-]+(?::\d{1,5})?$/.test(value) || /^\[[0-9a-f:.]+\](?::\d{1,5})?$/.test(value)
  );
}

/** 128 bits at least (RFC 4226, section 4, R6). */
function isTotpSecret(value: string): boolean {
  return /^[A-Z2-7]+$/.test(value) && fromBase32(value).length >= 16;
}

function list(value: string): readonly string[] {
  return value
    .split(",")
    .map((part) => part.trim())
    .filter((part) => part !== "");
}
