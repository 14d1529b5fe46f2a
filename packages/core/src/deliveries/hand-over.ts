import type { Channel, MessageContent, OutboundMessage, SendResult } from "@reminder-app/channels/channel";
import { AppError } from "@reminder-app/platform/errors";
import type { Id } from "@reminder-app/platform/ids";
import { type CalendarDay, titleOf, writeCalendar } from "../calendar/write-calendar.ts";
import { openAddress } from "../clients/contact.ts";
import { unsubscribeUrl } from "../consent/unsubscribe-link.ts";
import type { Ctx } from "../ctx.ts";
import { missingLines } from "../documents/missing-items.ts";
import { linkUrl } from "../links/link-token.ts";
import { onOneLine } from "../hidden-characters.ts";
import { providerCode } from "../reasons.ts";
import { type TemplateSource, templateSource } from "../reminders/template-source.ts";
import { type MessageRenderer, type Written, createRenderer } from "../templates/render-message.ts";
import type { Claim } from "./claim-deliveries.ts";
import { composeMessage, writeText } from "./compose-message.ts";
import { deliveryRepo } from "./deliveries.repo.ts";
import { loadText } from "./load-text.ts";
import { RECEIPT_STEP } from "./receipts.ts";
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

const EMPTY_FIELD = "template/empty_field";

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
  const content = await compose(ctx, claim, { composer, publicUrl });
  if (!("text" in content)) return content;
  if (performance.now() - askedAt > timing.leaseMs * LEASE_PART) return tooLate;
  return channel.send(
    {
      deliveryId: claim.delivery.id,
      token: claim.token,
      to: addressOf(ctx, claim),
      senderName: onOneLine(claim.context.business.name),
      content,
      ...calendarOf(ctx, claim),
      ...(channel.wantsUnsubscribeUrl && {
        unsubscribeUrl: unsubscribeUrl({ vault: ctx.vault, publicUrl }, toKey(claim)),
      }),
    },
    AbortSignal.timeout(timing.providerMs),
  );
}

/** In mail the due dates of sequences come as a file too, which the next mail brings up to date. */
function calendarOf(ctx: Ctx, claim: Claim): Pick<OutboundMessage, "calendar"> {
  if (claim.delivery.channel !== "email") return {};
  const days = [claim, ...claim.lines].flatMap(({ delivery, context: { assignment, reminder } }): CalendarDay[] => {
    const { dueOn, period, calendarSequence: sequence } = assignment;
    if (delivery.stepId === null || delivery.stepId === RECEIPT_STEP || dueOn === null) return [];
    const { assignmentId } = delivery;
    return [{ assignmentId, sequence, dueOn, title: titleOf(reminder.name, period), isOver: false }];
  });
  const { name } = claim.context.business;
  return days.length === 0 ? {} : { calendar: writeCalendar(days, { name, now: ctx.now() }) };
}

/** The message with all of its lines. What cannot be written is left out, unless nothing is left. */
async function compose(
  ctx: Ctx,
  claim: Claim,
  { composer: { templates, renderer }, publicUrl }: Pick<HandOver, "composer" | "publicUrl">,
): Promise<MessageContent | SendResult> {
  const link = claim.linkToken === undefined ? undefined : linkUrl(publicUrl, claim.linkToken);
  const { channel } = claim.delivery;
  const texts: Written[] = [];
  let refusal = "there is nothing to write";
  for (const { delivery, context } of [claim, ...claim.lines]) {
    try {
      const { template, payment } = await loadText(ctx, templates, { delivery, context });
      const missing = await missingLines(ctx, delivery.assignmentId, template);
      texts.push(writeText(renderer, template, { context, channel, link, missing, payment }));
    } catch (thrown) {
      if (!(thrown instanceof AppError)) throw thrown;
      refusal = thrown.message;
      if (delivery.id !== claim.delivery.id) await fail(ctx, delivery.id);
    }
  }
  const [first, ...others] = texts;
  if (!first) return { kind: "refused", code: EMPTY_FIELD, reason: refusal };
  return composeMessage([first, ...others], { context: claim.context, channel });
}

/** It is not in the message, so its row does not say so. */
function fail(ctx: Ctx, id: Id<"Delivery">): Promise<void> {
  const next = { state: "failed" as const, reason: providerCode(EMPTY_FIELD), nextAt: null };
  return deliveryRepo(ctx).move([id], next, { mergedInto: null, updatedAt: ctx.now() });
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
