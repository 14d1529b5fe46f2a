import { sealedColumns } from "@reminder-app/db/sealed-columns";
import type { Ctx } from "../ctx.ts";
import { paymentAccountRepo } from "./payment-accounts.repo.ts";

/** The secrets that the webhooks of the business's own account may be signed with, in clear; none when it has none. */
export async function findWebhookSecrets(ctx: Ctx): Promise<readonly string[]> {
  const account = await paymentAccountRepo(ctx).find();
  if (account?.kind !== "own_key") return [];
  const { webhookSecret, oldWebhookSecret } = account;
  return [
    ...(webhookSecret ? [ctx.vault.open(webhookSecret, sealedColumns.paymentWebhookSecret.cell(account))] : []),
    ...(oldWebhookSecret
      ? [ctx.vault.open(oldWebhookSecret, sealedColumns.oldPaymentWebhookSecret.cell(account))]
      : []),
  ];
}
