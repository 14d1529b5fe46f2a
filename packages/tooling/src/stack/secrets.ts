import { randomBytes } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { newTotpSecret } from "@reminder-app/platform/totp";

/** Settings that must be secret, made once for this machine and kept beside its data. */
export function keptSecrets(file: string): Readonly<Record<string, string>> {
  const kept = existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as Record<string, string>) : {};
  const key = () => `1:${randomBytes(32).toString("base64")}`;
  const secrets = {
    TOKEN_KEYS: key(),
    ENCRYPTION_KEYS: key(),
    LOOKUP_KEYS: key(),
    OPS_PASSWORD: randomBytes(12).toString("base64url"),
    OPS_TOTP_SECRET: newTotpSecret(),
    TWILIO_AUTH_TOKEN: randomBytes(16).toString("hex"),
    WHATSAPP_APP_SECRET: randomBytes(16).toString("hex"),
    WHATSAPP_VERIFY_TOKEN: randomBytes(16).toString("hex"),
    WHATSAPP_TOKEN: randomBytes(16).toString("hex"),
    STRIPE_SECRET_KEY: `sk_test_${randomBytes(16).toString("hex")}`,
    STRIPE_WEBHOOK_SECRET: `whsec_${randomBytes(16).toString("hex")}`,
    // What was made before stays; what has come since is added.
    ...kept,
  };
  writeFileSync(file, `${JSON.stringify(secrets, undefined, 2)}\n`, { mode: 0o600 });
  return secrets;
}
