import type { MessageContent } from "@reminder-app/channels/channel";
import { AppError } from "@reminder-app/platform/errors";
import type { Template } from "liquidjs";
import { mailHtml } from "./mail-html.ts";
import { createLiquid } from "./liquid.ts";
import { type MergeFields, toScope } from "./merge-fields.ts";

/** A text and the key under which its parsed form is kept: one key never stands for two texts. */
export interface KeyedTemplate {
  readonly key: string;
  readonly subject: string;
  readonly body: string;
}

export interface MessageRenderer {
  /** Throws `validation_failed` when the text needs a field that has no value: nothing is sent with a blank. */
  render(template: KeyedTemplate, fields: MergeFields): MessageContent;
}

interface Parsed {
  readonly subject: Template[];
  readonly body: Template[];
}

const KEPT = 500;
const lineBreaks = /[\r\n]+/g;

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

  return {
    render(template, fields) {
      const scope = toScope(fields);
      const { subject, body } = parsed(template);
      try {
        const text = String(liquid.renderSync(body, scope));
        return {
          subject: String(liquid.renderSync(subject, scope)).replaceAll(lineBreaks, " ").trim(),
          text,
          html: mailHtml({
            text,
            businessName: fields.business.name,
            footer: fields.business.postalAddress,
            locale: fields.locale,
          }),
        };
      } catch (cause) {
        const message = cause instanceof Error ? cause.message : String(cause);
        throw new AppError("validation_failed", `The message cannot be written for this client: ${message}`, { cause });
      }
    },
  };
}
