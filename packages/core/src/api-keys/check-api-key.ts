import type { BusinessMode } from "@reminder-app/db/schema/businesses";
import { MINUTE_MS, after } from "@reminder-app/platform/clock";
import { sha256 } from "@reminder-app/platform/crypto";
import { AppError } from "@reminder-app/platform/errors";
import { businessRepo } from "../businesses/businesses.repo.ts";
import { type Ctx, type SystemCtx, actFor, lesserRole } from "../ctx.ts";
import { type Membership, memberRepo } from "../members/members.repo.ts";
import { reachOf } from "../members/check-session.ts";
import { findApiKey } from "../system/api-key-lookup.repo.ts";
import { type ApiKey, apiKeyRepo } from "./api-keys.repo.ts";
import type { KeyScope } from "./key-scopes.ts";

const FORM = /^rk_(live|test)_[\w-]{43}$/;

/** For whom a key acts. */
export type KeyHolder = Pick<Ctx, "businessId" | "actor" | "clientsOf"> & { readonly mode: BusinessMode };

/**
 * Whose key this is. It can do no more than the member who made it can now. Throws `key_invalid`, `key_expired`, or
 * `key_revoked`, also when its business or that member has ended.
 */
export async function checkApiKey(system: SystemCtx, key: string): Promise<KeyHolder> {
  const found = FORM.test(key) ? await findApiKey(system.db, sha256(key)) : undefined;
  if (!found) throw new AppError("key_invalid", "There is no such API key");
  const { businessId, id: keyId } = found;
  const ctx = actFor(system, businessId, "authenticate");
  const row = await apiKeyRepo(ctx).get(keyId);
  const [business, maker] = await Promise.all([businessRepo(ctx).get(), memberRepo(ctx).findMembership(row.createdBy)]);
  refuseEnded(row, system.now());
  if (row.kind !== business.mode)
    throw new AppError("key_invalid", `It is a ${row.kind} key, and the business is a ${business.mode} one`);
  const member = requireActive(maker);

  const minuteAgo = after(system.now(), -MINUTE_MS);
  if (!row.lastUsedAt || row.lastUsedAt <= minuteAgo) await apiKeyRepo(ctx).touch(keyId, system.now(), minuteAgo);
  const role = lesserRole(row.role, member.role);
  return {
    businessId,
    mode: business.mode,
    actor: { kind: "key", keyId, role, scopes: row.scopes as KeyScope[] },
    ...reachOf(member),
  };
}

function refuseEnded({ revokedAt, expiresAt }: ApiKey, now: Date): void {
  if (revokedAt) throw new AppError("key_revoked", "The API key was revoked; make a new one");
  if (expiresAt <= now) throw new AppError("key_expired", "The API key has expired; make a new one");
}

function requireActive(maker: Membership | undefined): Membership {
  if (!maker || maker.disabledAt || maker.member.disabledAt)
    throw new AppError("key_revoked", "The member who made the API key can no longer act; make a new one");
  if (maker.businessStatus !== "active") throw new AppError("key_revoked", "The business of the API key is suspended");
  return maker;
}
