import type { MessageContent } from "@reminder-app/channels/channel";
import type { ChannelKind } from "@reminder-app/platform/channel-kinds";
import { formatCivilDate } from "@reminder-app/schedule/civil-date";
import type { MergeFields } from "../templates/merge-fields.ts";
import type { MessageRenderer } from "../templates/render-message.ts";
import type { SendContext } from "./deliveries.repo.ts";
import { formatMoney } from "./format-money.ts";

export interface TemplateText {
  readonly key: string;
  /** Of the plan that it stands in. */
  readonly revision: number;
  readonly subject: string;
  readonly body: string;
}

/** The message as this contact gets it. Throws `validation_failed` when a field that the text needs is empty. */
export function composeMessage(
  renderer: MessageRenderer,
  template: TemplateText,
  { context, channel }: { context: SendContext; channel: ChannelKind },
): MessageContent {
  const { assignment, business, client, contact, reminder } = context;
  const locale = contact.locale ?? client.locale ?? business.locale;
  const fields: MergeFields = {
    client: { name: client.name },
    contact: { name: contact.name },
    business: { name: business.name, postalAddress: business.postalAddress ?? undefined },
    reminder: { name: reminder.name, type: reminder.type },
    period: assignment.period === "" ? undefined : assignment.period,
    dueDate: assignment.dueOn === null ? undefined : formatCivilDate(assignment.dueOn, locale),
    amount:
      assignment.amount === null || assignment.currency === null
        ? undefined
        : formatMoney({ amount: assignment.amount, currency: assignment.currency }, locale),
    locale,
  };
  return renderer.render(template, fields, channel);
}
