import type { Id } from "@reminder-app/platform/ids";
import type { Ctx } from "../ctx.ts";
import { formatMoney } from "../deliveries/format-money.ts";
import type { PaymentFields } from "../templates/merge-fields.ts";
import { balanceOf } from "./balance.ts";
import { paymentRequestRepo } from "./payment-requests.repo.ts";
import { paymentRepo } from "./payments.repo.ts";

const MOST_NAMED = 3;

/** A payment as its payer reads of it: what came, what for, and what is still owed of that. Throws `not_found`. */
export async function thankedPayment(ctx: Ctx, id: Id<"Payment">, locale: string): Promise<PaymentFields> {
  const { amount, currency } = await paymentRepo(ctx).get(id);
  const parts = await paymentRepo(ctx).allocationsOf([id]);
  const requests = await paymentRequestRepo(ctx).getMany(parts.map(({ paymentRequestId }) => paymentRequestId));
  const names = requests.slice(0, MOST_NAMED).map(({ title, reference }) => `${title} (${reference})`);
  if (requests.length > MOST_NAMED) names.push("…");
  const open = requests.filter(({ state }) => state === "open");
  const balance = open.reduce((all, request) => all + balanceOf(request), 0);
  return {
    amount: formatMoney({ amount, currency }, locale),
    purpose: new Intl.ListFormat(locale).format(names),
    balance: balance === 0 ? undefined : formatMoney({ amount: balance, currency }, locale),
  };
}
