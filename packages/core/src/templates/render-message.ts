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

/** A text and the key under which its parsed form is kept: one key never stands for two texts. */
export interface KeyedTemplate {
  readonly key: string;
  readonly subject: string;
  readonly body: string;
}

export interface MessageRenderer {
  /**
   * The message for one reader on `channel`. Throws `validation_failed` when the text needs a field that has no value,
   * or would be empty: nothing is sent with a blank.
   */
  render(template: KeyedTemplate, fields: MergeFields, channel: ChannelKind): MessageContent;
}

interface Parsed {
  readonly subject: Template[];
  readonly body: Template[];
}

const KEPT = 500;

export function createRenderer(): MessageRenderer {
  const liquid = createLiquid();
  const kept = new Map<string, Parsed>();

  function parsed({ key, subject, body }: KeyedTemplate): Parsed {
    const known = kept.get(key);
    if (known) return known;
    const fresh = { subject: liquid.parse(subject), body: liquid.parse(body) };
    kept.set(key, fresh);
    const [oldest] = kept.keys();
    if (kept.size > KEPT && oldest !== undefined) kept.delete(oldest);
    return fresh;
  }

  function write(template: KeyedTemplate, fields: MergeFields, channel: ChannelKind): MessageContent {
    const scope = toScope(fields);
    const { subject, body } = parsed(template);
    const place = channel === "whatsapp" ? "parameter" : "text";
    const written = finishText(String(liquid.renderSync(body, scope)), place);
    const content = {
      subject: onOneLine(plainText(String(liquid.renderSync(subject, scope)))),
      text: plainText(written),
      html: channel === "email" ? mailHtml({ text: written, ...frameOf(fields) }) : "",
    };
    if (content.text.trim() === "") throw new Error("its text would be empty");
    if (channel === "email" && content.subject === "") throw new Error("its subject would be empty");
    return content;
  }

  return {
    render(...message) {
      try {
        return write(...message);
      } catch (cause) {
        const reason = cause instanceof Error ? cause.message : String(cause);
        throw new AppError("validation_failed", `The message cannot be written for this client: ${reason}`, { cause });
      }
    },
  };
}

function frameOf({ business, locale }: MergeFields) {
  return {
    businessName: onOneLine(business.name),
    footer: business.postalAddress && withoutHiddenCharacters(business.postalAddress),
    locale,
  };
}
