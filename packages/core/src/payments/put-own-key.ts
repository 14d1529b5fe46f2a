import { sealedColumns } from "@reminder-app/db/sealed-columns";
import type { ProviderAccount } from "@reminder-app/payments/gateway";
import { AppError, invalid } from "@reminder-app/platform/errors";
import { z } from "zod";
import { recordAudit } from "../audit/record-audit.ts";
import { businessRepo } from "../businesses/businesses.repo.ts";
import { type Ctx, inTransaction, requireRole } from "../ctx.ts";
import { type AccountDeps, accountFacts, requireAnswer, requireFittingMode } from "./fit-account.ts";
import { leaveAccount, requireLeft } from "./leave-account.ts";
import { type PaymentAccountView, viewPaymentAccount } from "./payment-account-view.ts";
import { type PaymentAccount, paymentAccountRepo } from "./payment-accounts.repo.ts";

const LAST = 4;
const secret = z.string().regex(/^[\x21-\x7e]{8,255}$/, "must be 8 to 255 visible ASCII characters without blanks");

export const OwnKeyInput = z
  .strictObject({
    secretKey: secret.optional().describe("A restricted key of your own account; it is never shown again"),
    webhookSecret: secret
      .optional()
      .describe("Signs what your account reports to webhookUrl; the one before stays valid until it is taken away"),
    oldWebhookSecret: z.null().optional().describe("null takes the one before away"),
  })
  .refine((input) => Object.values(input).some((value) => value !== undefined), "must name what is to change");

/**
 * Let money arrive in an account of the business's own from now on, by its own key, or change that key or the secret of
 * its webhooks. The key is tried before it is kept. Throws `conflict` when the account is another business's.
 */
export async function putOwnKey(ctx: Ctx, deps: AccountDeps, input: Input): Promise<PaymentAccountView> {
  requireRole(ctx, "admin", "set where money arrives");
  const found = input.secretKey === undefined ? undefined : await tryKey(ctx, deps, input.secretKey);
  const current = await paymentAccountRepo(ctx).find();
  if (current && found && !isSame(current, found)) await leaveAccount(ctx, deps, current);
  return inTransaction(ctx, async (tx) => {
    await businessRepo(tx).lock();
    const repo = paymentAccountRepo(tx);
    const before = await repo.lock();
    const staying = before && (!found || isSame(before, found)) ? before : undefined;
    if (!found && staying?.kind !== "own_key")
      throw new AppError("conflict", "There is no key of your own yet; give secretKey first");
    if (before && !staying) await requireLeft(tx);
    const row = { ...written(tx, { input, found, staying }), updatedAt: tx.now() };
    await repo.put(row, before);
    await recordAudit(tx, "payment_account.set", {
      entityId: tx.businessId,
      kind: row.kind,
      accountId: row.accountId,
      changed: Object.keys(input).filter((name) => input[name as keyof typeof input] !== undefined),
    });
    return viewPaymentAccount({ ...row, businessId: tx.businessId });
  });
}

async function tryKey(ctx: Ctx, deps: AccountDeps, secretKey: string): Promise<ProviderAccount> {
  const answer = await deps.gateway.getAccount({ kind: "own_key", accountId: "", secretKey });
  const found = requireAnswer(answer, "secretKey");
  await requireFittingMode(ctx, deps, { liveMode: found.liveMode, field: "secretKey" });
  if (!found.chargesEnabled)
    throw invalid("secretKey", "is of an account that cannot take payments yet; finish its activation at the provider");
  return found;
}

/** What is done in one mode of an account, its other mode knows nothing of. */
function isSame(before: PaymentAccount, found: ProviderAccount): boolean {
  return before.accountId === found.accountId && before.liveMode === found.liveMode;
}

type Input = z.output<typeof OwnKeyInput>;

interface Change {
  readonly input: Input;
  readonly found: ProviderAccount | undefined;
  /** The same account as it was kept. */
  readonly staying: PaymentAccount | undefined;
}

function written(tx: Ctx, { input, found, staying }: Change): Omit<PaymentAccount, "businessId" | "updatedAt"> {
  const facts = found ?? staying;
  if (!facts) throw new Error("An account is written when it was found or is there");
  const own = staying?.kind === "own_key" ? staying : undefined;
  return {
    ...accountFacts(facts),
    ...keyOf(tx, input, own),
    ...webhookSecretsOf(tx, input, own),
    kind: "own_key",
    createdAt: staying?.createdAt ?? tx.now(),
  };
}

function keyOf({ vault, businessId }: Ctx, { secretKey }: Input, own: PaymentAccount | undefined) {
  if (secretKey === undefined) return { secretKey: own?.secretKey ?? null, lastFour: own?.lastFour ?? null };
  const cell = sealedColumns.paymentKey.cell({ businessId });
  return { secretKey: vault.seal(secretKey, cell), lastFour: secretKey.slice(-LAST) };
}

/** A new secret moves the one before it aside, which stays valid: what was signed with it may still be on its way. */
function webhookSecretsOf({ vault, businessId }: Ctx, input: Input, own: PaymentAccount | undefined) {
  const { webhookSecret: secret, oldWebhookSecret: takenAway } = input;
  const current = own?.webhookSecret ?? null;
  const old = takenAway === null ? null : (own?.oldWebhookSecret ?? null);
  if (secret === undefined) return { webhookSecret: current, oldWebhookSecret: old };
  const key = { businessId };
  const before = current && vault.open(current, sealedColumns.paymentWebhookSecret.cell(key));
  return {
    webhookSecret: vault.seal(secret, sealedColumns.paymentWebhookSecret.cell(key)),
    oldWebhookSecret: before ? vault.seal(before, sealedColumns.oldPaymentWebhookSecret.cell(key)) : old,
  };
}
