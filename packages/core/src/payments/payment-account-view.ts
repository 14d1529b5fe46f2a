import type { PaymentAccountKind } from "@reminder-app/db/schema/payments";
import type { PaymentAccount } from "./payment-accounts.repo.ts";

/** An account as the business may see it: without its secrets. */
export interface PaymentAccountView {
  readonly kind: PaymentAccountKind;
  readonly accountId: string;
  readonly mode: "live" | "test";
  /** Whether clients can pay by it. */
  readonly chargesEnabled: boolean;
  /** `…` and the last four characters of the key, where it is the business's own. */
  readonly secretKey: string | null;
  /** How many secrets its webhooks may be signed with: two while it is changed. */
  readonly webhookSecrets: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

export function viewPaymentAccount(account: PaymentAccount): PaymentAccountView {
  const { kind, accountId, liveMode, chargesEnabled, lastFour, createdAt, updatedAt } = account;
  const secrets = [account.webhookSecret, account.oldWebhookSecret].filter((secret) => secret !== null);
  return {
    kind,
    accountId,
    mode: liveMode ? "live" : "test",
    chargesEnabled,
    secretKey: lastFour === null ? null : `…${lastFour}`,
    webhookSecrets: secrets.length,
    createdAt,
    updatedAt,
  };
}
