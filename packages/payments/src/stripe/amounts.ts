import { decimalsOf } from "@reminder-app/platform/currencies";
import { formerlyTwoDecimal, leastCharge, mostDigits, threeDecimal, twoDecimal, zeroDecimal } from "./currencies.ts";

/** An amount in Stripe's units, or why Stripe cannot be asked for it. */
export type StripeAmount =
  | { readonly kind: "amount"; readonly amount: number }
  | { readonly kind: "refused"; readonly code: string; readonly reason: string };

const USUAL_DIGITS = 8;

/** An amount that is to be charged, from minor units by ISO 4217; it is held against the least and the most that Stripe charges. */
export function toCharge(amount: number, currency: string): StripeAmount {
  const converted = toStripeAmount(amount, currency);
  if (converted.kind === "refused") return converted;
  const least = leastCharge.get(currency) ?? 1;
  const digits = mostDigits.get(currency) ?? USUAL_DIGITS;
  if (converted.amount < least)
    return refuse("amount_too_small", `Stripe takes no less than ${shown(least, currency)} at once`);
  if (converted.amount >= 10 ** digits)
    return refuse("amount_too_large", `Stripe takes less than ${shown(10 ** digits, currency)} at once`);
  return converted;
}

/** An amount in Stripe's units, from minor units by ISO 4217. */
export function toStripeAmount(amount: number, currency: string): StripeAmount {
  const decimals = stripeDecimals(currency);
  if (decimals === undefined) return refuse("currency_unknown", `Stripe does not take ${currency}`);
  const scaled = scale(amount, decimals - decimalsOf(currency));
  if (!Number.isSafeInteger(scaled))
    return refuse("amount_not_whole", `Stripe takes whole ${currency} only, without hundredths`);
  if (threeDecimal.has(currency) && scaled % 10 !== 0)
    return refuse(
      "amount_not_round",
      `Stripe takes ${currency} to a hundredth only: the last of the three decimals must be 0`,
    );
  return { kind: "amount", amount: scaled };
}

/** Minor units by ISO 4217 from an amount in Stripe's units. `currency` may be in Stripe's small letters. */
export function fromStripeAmount(amount: number, currency: string): number {
  const code = currency.toUpperCase();
  return scale(amount, decimalsOf(code) - (stripeDecimals(code) ?? decimalsOf(code)));
}

function stripeDecimals(currency: string): number | undefined {
  if (zeroDecimal.has(currency)) return 0;
  if (threeDecimal.has(currency)) return 3;
  return twoDecimal.has(currency) || formerlyTwoDecimal.has(currency) ? 2 : undefined;
}

/** Division, where it is one, so that what comes out is exact or visibly not whole. */
function scale(amount: number, decimals: number): number {
  return decimals < 0 ? amount / 10 ** -decimals : amount * 10 ** decimals;
}

function shown(amount: number, currency: string): string {
  const decimals = stripeDecimals(currency) ?? 0;
  return `${(amount / 10 ** decimals).toFixed(decimals)} ${currency}`;
}

function refuse(code: string, reason: string): StripeAmount {
  return { kind: "refused", code, reason };
}
