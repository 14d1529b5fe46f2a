import type { Channel, MessageContent, SendResult } from "@reminder-app/channels/channel";
import { AppError } from "@reminder-app/platform/errors";
import { openAddress } from "../clients/contact.ts";
import { unsubscribeUrl } from "../consent/unsubscribe-link.ts";
import type { Ctx } from "../ctx.ts";
import { onOneLine } from "../hidden-characters.ts";
import { type TemplateSource, templateSource } from "../reminders/template-source.ts";
import { type MessageRenderer, createRenderer } from "../templates/render-message.ts";
import type { Claim } from "./claim-deliveries.ts";
import { composeMessage } from "./compose-message.ts";
import { withDecidedText } from "./decided-text.ts";
import type { DeliveryTiming } from "./timing.ts";

/** What writes messages: texts by revision, parsed once. */
export interface Composer {
  readonly templates: TemplateSource;
  readonly renderer: MessageRenderer;
}

export function createComposer(): Composer {
  return { templates: templateSource(), renderer: createRenderer() };
}

export interface HandOver {
  readonly channel: Channel;
  /** Since when the business sends by this account. */
  readonly since?: Date | undefined;
  readonly timing: DeliveryTiming;
  readonly composer: Composer;
  /** Where clients reach the API, for the links in messages. */
  readonly publicUrl: string;
}

/** Past this part of its lease a process no longer writes to a provider: another may own the delivery soon. */
const LEASE_PART = 2 / 3;

/** A claim, and when it was asked for by the process's own monotonic clock, which runs on while the process stands still. */
export interface TimedClaim {
  readonly claim: Claim;
  readonly askedAt: number;
}

/** Write the message of a claim and hand it to the provider. Answers with what came of it; rejects only for our own bugs. */
export async function handOver(
  ctx: Ctx,
  { claim, askedAt }: TimedClaim,
  { channel, timing, composer, publicUrl }: HandOver,
): Promise<SendResult> {
  const content = await compose(ctx, claim, composer);
  if (!("text" in content)) return content;
  if (performance.now() - askedAt > timing.leaseMs * LEASE_PART) return tooLate;
  return channel.send(
    {
      deliveryId: claim.delivery.id,
      token: claim.token,
      to: addressOf(ctx, claim),
      senderName: onOneLine(claim.context.business.name),
      content,
      ...(channel.wantsUnsubscribeUrl && {
        unsubscribeUrl: unsubscribeUrl({ vault: ctx.vault, publicUrl }, toKey(claim)),
      }),
    },
    AbortSignal.timeout(timing.providerMs),
  );
}

async function compose(
  ctx: Ctx,
  claim: Claim,
  { templates, renderer }: Composer,
): Promise<MessageContent | SendResult> {
  const { delivery, context } = claim;
  const template = await templates.load(ctx, {
    id: delivery.reminderId,
    revision: context.revision,
    stepId: delivery.stepId,
  });
  try {
    return composeMessage(renderer, withDecidedText(template, delivery, context), {
      context,
      channel: delivery.channel,
    });
  } catch (thrown) {
    if (!(thrown instanceof AppError)) throw thrown;
    return { kind: "refused", code: "template/empty_field", reason: thrown.message };
  }
}

function toKey({ delivery: { businessId, id } }: Claim) {
  return { businessId, deliveryId: id };
}

function addressOf(ctx: Ctx, { delivery, context }: Claim): string {
  if (context.address === null) throw new Error("A claim without an address was let through");
  return openAddress(ctx, { contactId: delivery.contactId, channel: delivery.channel, address: context.address });
}

const tooLate: SendResult = {
  kind: "throttled",
  code: "lease_nearly_over",
  reason: "the process was stopped for too long before the call",
};
