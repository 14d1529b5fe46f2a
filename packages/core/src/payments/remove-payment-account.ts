import { recordAudit } from "../audit/record-audit.ts";
import { businessRepo } from "../businesses/businesses.repo.ts";
import { type Ctx, inTransaction, requireRole } from "../ctx.ts";
import type { PaymentDeps } from "./gateway-account.ts";
import { leaveAccount, requireLeft } from "./leave-account.ts";
import { paymentAccountRepo } from "./payment-accounts.repo.ts";

/**
 * Clients can pay online no more; the key is gone at once. Nothing happens when there is no account. Throws `conflict`
 * while payments into it are on their way.
 */
export async function removePaymentAccount(ctx: Ctx, deps: PaymentDeps): Promise<void> {
  requireRole(ctx, "admin", "remove where money arrives");
  const current = await paymentAccountRepo(ctx).find();
  if (!current) return;
  const stillOpen = await leaveAccount(ctx, deps, current);
  await inTransaction(ctx, async (tx) => {
    await businessRepo(tx).lock();
    const repo = paymentAccountRepo(tx);
    const before = await repo.lock();
    if (!before) return;
    await requireLeft(tx);
    await repo.remove();
    const { kind, accountId } = before;
    await recordAudit(tx, "payment_account.removed", { entityId: tx.businessId, kind, accountId, stillOpen });
  });
}
