import type { Channel, MessageContent, SendResult } from "@reminder-app/channels/channel";
import { AppError } from "@reminder-app/platform/errors";
import type { Id } from "@reminder-app/platform/ids";
import { createBatcher } from "../batcher.ts";
import { type Ctx, type SystemCtx, actFor } from "../ctx.ts";
import { openAddress } from "../clients/contact.ts";
import { templateSource } from "../reminders/template-source.ts";
import { createRenderer } from "../templates/render-message.ts";
import { type Claim, type ClaimResult, claimDeliveries } from "./claim-deliveries.ts";
import { composeMessage } from "./compose-message.ts";
import { type Outcome, type Recorded, recordOutcomes } from "./record-outcomes.ts";
import { resolveUnknown } from "./resolve-unknown.ts";
import type { DeliveryTiming } from "./timing.ts";

export interface DeliveryKey {
  readonly businessId: Id<"Business">;
  readonly deliveryId: Id<"Delivery">;
}

export type DeliverResult =
  /** Nothing more to do for this job. */
  | { readonly kind: "done" }
  /** Look again at `until`. */
  | { readonly kind: "wait"; readonly until: Date };

export interface DelivererOptions {
  readonly system: SystemCtx;
  readonly channel: Channel;
  readonly timing: DeliveryTiming;
}

const BATCH = 100;
/** Past this part of its lease a process no longer writes to a provider: another may own the delivery soon. */
const LEASE_PART = 2 / 3;

/**
 * Sends deliveries of one channel: claim (commit), call the provider, record (commit). Claims and records of
 * deliveries that are in hand at the same time share their transactions.
 */
export function createDeliverer({
  system,
  channel,
  timing,
}: DelivererOptions): (key: DeliveryKey) => Promise<DeliverResult> {
  const renderer = createRenderer();
  const templates = templateSource();
  const ctxOf = (businessId: Id<"Business">): Ctx => actFor(system, businessId, "deliver");

  const claim = createBatcher<DeliveryKey, ClaimResult>({
    atMost: BATCH,
    keyOf: ({ businessId }) => businessId,
    run: (keys) =>
      claimDeliveries(
        ctxOf(onlyBusiness(keys)),
        keys.map(({ deliveryId }) => deliveryId),
        { channel, leaseMs: timing.leaseMs },
      ),
  });
  const record = createBatcher<Outcome, Recorded>({
    atMost: BATCH,
    keyOf: ({ claim: { delivery } }) => delivery.businessId,
    run: (outcomes) =>
      recordOutcomes(ctxOf(onlyBusiness(outcomes.map((outcome) => outcome.claim.delivery))), outcomes, timing),
  });

  async function send(claimed: Claim): Promise<SendResult> {
    const claimedAt = performance.now();
    const ctx = ctxOf(claimed.delivery.businessId);
    const content = await compose(ctx, claimed);
    if (!("text" in content)) return content;
    if (performance.now() - claimedAt > timing.leaseMs * LEASE_PART) return tooLate;
    const { delivery, context, token } = claimed;
    const address = openAddress(ctx, {
      contactId: delivery.contactId,
      channel: delivery.channel,
      address: context.address ?? noAddress(),
    });
    return channel.send(
      { deliveryId: delivery.id, token, to: address, senderName: context.business.name, content },
      AbortSignal.timeout(timing.providerMs),
    );
  }

  async function compose(ctx: Ctx, claimed: Claim): Promise<MessageContent | SendResult> {
    const { delivery, context } = claimed;
    const template = await templates.load(ctx, { id: delivery.reminderId, revision: context.reminder.revision });
    try {
      return composeMessage(renderer, template, claimed);
    } catch (thrown) {
      if (!(thrown instanceof AppError)) throw thrown;
      return { kind: "refused", code: "template/empty_field", reason: thrown.message };
    }
  }

  return async (key) => {
    const claimed = await claim(key);
    switch (claimed.kind) {
      case "not_ours":
        return { kind: "done" };
      case "wait":
        return claimed;
      case "unknown":
        return resolveUnknown(ctxOf(key.businessId), key.deliveryId, { channel, timing, templates, renderer });
      case "claimed": {
        const recorded = await record({ claim: claimed, result: await send(claimed), provider: channel.provider });
        return recorded?.nextAt ? { kind: "wait", until: recorded.nextAt } : { kind: "done" };
      }
    }
  };
}

const tooLate: SendResult = {
  kind: "throttled",
  code: "lease_nearly_over",
  reason: "the process was stopped for too long before the call",
};

function onlyBusiness([first]: readonly { readonly businessId: Id<"Business"> }[]): Id<"Business"> {
  if (!first) throw new Error("A batch is never empty");
  return first.businessId;
}

function noAddress(): never {
  throw new Error("A claim without an address was let through");
}
