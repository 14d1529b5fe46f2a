import type { Channel } from "@reminder-app/channels/channel";
import { MINUTE_MS, after } from "@reminder-app/platform/clock";
import type { Id } from "@reminder-app/platform/ids";
import { createBatcher } from "../batcher.ts";
import { type Ctx, type SystemCtx, actFor } from "../ctx.ts";
import { type ClaimResult, claimDeliveries } from "./claim-deliveries.ts";
import { createComposer, handOver } from "./hand-over.ts";
import { type Outcome, type Recorded, recordOutcomes } from "./record-outcomes.ts";
import { type Resolution, resolveUnknown } from "./resolve-unknown.ts";
import type { DeliveryTiming } from "./timing.ts";

export interface DeliveryKey {
  readonly businessId: Id<"Business">;
  readonly deliveryId: Id<"Delivery">;
}

/** By what a business sends on a channel. */
export interface Sender {
  readonly channel: Channel;
  /** Since when it is this account; undefined where it has always been. */
  readonly since?: Date | undefined;
}

export interface DelivererOptions {
  readonly system: SystemCtx;
  /** Undefined when there is no provider: deliveries wait for one, until they expire. */
  readonly senderOf: (businessId: Id<"Business">) => Promise<Sender | undefined>;
  readonly timing: DeliveryTiming;
  /** Where clients reach the API, for the links in messages. */
  readonly publicUrl: string;
  /** How many messages of one business may leave in a day (UTC). */
  readonly sendsPerDay: number;
}

const BATCH = 100;

/**
 * Sends deliveries of one channel: claim (commit), call the provider, record (commit). Claims and records of
 * deliveries that are in hand at the same time share their transactions.
 */
export function createDeliverer({
  system,
  senderOf,
  timing,
  publicUrl,
  sendsPerDay,
}: DelivererOptions): (key: DeliveryKey) => Promise<Resolution> {
  const composer = createComposer();
  const parts = { timing, composer, publicUrl };
  const ctxOf = (businessId: Id<"Business">): Ctx => actFor(system, businessId, "deliver");

  const claim = createBatcher<DeliveryKey & Pick<Sender, "channel">, ClaimResult>({
    atMost: BATCH,
    keyOf: ({ businessId }) => businessId,
    run: (keys) => {
      const ids = keys.map(({ deliveryId }) => deliveryId);
      const { businessId, channel } = firstOf(keys);
      return claimDeliveries(ctxOf(businessId), ids, {
        channel,
        leaseMs: timing.leaseMs,
        sendsPerDay,
        templates: composer.templates,
      });
    },
  });
  const record = createBatcher<Outcome, Recorded>({
    atMost: BATCH,
    keyOf: ({ claim: { delivery } }) => delivery.businessId,
    run: (outcomes) => {
      const businessId = firstOf(outcomes).claim.delivery.businessId;
      return recordOutcomes(ctxOf(businessId), outcomes, timing);
    },
  });

  return async (key) => {
    const ctx = ctxOf(key.businessId);
    // Before the claim: a process may be stopped for long while its answer is on the way.
    const askedAt = performance.now();
    const sender = await senderOf(key.businessId);
    if (!sender) return { kind: "wait", until: after(system.now(), MINUTE_MS) };
    const claimed = await claim({ ...key, channel: sender.channel });
    switch (claimed.kind) {
      case "not_ours":
        return { kind: "done" };
      case "wait":
        return claimed;
      case "unknown":
        return resolveUnknown(ctx, key.deliveryId, { ...parts, ...sender });
      case "claimed": {
        const result = await handOver(ctx, { claim: claimed, askedAt }, { ...parts, ...sender });
        const recorded = await record({ claim: claimed, result, provider: sender.channel.provider });
        return recorded?.nextAt ? { kind: "wait", until: recorded.nextAt } : { kind: "done" };
      }
    }
  };
}

function firstOf<Item>([first]: readonly Item[]): Item {
  if (!first) throw new Error("A batch is never empty");
  return first;
}
