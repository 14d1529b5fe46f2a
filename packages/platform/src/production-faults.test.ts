import { randomBytes } from "node:crypto";
import { describe, expect, test } from "vitest";
import { ConfigError, loadConfig } from "./config.ts";

const key = (bytes: Buffer = randomBytes(32)) => bytes.toString("base64");
const [token, encryption, lookup] = [key(), key(), key()];
const secret = () => randomBytes(16).toString("hex");

/** What production needs, and every part of the product on. */
const whole = {
  APP_ENV: "production",
  DATABASE_URL: `mysql://app:${secret()}@db.internal/reminders`,
  REDIS_URL: "redis://redis.internal",
  PUBLIC_URL: "https://api.firms.test",
  PROXY_HOPS: "1",
  TOKEN_KEYS: `1:${token}`,
  ENCRYPTION_KEYS: `1:${encryption}`,
  LOOKUP_KEYS: `1:${lookup}`,
  OPS_PASSWORD: secret(),
  OPS_TOTP_SECRET: "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567",
  TWILIO_ACCOUNT_SID: "AC1",
  TWILIO_AUTH_TOKEN: secret(),
  TWILIO_FROM: "+15005550006",
  WHATSAPP_TOKEN: secret(),
  WHATSAPP_PHONE_NUMBER_ID: "1",
  WHATSAPP_APP_SECRET: secret(),
  WHATSAPP_VERIFY_TOKEN: secret(),
  STRIPE_SECRET_KEY: `sk_live_${secret()}`,
  STRIPE_WEBHOOK_SECRET: `whsec_${secret()}`,
  FILES_S3_BUCKET: "clients-files",
};

/** The faults that these settings have. */
function faultsOf(changes: Readonly<Record<string, string>>): readonly string[] {
  try {
    loadConfig({ ...whole, ...changes }, "/nowhere");
    return [];
  } catch (thrown) {
    if (thrown instanceof ConfigError) return thrown.faults;
    throw thrown;
  }
}

test("production starts with settings that are whole and its own (S63)", () => {
  expect(faultsOf({})).toEqual([]);
});

const text = key(Buffer.from("development-only-token-key-00001"));
const alike = key(Buffer.alloc(32, 7));

