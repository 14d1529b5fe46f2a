import { sealedColumns } from "@reminder-app/db/sealed-columns";
import type { GatewayAccount, PaymentGateway } from "@reminder-app/payments/gateway";
import type { Ctx } from "../ctx.ts";
import { type PaymentAccount, paymentAccountRepo } from "./payment-accounts.repo.ts";

/** What verbs need that ask a payment provider. */
export interface PaymentDeps {
  readonly gateway: PaymentGateway;
}

/** Where the business's money arrives, as the gateway wants it: with its key in clear. Undefined when it has no account. */
export async function findGatewayAccount(ctx: Ctx): Promise<GatewayAccount | undefined> {
  const account = await paymentAccountRepo(ctx).find();
  return account && asGatewayAccount(ctx, account);
}

/** Whether the business's clients can pay online at present. */
export async function canTakePayments(ctx: Ctx): Promise<boolean> {
  return (await paymentAccountRepo(ctx).find())?.chargesEnabled ?? false;
}

export function asGatewayAccount({ vault }: Pick<Ctx, "vault">, account: PaymentAccount): GatewayAccount {
  const { kind, accountId, secretKey } = account;
  if (kind === "connect" || !secretKey) return { kind: "connect", accountId };
  return { kind, accountId, secretKey: vault.open(secretKey, sealedColumns.paymentKey.cell(account)) };
}
