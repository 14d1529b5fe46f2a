import type { ProviderAccount } from "@reminder-app/payments/gateway";
import { AppError } from "@reminder-app/platform/errors";
import { recordAudit } from "../audit/record-audit.ts";
import { businessRepo } from "../businesses/businesses.repo.ts";
import { type Ctx, inTransaction, requireRole } from "../ctx.ts";
import { type AccountDeps, accountFacts, requireAnswer, requireFittingMode } from "./fit-account.ts";
import { leaveAccount, requireLeft } from "./leave-account.ts";
import { type PaymentAccount, paymentAccountRepo } from "./payment-accounts.repo.ts";

export interface Onboarding {
  readonly refreshUrl: string;
  readonly returnUrl: string;
}

/**
 * A page of the provider's where the business enters what its account under the platform needs; the account is opened
 * once. It takes the place of a key of the business's own. Throws `conflict` where the installation has no platform.
 */
export async function startOnboarding(ctx: Ctx, deps: AccountDeps, onboarding: Onboarding): Promise<{ url: string }> {
  requireRole(ctx, "admin", "open a payment account");
  const { gateway } = deps;
  if (!gateway.hasPlatform)
    throw new AppError(
      "conflict",
      "This installation has no payment platform; set a restricted key of your own instead",
    );
  const current = await paymentAccountRepo(ctx).find();
  const accountId = current?.kind === "connect" ? current.accountId : await openAccount(ctx, deps, current);
  const { refreshUrl, returnUrl } = onboarding;
  return { url: requireAnswer(await gateway.onboardingUrl(accountId, { refreshUrl, returnUrl }), "account") };
}

async function openAccount(ctx: Ctx, deps: AccountDeps, current: PaymentAccount | undefined): Promise<string> {
  const answer = await deps.gateway.createAccount({ key: `account-${ctx.businessId}` });
  const made = requireAnswer(answer, "account");
  await requireFittingMode(ctx, deps, { liveMode: made.liveMode, field: "account" });
  if (current) await leaveAccount(ctx, deps, current);
  await inTransaction(ctx, (tx) => keep(tx, made));
  return made.accountId;
}

async function keep(tx: Ctx, made: ProviderAccount): Promise<void> {
  await businessRepo(tx).lock();
  const repo = paymentAccountRepo(tx);
  const before = await repo.lock();
  if (before?.accountId === made.accountId) return;
  if (before) await requireLeft(tx);
  const now = tx.now();
  const empty = { secretKey: null, lastFour: null, webhookSecret: null, oldWebhookSecret: null };
  await repo.put({ ...accountFacts(made), ...empty, kind: "connect", createdAt: now, updatedAt: now }, before);
  const { accountId } = made;
  await recordAudit(tx, "payment_account.connected", { entityId: tx.businessId, kind: "connect", accountId });
}
