import type { Id } from "@reminder-app/platform/ids";
import { recordAudit } from "../audit/record-audit.ts";
import { type Ctx, inTransaction, requireRole } from "../ctx.ts";
import { apiKeyRepo } from "./api-keys.repo.ts";

/** End a key; within a second no request with it is answered any more. Throws `not_found`. */
export async function revokeApiKey(ctx: Ctx, id: Id<"ApiKey">): Promise<void> {
  requireRole(ctx, "admin", "revoke API keys");
  await inTransaction(ctx, async (tx) => {
    await apiKeyRepo(tx).get(id);
    if (await apiKeyRepo(tx).revoke(id, tx.now())) await recordAudit(tx, "api_key.revoked", { entityId: id });
  });
}
