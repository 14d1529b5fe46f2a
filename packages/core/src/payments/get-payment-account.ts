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

/** Keep whether the account can take payments now. False when the provider could not be asked, or does not know it. */
export async function refreshAccount(ctx: Ctx, { gateway }: PaymentDeps, account: GatewayAccount): Promise<boolean> {
  const answer = await gateway.getAccount(account);
  if (answer.kind !== "done") return false;
  const { accountId, chargesEnabled } = answer.value;
  await inTransaction(ctx, async (tx) => {
    const repo = paymentAccountRepo(tx);
    const known = await repo.find();
    if (known?.accountId !== accountId || known.chargesEnabled === chargesEnabled) return;
    await repo.update({ chargesEnabled, updatedAt: tx.now() });
  });
  return true;
}
