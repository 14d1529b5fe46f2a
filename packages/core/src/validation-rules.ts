import { AppError } from "@reminder-app/platform/errors";
import type { Ctx } from "./ctx.ts";

/**
 * Every business warning: what is most likely a mistake, though the product could do it. Each says what would be right.
 * STRICT_VALIDATION=False relaxes these and nothing else; README's table is kept equal to it.
 */
export const validationRules = {
  email_domain_typo: "the e-mail address has a domain that is a common slip, such as gmial.com; correct it",
  subject_long: "the subject is longer than 78 characters, so mail programs cut it; shorten it",
  subject_capitals: "the subject is all in capitals, which mail filters take for spam; write it as a sentence",
  text_asks_for_secret:
    "the text names a password, PIN or card number, as fraudulent messages do; ask for such things on a page of yours",
  text_has_markup: "the text has HTML tags, which readers see as they are; write plain text",
  link_untrusted: "the text has an http:// address or a link shortener, which carriers and readers distrust; use https",
  sms_long: "the text takes more than 6 SMS, each of which is paid for; shorten it, or leave SMS out",
  schedule_far: "the first moment is more than 5 years ahead; check the year",
} as const satisfies Readonly<Record<string, string>>;

export type ValidationRule = keyof typeof validationRules;

/** A rule that a request breaks, and in which of its fields. */
export interface BrokenRule {
  readonly rule: ValidationRule;
  readonly field: string;
}

/**
 * Throws `validation_failed` with each rule's id as the issue's code; where validation is relaxed the rules are told to
 * `ctx.relaxed` instead, and the work goes on.
 */
export function warn(ctx: Pick<Ctx, "relaxed" | "businessId" | "requestId">, broken: readonly BrokenRule[]): void {
  if (broken.length === 0) return;
  if (ctx.relaxed) {
    for (const { rule, field } of broken) {
      ctx.relaxed({ rule, field, business: ctx.businessId, ...(ctx.requestId && { request: ctx.requestId }) });
    }
    return;
  }
  const issues = broken.map(({ rule, field }) => ({ field, code: rule, message: validationRules[rule] }));
  throw new AppError("validation_failed", "The request breaks rules that guard against mistakes", { issues });
}
