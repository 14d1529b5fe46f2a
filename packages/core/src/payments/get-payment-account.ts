import type { GatewayAccount } from "@reminder-app/payments/gateway";
import { type Ctx, inTransaction, requireRole } from "../ctx.ts";
import { type PaymentDeps, asGatewayAccount } from "./gateway-account.ts";
import { type PaymentAccountView, viewPaymentAccount } from "./payment-account-view.ts";
import { paymentAccountRepo } from "./payment-accounts.repo.ts";

/** The business's payment account without its secrets; undefined when it has none. One that cannot take payments is looked at again. */
export async function getPaymentAccount(ctx: Ctx, deps: PaymentDeps): Promise<PaymentAccountView | undefined> {
  requireRole(ctx, "admin", "see where money arrives");
  const account = await paymentAccountRepo(ctx).find();
  if (!account) return undefined;
  if (!account.chargesEnabled) await refreshAccount(ctx, deps, asGatewayAccount(ctx, account));
  const latest = await paymentAccountRepo(ctx).find();
  return latest && viewPaymentAccount(latest);
}

/**
 * Keep whether the account can take payments now; one that the provider lets us into no more cannot. False when the
 * provider could not be asked.
 */
export async function refreshAccount(ctx: Ctx, { gateway }: PaymentDeps, account: GatewayAccount): Promise<boolean> {
  const answer = await gateway.getAccount(account);
  if (answer.kind === "unavailable") return false;
  const chargesEnabled = answer.kind === "done" && answer.value.chargesEnabled;
  await inTransaction(ctx, async (tx) => {
    const repo = paymentAccountRepo(tx);
    const known = await repo.lock();
    if (known?.accountId !== account.accountId || known.chargesEnabled === chargesEnabled) return;
    await repo.update({ chargesEnabled, updatedAt: tx.now() });
  });
  return true;
}
