import type { MessageContent } from "@reminder-app/channels/channel";
import type { ChannelKind } from "@reminder-app/platform/channel-kinds";
import { AppError } from "@reminder-app/platform/errors";
import type { Template } from "liquidjs";
import { onOneLine, withoutHiddenCharacters } from "../hidden-characters.ts";
import { finishText } from "./links.ts";
import { createLiquid } from "./liquid.ts";
import { mailHtml } from "./mail-html.ts";
import { type MergeFields, toScope } from "./merge-fields.ts";
import { plainText } from "./merged-text.ts";

/** A text with its merge fields. */
export interface MessageTemplate {
  readonly subject: string;
  readonly body: string;
}

export interface MessageRenderer {
  /**
   * The message for one reader on `channel`. Throws `validation_failed` when the text needs a field that has no value,
   * or would be empty: nothing is sent with a blank.
   */
  render(template: MessageTemplate, fields: MergeFields, channel: ChannelKind): MessageContent;
  /** The same, not yet put into its frame, so that it can be listed in another message. */
  write(template: MessageTemplate, fields: MergeFields, channel: ChannelKind): Written;
}

/** A text for one reader whose links are marked. */
export interface Written {
  readonly subject: string;
  readonly text: string;
}

const KEPT = 1_000;

/** Texts are parsed once, also where many reminders have the same. */
export function createRenderer(): MessageRenderer {
  const liquid = createLiquid();
  const kept = new Map<string, Template[]>();

  function parsed(text: string): Template[] {
    const known = kept.get(text);
    if (known) return known;
    const fresh = liquid.parse(text);
    kept.set(text, fresh);
    const [oldest] = kept.keys();
    if (kept.size > KEPT && oldest !== undefined) kept.delete(oldest);
    return fresh;
  }

  function merge(template: MessageTemplate, fields: MergeFields, channel: ChannelKind): Written {
    const scope = toScope(fields);
    const [subject, body] = [parsed(template.subject), parsed(template.body)];
    const place = channel === "whatsapp" ? "parameter" : "text";
    const written = {
      subject: onOneLine(plainText(String(liquid.renderSync(subject, scope)))),
      text: finishText(String(liquid.renderSync(body, scope)), place),
    };
    if (plainText(written.text).trim() === "") throw new Error("its text would be empty");
    if (channel === "email" && written.subject === "") throw new Error("its subject would be empty");
    return written;
  }

  function write(...message: Parameters<MessageRenderer["write"]>): Written {
    try {
      return merge(...message);
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw new AppError("validation_failed", `The message cannot be written for this client: ${reason}`, { cause });
    }
  }

  return { write, render: (template, fields, channel) => inFrame(write(template, fields, channel), fields, channel) };
}

/** What stands around a text. */
export type Frame = Pick<MergeFields, "business" | "locale">;

/** A written text as it goes out on a channel. */
export function inFrame(written: Written, frame: Frame, channel: ChannelKind): MessageContent {
  return {
    subject: written.subject,
    text: plainText(written.text),
    html: channel === "email" ? mailHtml({ text: written.text, ...mailFrame(frame) }) : "",
  };
}

function mailFrame({ business, locale }: Frame) {
  return {
    businessName: onOneLine(business.name),
    footer: business.postalAddress && withoutHiddenCharacters(business.postalAddress),
    locale,
  };
}
