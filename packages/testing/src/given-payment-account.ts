import { randomBytes } from "node:crypto";
import { type Ctx, actFor } from "@reminder-app/core/ctx";
import { paymentAccountRepo } from "@reminder-app/core/payments/payment-accounts.repo";
import { paymentEvents } from "@reminder-app/db/schema/payments";
import { sealedColumns } from "@reminder-app/db/sealed-columns";
import type { Id } from "@reminder-app/platform/ids";
import { asc, eq } from "drizzle-orm";
import { liveSystem } from "./given-business.ts";

export interface GivenAccount {
  readonly kind?: "connect" | "own_key";
  readonly accountId?: string;
  readonly liveMode?: boolean;
  /** Of an account by an own key: what its webhooks are signed with. */
  readonly webhookSecret?: string;
}

/** A payment account as it is kept once it was set; the provider is not asked. Answers with its name there. */
export async function givenPaymentAccount(businessId: string, account: GivenAccount = {}): Promise<string> {
  const ctx = ctxOf(businessId);
  const { kind = "connect", accountId = anAccountId(), liveMode = false, webhookSecret } = account;
  const now = ctx.now();
  const sealed = (column: "paymentKey" | "paymentWebhookSecret", value: string) =>
    ctx.vault.seal(value, sealedColumns[column].cell({ businessId: ctx.businessId }));
  const row = {
    kind,
    accountId,
    liveMode,
    chargesEnabled: true,
    secretKey: kind === "own_key" ? sealed("paymentKey", "rk_test_of_tests") : null,
    lastFour: kind === "own_key" ? "ests" : null,
    webhookSecret: webhookSecret === undefined ? null : sealed("paymentWebhookSecret", webhookSecret),
    oldWebhookSecret: null,
    createdAt: now,
    updatedAt: now,
  };
  await paymentAccountRepo(ctx).put(row, undefined);
  return accountId;
}

/** An account that no other test has. */
export function anAccountId(): string {
  return `acct_${randomBytes(8).toString("hex")}`;
}

/** What was stored of what happened in a business's account, in the order in which it came. */
export async function paymentEventsOf(businessId: string) {
  const { eventKey, type, objectId, accountId, result } = paymentEvents;
  return ctxOf(businessId)
    .db.select({ eventKey, type, objectId, accountId, result })
    .from(paymentEvents)
    .where(eq(paymentEvents.businessId, businessId as Id<"Business">))
    .orderBy(asc(paymentEvents.id));
}

function ctxOf(businessId: string): Ctx {
  return actFor(liveSystem, businessId as Id<"Business">, "test");
}