describe("production does not start with", () => {
  test.each<[string, string, string, RegExp]>([
    ["the key of an example", "TOKEN_KEYS", `1:${text}`, /key 1 must be 32 random bytes/],
    ["an encryption key of bytes that are all alike", "ENCRYPTION_KEYS", `1:${alike}`, /key 1 must be 32 random bytes/],
    ["a weak key among good ones", "LOOKUP_KEYS", `2:${lookup},1:${alike}`, /key 1 must be 32 random bytes/],
    ["a key that is too short", "TOKEN_KEYS", `1:${key(randomBytes(16))}`, /the key 32 bytes/],
    ["one key for two purposes", "ENCRYPTION_KEYS", `1:${token}`, /key 1 must differ from key 1 of TOKEN_KEYS/],
    ["one key under two ids", "LOOKUP_KEYS", `2:${lookup},1:${lookup}`, /key 1 must differ from key 2 of LOOKUP_KEYS/],
    ["the ops password of an example", "OPS_PASSWORD", "development-ops-password", /an example's or a test's/],
    ["an ops password that is short", "OPS_PASSWORD", "x7Kq92mLp0Za", /at least 16 characters/],
    ["an ops password that is monotonous", "OPS_PASSWORD", "z".repeat(30), /must be random/],
    ["a second factor of ops that is monotonous", "OPS_TOTP_SECRET", "A".repeat(32), /must be random/],
    ["a second factor of ops that is short", "OPS_TOTP_SECRET", "ABCDEFGH", /26 letters and digits/],
    ["the sandbox's webhook secret", "TWILIO_AUTH_TOKEN", "sandbox-twilio-auth-token", /an example's or a test's/],
    ["a webhook secret that is short", "WHATSAPP_APP_SECRET", "abc", /at least 16 characters/],
    [
      "two secrets that are equal",
      "WHATSAPP_VERIFY_TOKEN",
      whole.TWILIO_AUTH_TOKEN,
      /must differ from TWILIO_AUTH_TOKEN/,
    ],
    [
      "the example's password of the database",
      "DATABASE_URL",
      "mysql://reminders:reminders@db/reminders",
      /example's password/,
    ],
    [
      "Twilio without the secret of its webhooks",
      "TWILIO_AUTH_TOKEN",
      "",
      /must be set, because TWILIO_ACCOUNT_SID is/,
    ],
    [
      "WhatsApp without the secret of its webhooks",
      "WHATSAPP_APP_SECRET",
      "",
      /must be set, because WHATSAPP_TOKEN is/,
    ],
    [
      "WhatsApp without the token of its subscription",
      "WHATSAPP_VERIFY_TOKEN",
      "",
      /must be set, because WHATSAPP_TOKEN/,
    ],
    [
      "Stripe without the secret of its webhooks",
      "STRIPE_WEBHOOK_SECRET",
      "",
      /must be set, because STRIPE_SECRET_KEY is/,
    ],
    ["the sandbox's key of Stripe", "STRIPE_SECRET_KEY", "sk_test_sandboxPlatform", /an example's or a test's/],
    ["a key of Stripe that browsers have", "STRIPE_SECRET_KEY", "pk_live_8Fq2ZbN1xKc7Tj4V", /starts with sk_ or rk_/],
    ["Stripe's address without TLS", "STRIPE_BASE_URL", "http://sandbox:8025", /must be https/],
    ["relaxed validation", "STRICT_VALIDATION", "False", /must be True in production/],
    ["limits switched off", "ABUSE_LIMITS", "0", /must be 1 in production/],
    ["origins for everyone", "CORS_ORIGINS", "*", /must be exact origins/],
    ["origins with a wildcard", "CORS_ORIGINS", "https://*.firms.test", /must be exact origins/],
    ["an origin without TLS", "CORS_ORIGINS", "http://app.firms.test", /must be exact https origins/],
    ["hosts for everyone", "ALLOWED_HOSTS", "*", /must be exact hosts/],
    ["hosts with a wildcard", "ALLOWED_HOSTS", "api.firms.test,*.firms.test", /must be exact hosts/],
    ["a public address without TLS", "PUBLIC_URL", "http://api.firms.test", /must be https/],
    ["a provider's address without TLS", "WHATSAPP_BASE_URL", "http://sandbox:8025", /must be https/],
    ["files on a container's own disk", "FILES_S3_BUCKET", "", /or FILES_FOLDER to a disk that all processes share/],
    ["files that travel without TLS", "FILES_S3_ENDPOINT", "http://minio:9000", /must be https/],
    ["no balancer in front", "PROXY_HOPS", "0", /must be at least 1/],
    [
      "a lease that ends before a call to a provider does",
      "LEASE_MS",
      "15000",
      /must be at least twice PROVIDER_TIMEOUT_MS/,
    ],
  ])("%s (S63)", (_what, name, value, message) => {
    const faults = faultsOf({ [name]: value });
    expect(new Set(faults.map((fault) => fault.split(":")[0]))).toEqual(new Set([name]));
    expect(faults.join("\n")).toMatch(message);
    // Words as short as "0" are part of other words.
    const told = value.length > 3 ? value : `=${value}`;
    expect(faults.join("\n")).not.toContain(told);
  });
});

test.each(["true", "-1", "all", "1.5", "loopback"])(
  "PROXY_HOPS=%s is refused in every environment (S16, S63)",
  (hops) => {
    for (const APP_ENV of ["development", "testing", "production"])
      expect(faultsOf({ APP_ENV, PROXY_HOPS: hops })).toEqual(["PROXY_HOPS: must be a whole number from 0 to 10"]);
  },
);

test("development may do what production may not (S63)", () => {
  const relaxed = {
    STRICT_VALIDATION: "False",
    ABUSE_LIMITS: "0",
    ALLOWED_HOSTS: "*",
    PUBLIC_URL: "http://localhost:8000",
  };
  expect(faultsOf({ APP_ENV: "development", TOKEN_KEYS: `1:${text}`, PROXY_HOPS: "0", ...relaxed })).toEqual([]);
});

test.each([
  "https://app.test/",
  "https://App.test",
  "https://app.test:443",
  "app.test",
  "null",
  "https://app.test/path",
])("the origin %s, which no browser sends so, is a fault (S62)", (origin) =>
  expect(faultsOf({ CORS_ORIGINS: origin })[0]).toMatch(/^CORS_ORIGINS: must be exact origins/),
);

test("the second factor of ops without its password is a fault (S27)", () => {
  expect(faultsOf({ OPS_PASSWORD: "" })).toEqual(["OPS_PASSWORD: must be set, because OPS_TOTP_SECRET is"]);
  expect(faultsOf({ OPS_TOTP_SECRET: "" })).toEqual([]);
});
