import type { Provider } from "@reminder-app/channels/accounts";
import { sealedColumns } from "@reminder-app/db/sealed-columns";
import { recordAudit } from "../audit/record-audit.ts";
import { type Ctx, inTransaction, requireRole } from "../ctx.ts";
import { isRemoved } from "./account.ts";
import { credentialRepo } from "./credentials.repo.ts";

/** Send by the installation's account again. The secret is gone at once. Nothing happens when there is none. */
export async function removeCredential(ctx: Ctx, provider: Provider): Promise<void> {
  requireRole(ctx, "admin", "remove provider accounts");
  await inTransaction(ctx, async (tx) => {
    const repo = credentialRepo(tx);
    const before = await repo.find(provider);
    if (!before || isRemoved(before)) return;
    const cell = sealedColumns.credentialSecret.cell(before);
    await repo.put({ ...before, details: {}, secret: tx.vault.seal("{}", cell), lastFour: "", updatedAt: tx.now() });
    await recordAudit(tx, "credential.removed", { entityId: tx.businessId, provider });
  });
}
