import type { ChannelKind } from "@reminder-app/platform/channel-kinds";
import { onOneLine } from "../hidden-characters.ts";
import type { Frame, Written } from "./render-message.ts";

/** The words around a list of reminders, by language. */
const words: Readonly<Record<string, (count: number, business: string) => string>> = {
  en: (count, business) => `${count} reminders from ${business}`,
  es: (count, business) => `${count} recordatorios de ${business}`,
};

/** One text that lists several, each in its own words, in the reader's language where we have it, else in English. */
export function writeList(items: readonly Written[], { business, locale }: Frame, channel: ChannelKind): Written {
  const say = words[new Intl.Locale(locale).language] ?? words["en"];
  const subject = say?.(items.length, onOneLine(business.name)) ?? "";
  const listed = items.map((item, index) => `${index + 1}. ${textOf(item, channel)}`);
  return { subject, text: [`${subject}:`, ...listed].join("\n\n") };
}

/** With its subject, where messages on the channel have one. */
function textOf({ subject, text }: Written, channel: ChannelKind): string {
  return channel === "email" ? `${subject}\n\n${text.trim()}` : text.trim();
}
