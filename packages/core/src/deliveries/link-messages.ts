import type { Ctx } from "../ctx.ts";
import { pageTokens } from "../links/page-tokens.ts";
import type { TemplateSource } from "../reminders/template-source.ts";
import { namesLink } from "../templates/merge-fields.ts";
import type { Line } from "./daily-message.ts";
import { withDecidedText } from "./decided-text.ts";
import type { Delivery, SendContext } from "./deliveries.repo.ts";
import { textNameOf } from "./text-name.ts";

/** A message with the other messages that go in it. */
interface Message {
  readonly delivery: Delivery;
  readonly context: SendContext;
  readonly lines: readonly Line[];
}

/**
 * Messages whose text names it get the token of the page of whom they go to, the same in every attempt. All of them
 * together cost a query, and where links have to be made an insert; those that do not name it cost nothing.
 */
export async function withLinks<One extends Message>(
  tx: Ctx,
  messages: readonly One[],
  templates: TemplateSource,
): Promise<(One & { readonly linkToken?: string })[]> {
  templates.readAhead(
    tx,
    messages.flatMap((message) => [message, ...message.lines].map(textNameOf)),
  );
  const naming: One[] = [];
  for (const message of messages) if (await isNamingLink(tx, message, templates)) naming.push(message);
  if (naming.length === 0) return [...messages];
  const tokens = await pageTokens(tx, naming.map(linkedOf));
  const tokenOf = new Map(naming.map(({ delivery }, index) => [delivery.id, tokens[index]]));
  return messages.map((message) => {
    const linkToken = tokenOf.get(message.delivery.id);
    return linkToken === undefined ? message : { ...message, linkToken };
  });
}

/** Whose link a message carries. */
export function linkedOf({ delivery: { contactId, clientId, createdAt } }: Pick<Message, "delivery">) {
  return { contactId, clientId, since: createdAt };
}

async function isNamingLink(tx: Ctx, message: Message, templates: TemplateSource): Promise<boolean> {
  for (const line of [message, ...message.lines]) {
    const template = await templates.load(tx, textNameOf(line));
    const { subject, body } = withDecidedText(template, line.context);
    if (namesLink(subject) || namesLink(body)) return true;
  }
  return false;
}
