import type { Stripe } from "stripe";
import type { CheckoutInput, GatewayAnswer, ProviderCheckout } from "../gateway.ts";
import { toCharge, toStripeAmount } from "./amounts.ts";
import { checkoutLocale } from "./locales.ts";
import { idOf } from "./objects.ts";

/** Where our key stands in what Stripe keeps. */
export const KEY_NAME = "checkout";

const MOST_LINES = 100;

type Params = Stripe.Checkout.SessionCreateParams;
type LineItem = Stripe.Checkout.SessionCreateParams.LineItem;

/** What Stripe is asked for, or why it need not be asked. Which means of payment there are, the account's owner says at Stripe. */
export function checkoutParams(input: CheckoutInput): GatewayAnswer<Params> {
  const { key, currency, lines } = input;
  const total = toCharge(
    lines.reduce((sum, { amount }) => sum + amount, 0),
    currency,
  );
  if (total.kind === "refused") return total;
  const items: LineItem[] = [];
  for (const line of fitting(lines)) {
    const converted = toStripeAmount(line.amount, currency);
    if (converted.kind === "refused") return converted;
    items.push(lineItem(line.description, { amount: converted.amount, currency }));
  }
  const value: Params = {
    mode: "payment",
    line_items: items,
    client_reference_id: key,
    metadata: { [KEY_NAME]: key },
    payment_intent_data: { metadata: { [KEY_NAME]: key } },
    expires_at: Math.floor(input.expiresAt.getTime() / 1_000),
    success_url: input.successUrl,
    cancel_url: input.cancelUrl,
    locale: checkoutLocale(input.locale),
    // What is paid is held against what is owed: in the same currency.
    adaptive_pricing: { enabled: false },
  };
  return { kind: "done", value };
}

/** Stripe shows so many lines; of more the last ones are added up, in no language. */
function fitting(lines: CheckoutInput["lines"]): CheckoutInput["lines"] {
  if (lines.length <= MOST_LINES) return lines;
  const others = lines.slice(MOST_LINES - 1);
  const amount = others.reduce((sum, line) => sum + line.amount, 0);
  return [...lines.slice(0, MOST_LINES - 1), { description: `… + ${others.length}`, amount }];
}

function lineItem(name: string, { amount, currency }: { amount: number; currency: string }): LineItem {
  return {
    quantity: 1,
    price_data: { currency: currency.toLowerCase(), unit_amount: amount, product_data: { name } },
  };
}

const states: Readonly<Record<string, ProviderCheckout["state"]>> = {
  open: "open",
  complete: "completed",
  expired: "expired",
};

export function readCheckout(session: Stripe.Checkout.Session): ProviderCheckout {
  const state = states[session.status ?? ""];
  if (!state) throw new Error(`Stripe has a Checkout Session in the unknown state ${session.status}`);
  const paymentRef = idOf(session.payment_intent);
  return {
    sessionId: session.id,
    state,
    key: session.client_reference_id ?? "",
    ...(state === "open" && session.url !== null && { url: session.url }),
    ...(state === "completed" && paymentRef !== undefined && { paymentRef }),
  };
}
