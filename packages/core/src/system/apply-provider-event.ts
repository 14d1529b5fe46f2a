import { MINUTE_MS, after } from "@reminder-app/platform/clock";
import type { Id } from "@reminder-app/platform/ids";
import { type SystemCtx, actFor } from "../ctx.ts";
import { applyReceipt, findAttemptOf } from "../deliveries/apply-receipt.ts";
import { type ProviderEvent, providerEventRepo } from "./provider-events.repo.ts";

/** An event that names nothing of ours may have overtaken its attempt; after this it is filed as unmatched. */
const UNMATCHED_AFTER_MS = 10 * MINUTE_MS;
const MAX_CRASHES = 3;

/** Let a stored event move its delivery on; any number of times, in any order. */
export async function applyProviderEvent(system: SystemCtx, id: Id<"ProviderEvent">): Promise<void> {
  const repo = providerEventRepo(system.db);
  const event = await repo.find(id);
  if (!event || event.appliedAt) return;
  const businessId = await repo.businessOf(event);
  const applied = businessId !== undefined && (await applyWithin(system, businessId, event));
  if (applied) await repo.finish(id, "applied", system.now());
  else if (after(event.receivedAt, UNMATCHED_AFTER_MS) <= system.now())
    await repo.finish(id, "unmatched", system.now());
}

async function applyWithin(system: SystemCtx, businessId: Id<"Business">, event: ProviderEvent): Promise<boolean> {
  const ctx = actFor(system, businessId, "receipt");
  const attempt = await findAttemptOf(ctx, event);
  if (!attempt || attempt.provider !== event.provider) return false;
  await applyReceipt(ctx, attempt, {
    status: event.status,
    ...(event.code !== null && { code: event.code }),
    ...(event.reason !== null && { reason: event.reason }),
    ...(event.providerMessageId !== null && { providerMessageId: event.providerMessageId }),
  });
  return true;
}

/**
 * A bug of ours threw while the event was applied; the third time it is filed as failed, so that it blocks nobody.
 * Answers when to try again.
 */
export async function recordEventCrash(system: SystemCtx, id: Id<"ProviderEvent">): Promise<Date | undefined> {
  const repo = providerEventRepo(system.db);
  await repo.countCrash(id);
  const event = await repo.find(id);
  if (!event || event.appliedAt) return undefined;
  if (event.crashes < MAX_CRASHES) return after(system.now(), MINUTE_MS);
  await repo.finish(id, "failed", system.now());
  return undefined;
}
