import type { Ctx } from "../ctx.ts";
import { thankedPayment } from "../payments/thanked-payment.ts";
import type { TemplateSource } from "../reminders/template-source.ts";
import type { PaymentFields } from "../templates/merge-fields.ts";
import { receiptText } from "../templates/receipt-text.ts";
import { type TemplateText, localeOf } from "./compose-message.ts";
import { withDecidedText } from "./decided-text.ts";
import type { Delivery, SendContext } from "./deliveries.repo.ts";
import { paymentOfSlot } from "./receipts.ts";
import { textNameOf } from "./text-name.ts";

/** The text of a message before its fields are filled in. */
export interface LoadedText {
  readonly template: TemplateText;
  /** What a receipt tells of, and nothing else. */
  readonly payment?: PaymentFields;
}

/** The text of a delivery: its reminder's, or ours for thanks; where staff wrote one for this send, theirs. */
export async function loadText(
  ctx: Ctx,
  templates: TemplateSource,
  { delivery, context }: { delivery: Pick<Delivery, "reminderId" | "stepId">; context: SendContext },
): Promise<LoadedText> {
  const paymentId = paymentOfSlot(context.slotKey);
  if (paymentId === undefined)
    return { template: withDecidedText(await templates.load(ctx, textNameOf({ delivery, context })), context) };
  const { text, locale } = receiptText(localeOf(context));
  const payment = await thankedPayment(ctx, paymentId, locale);
  return { template: withDecidedText({ revision: context.revision, ...text }, context), payment };
}
