import { randomBytes } from "node:crypto";
import { DAY_MS, after } from "@reminder-app/platform/clock";
import { sha256 } from "@reminder-app/platform/crypto";
import { newId } from "@reminder-app/platform/ids";
import { z } from "zod";
import { recordAudit } from "../audit/record-audit.ts";
import { businessRepo } from "../businesses/businesses.repo.ts";
import { type Ctx, inTransaction, requireMember, requireRole } from "../ctx.ts";
import { line } from "../texts.ts";
import { type ApiKey, apiKeyRepo } from "./api-keys.repo.ts";
import { keyScopeNames } from "./key-scopes.ts";

export const keyRoles = ["viewer", "staff", "admin"] as const;

export const CreateApiKeyInput = z.strictObject({
  name: line(100).describe("What uses it"),
  role: z.enum(keyRoles),
  scopes: z
    .array(z.enum(keyScopeNames))
    .min(1)
    .max(keyScopeNames.length)
    .refine((scopes) => new Set(scopes).size === scopes.length, "names a scope twice"),
  expiresInDays: z.int().min(1).max(365).default(90),
});

/** Make a key for a program. The key itself is in this answer, and nowhere else: its hash is stored. */
export async function createApiKey(
  ctx: Ctx,
  { expiresInDays, ...input }: z.output<typeof CreateApiKeyInput>,
): Promise<ApiKey & { readonly key: string }> {
  requireRole(ctx, "admin", "make API keys");
  const createdBy = requireMember(ctx, "make API keys");
  return inTransaction(ctx, async (tx) => {
    const { mode: kind } = await businessRepo(tx).get();
    const key = `rk_${kind}_${randomBytes(32).toString("base64url")}`;
    const id = newId<"ApiKey">();
    const now = tx.now();
    const expiresAt = after(now, expiresInDays * DAY_MS);
    const fields = { ...input, id, kind, createdBy, createdAt: now, expiresAt };
    await apiKeyRepo(tx).insert({ ...fields, keyHash: sha256(key), lastFour: key.slice(-4) });
    const { role, scopes } = input;
    await recordAudit(tx, "api_key.created", { entityId: id, role, scopes, expiresAt: expiresAt.toISOString() });
    return { ...(await apiKeyRepo(tx).get(id)), key };
  });
}
