import type { Receipt } from "@reminder-app/channels/channel";
import { type Id, newId } from "@reminder-app/platform/ids";
import { maskAddresses } from "@reminder-app/platform/mask";
import type { Ctx, SystemCtx } from "../ctx.ts";
import { attemptRepo } from "../deliveries/attempts.repo.ts";
import { providerEventRepo } from "./provider-events.repo.ts";

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** So many rows in a statement at most. */
const CHUNK = 1_000;

/**
 * The same for what came by a business's own account: whoever has that account's secret may sign anything, so only what
 * is about attempts of this business is stored.
 */
export async function storeOwnReceipts(ctx: Ctx, receipts: readonly Receipt[]): Promise<Id<"ProviderEvent">[]> {
  const tokens = receipts.flatMap(({ token }) =>
    token !== undefined && UUID.test(token) ? [token.toLowerCase()] : [],
  );
  const own = new Set<string>(await attemptRepo(ctx).existingTokens(tokens as Id<"Attempt">[]));
  return storeReceipts(
    ctx,
    receipts.filter(({ token }) => token !== undefined && own.has(token.toLowerCase())),
  );
}

/** Store what a provider reports, before it is answered. Returns the ids to be applied. */
export async function storeReceipts(system: SystemCtx, receipts: readonly Receipt[]): Promise<Id<"ProviderEvent">[]> {
  const receivedAt = system.now();
  const events = receipts.map((receipt) => ({
    id: newId<"ProviderEvent">(),
    provider: receipt.provider,
    account: receipt.account.slice(0, 64),
    eventKey: receipt.eventKey.slice(0, 255),
    token: receipt.token !== undefined && UUID.test(receipt.token) ? (receipt.token as Id<"Attempt">) : null,
    providerMessageId: receipt.providerMessageId?.slice(0, 255) ?? null,
    status: receipt.status,
    code: receipt.code?.slice(0, 64) ?? null,
    reason: receipt.reason === undefined ? null : maskAddresses(receipt.reason).slice(0, 500),
    receivedAt,
  }));
  for (let from = 0; from < events.length; from += CHUNK)
    await providerEventRepo(system.db).insertManyOnce(events.slice(from, from + CHUNK));
  return events.map(({ id }) => id);
}
