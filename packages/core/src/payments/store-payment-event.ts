import type { ProviderEvent } from "@reminder-app/payments/gateway";
import { type Id, newId } from "@reminder-app/platform/ids";
import { type Ctx, realNow } from "../ctx.ts";
import { type PaymentAccount, paymentAccountRepo } from "./payment-accounts.repo.ts";
import { paymentEventRepo } from "./payment-events.repo.ts";

/** `foreign`: it is about another account or the other mode, or about nothing that we keep. */
export type StoredEvent =
  | { readonly kind: "stored"; readonly id: Id<"PaymentEvent"> }
  | { readonly kind: "known" | "foreign" };

/**
 * Keep that something happened in the business's account, once, before it is answered. Only what the account of this
 * business, of the same kind and mode, reports is kept: another account's says nothing about it.
 */
export async function storePaymentEvent(
  ctx: Ctx,
  event: ProviderEvent,
  kind: PaymentAccount["kind"],
): Promise<StoredEvent> {
  const account = await paymentAccountRepo(ctx).find();
  const { about } = event;
  if (account?.kind !== kind || !isOf(account, event) || about.kind === "other") return { kind: "foreign" };
  const id = newId<"PaymentEvent">();
  const isNew = await paymentEventRepo(ctx).insertOnce({
    id,
    accountId: account.accountId,
    eventKey: event.eventKey,
    type: about.kind,
    objectId: about.id,
    receivedAt: realNow(ctx),
  });
  return isNew ? { kind: "stored", id } : { kind: "known" };
}

function isOf({ accountId, liveMode }: PaymentAccount, event: ProviderEvent): boolean {
  return event.liveMode === liveMode && (event.accountId ?? accountId) === accountId;
}
