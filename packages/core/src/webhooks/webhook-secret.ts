import { createHmac, randomBytes } from "node:crypto";
import { HOUR_MS, SECOND_MS, after } from "@reminder-app/platform/clock";
import type { Id } from "@reminder-app/platform/ids";
import { sealedColumns } from "@reminder-app/db/sealed-columns";
import type { Ctx } from "../ctx.ts";
import type { WebhookEndpoint } from "./webhook-endpoints.repo.ts";

/** How long the secret before signs too, so that a receiver can change over without losing a call. */
const BOTH_MS = 24 * HOUR_MS;

/** A new secret, in clear and sealed. The clear one is shown once. */
export function makeSecret({ vault, businessId }: Pick<Ctx, "vault" | "businessId">, id: Id<"WebhookEndpoint">) {
  const secret = `whsec_${randomBytes(32).toString("base64url")}`;
  return { secret, sealed: vault.seal(secret, sealedColumns.webhookSecret.cell({ businessId, id })) };
}

/** Let the present secret sign for a day longer, beside the one that takes its place. */
export function keepOldSecret({ vault }: Pick<Ctx, "vault">, endpoint: WebhookEndpoint, now: Date) {
  const secret = vault.open(endpoint.secret, sealedColumns.webhookSecret.cell(endpoint));
  const oldSecret = vault.seal(secret, sealedColumns.oldWebhookSecret.cell(endpoint));
  return { oldSecret, oldSecretUntil: after(now, BOTH_MS) };
}

/** The secrets that sign now, the newest first. */
export function secretsOf({ vault }: Pick<Ctx, "vault">, endpoint: WebhookEndpoint, now: Date): string[] {
  const { secret, oldSecret, oldSecretUntil } = endpoint;
  const present = vault.open(secret, sealedColumns.webhookSecret.cell(endpoint));
  if (!oldSecret || !oldSecretUntil || oldSecretUntil <= now) return [present];
  return [present, vault.open(oldSecret, sealedColumns.oldWebhookSecret.cell(endpoint))];
}

/**
 * `t=<seconds since 1970>,v1=<hex of HMAC-SHA256 over "t.body">`, with one `v1` for each secret. The whole secret is the
 * key, `whsec_` included. A receiver accepts a call when any `v1` is right and `t` is not long past.
 */
export function signatureOf(body: string, { secrets, at }: { secrets: readonly string[]; at: Date }): string {
  const seconds = Math.floor(at.getTime() / SECOND_MS);
  const signed = secrets.map((secret) => createHmac("sha256", secret).update(`${seconds}.${body}`).digest("hex"));
  return [`t=${seconds}`, ...signed.map((signature) => `v1=${signature}`)].join(",");
}
