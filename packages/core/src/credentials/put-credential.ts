import type { Account } from "@reminder-app/channels/accounts";
import { sealedColumns } from "@reminder-app/db/sealed-columns";
import { changesOf } from "../audit/changes.ts";
import { recordAudit } from "../audit/record-audit.ts";
import { type Ctx, inTransaction, requireRole } from "../ctx.ts";
import { type CredentialView, isRemoved, takeApart, viewCredential } from "./account.ts";
import { credentialRepo } from "./credentials.repo.ts";

/** Send by an account of the business's own from now on. Its secret is never shown again. */
export async function putCredential(ctx: Ctx, account: Account): Promise<CredentialView> {
  requireRole(ctx, "admin", "set provider accounts");
  const { provider } = account;
  const { details, secret, lastFour } = takeApart(account);
  return inTransaction(ctx, async (tx) => {
    const repo = credentialRepo(tx);
    const before = await repo.find(provider);
    const now = tx.now();
    const cell = sealedColumns.credentialSecret.cell({ businessId: tx.businessId, provider });
    const createdAt = before && !isRemoved(before) ? before.createdAt : now;
    const row = { provider, details, secret: tx.vault.seal(secret, cell), lastFour, createdAt, updatedAt: now };
    await repo.put(row);
    await recordAudit(tx, "credential.set", {
      entityId: tx.businessId,
      provider,
      changes: changesOf(before?.details ?? {}, details),
    });
    return viewCredential({ ...row, businessId: tx.businessId });
  });
}
