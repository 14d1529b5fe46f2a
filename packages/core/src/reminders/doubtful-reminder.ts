import type { StepMessages } from "@reminder-app/db/schema/reminders";
import type { ChannelKind } from "@reminder-app/platform/channel-kinds";
import { DAY_MS, after } from "@reminder-app/platform/clock";
import { sampleText } from "../templates/check-template.ts";
import { smsParts } from "../templates/sms-parts.ts";
import type { BrokenRule, ValidationRule } from "../validation-rules.ts";

/** The longest line that RFC 5322, section 2.1.1, wants mail programs to show. */
const MAX_SUBJECT = 78;
const MAX_SMS = 6;
const FAR_MS = 5 * 366 * DAY_MS;
/** Fewer letters than this may be an abbreviation. */
const FEWEST_CAPITALS = 8;

const mergeTags = /\{\{[^{}]*\}\}|\{%[^{}]*%\}/g;
const secrets = /\b(?:pass(?:words?|codes?)|pin (?:code|number)|cv[vc]|card numbers?|security codes?)\b/i;
const markup =
  /<\/?(?:a|b|i|u|p|br|hr|div|span|strong|em|table|t[dr]|img|h[1-6]|[uo]l|li|font|html|body|style|script)(?:[\s/][^<>]*)?>/i;
const untrusted = /\bhttp:\/\/|\b(?:bit\.ly|tinyurl\.com|goo\.gl|t\.co|ow\.ly|is\.gd|cutt\.ly|rb\.gy)\//i;

/** What business rules a reminder's texts break. Parts that are not given are not looked at. */
export function doubtfulTexts(given: {
  readonly subject?: string | undefined;
  readonly body?: string | undefined;
  readonly channels?: readonly ChannelKind[] | undefined;
  readonly stepMessages?: StepMessages | null | undefined;
}): BrokenRule[] {
  const { subject, body, channels, stepMessages } = given;
  return [
    ...Object.entries(stepMessages ?? {}).flatMap(([id, message]) =>
      doubtfulTexts({ channels, ...message }).map((rule) => ({ ...rule, field: `stepMessages.${id}.${rule.field}` })),
    ),
    ...(subject === undefined ? [] : broken("subject", { ...subjectRules(subject), ...textRules(subject) })),
    ...(body === undefined ? [] : broken("body", textRules(body))),
    ...(body === undefined ? [] : broken("body", { sms_long: isTooLongFor(channels, body) })),
  ];
}

/** Whether a first moment is so far ahead that the year is most likely a slip. */
export function doubtfulMoment(first: Date, now: Date): BrokenRule[] {
  return first > after(now, FAR_MS) ? [{ rule: "schedule_far", field: "schedule" }] : [];
}

type Answers = Partial<Record<ValidationRule, boolean>>;

function broken(field: string, answers: Answers): BrokenRule[] {
  return Object.entries(answers).flatMap(([rule, breaks]) => (breaks ? [{ rule: rule as ValidationRule, field }] : []));
}

function subjectRules(subject: string): Answers {
  const letters = subject.replaceAll(mergeTags, "").match(/\p{L}/gu) ?? [];
  const capitals = letters.every((letter) => letter === letter.toUpperCase() && letter !== letter.toLowerCase());
  return {
    subject_long: sampleText(subject).length > MAX_SUBJECT,
    subject_capitals: capitals && letters.length >= FEWEST_CAPITALS,
  };
}

function textRules(text: string): Answers {
  return {
    text_asks_for_secret: secrets.test(text),
    text_has_markup: markup.test(text),
    link_untrusted: untrusted.test(text),
  };
}

function isTooLongFor(channels: readonly ChannelKind[] | undefined, body: string): boolean {
  return channels?.includes("sms") === true && smsParts(sampleText(body)) > MAX_SMS;
}
