import type { MessageContent } from "@reminder-app/channels/channel";
import type { ChannelKind } from "@reminder-app/platform/channel-kinds";
import { formatCivilDate } from "@reminder-app/schedule/civil-date";
import type { MergeFields, PaymentFields } from "../templates/merge-fields.ts";
import {
  type Frame,
  type MessageRenderer,
  type MessageTemplate,
  type Written,
  inFrame,
} from "../templates/render-message.ts";
import { writeList } from "../templates/write-list.ts";
import type { SendContext } from "./deliveries.repo.ts";
import { formatMoney } from "./format-money.ts";

export interface TemplateText extends MessageTemplate {
  /** Of the plan that it stands in. */
  readonly revision: number;
}

/**
 * Who reads a message, and where; `link` leads to their page, `missing` is what they still have to send, and of a
 * receipt `payment` is what it thanks for.
 */
export interface Reader {
  readonly context: SendContext;
  readonly channel: ChannelKind;
  readonly link?: string | undefined;
  readonly missing?: MergeFields["missing"];
  readonly payment?: PaymentFields | undefined;
}

/** The text as this contact gets it. Throws `validation_failed` when a field that it needs is empty. */
export function writeText(
  renderer: MessageRenderer,
  template: TemplateText,
  { context, channel, link, missing, payment }: Reader,
): Written {
  return renderer.write(template, { ...fieldsOf(context, link), missing, payment }, channel);
}

/** The message to the contact of `context`: the text, or where there are several a list of them. */
export function composeMessage(texts: readonly [Written, ...Written[]], { context, channel }: Reader): MessageContent {
  const frame = frameOf(context);
  return inFrame(texts.length === 1 ? texts[0] : writeList(texts, frame, channel), frame, channel);
}

/** The language tag of who reads it. */
export function localeOf({ business, client, contact }: SendContext): string {
  return contact.locale ?? client.locale ?? business.locale;
}

function frameOf(context: SendContext): Frame {
  const { name, postalAddress } = context.business;
  return { business: { name, postalAddress: postalAddress ?? undefined }, locale: localeOf(context) };
}

function fieldsOf(context: SendContext, link: string | undefined): MergeFields {
  const { assignment, client, contact, reminder } = context;
  const { business, locale } = frameOf(context);
  return {
    business,
    client: { name: client.name },
    contact: { name: contact.name },
    reminder: { name: reminder.name, type: reminder.type },
    period: assignment.period === "" ? undefined : assignment.period,
    dueDate: assignment.dueOn === null ? undefined : formatCivilDate(assignment.dueOn, locale),
    amount:
      assignment.amount === null || assignment.currency === null
        ? undefined
        : formatMoney({ amount: assignment.amount, currency: assignment.currency }, locale),
    link,
    locale,
  };
}
