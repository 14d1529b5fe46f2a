import { wrong } from "./failure.ts";

const zeroDecimal = new Set("bif clp djf gnf jpy kmf krw mga pyg rwf vnd vuv xaf xof xpf".split(" "));
const threeDecimal = new Set("bhd jod kwd omr tnd".split(" "));
/** They have no hundredths any more, but are written with them. */
const wholeOnly = new Set(["isk", "ugx"]);
const longest = new Map([["idr", 12], ["lbp", 12], ["cop", 10], ["huf", 10], ["jpy", 10], ["inr", 9]]); // prettier-ignore

/** Throws what Stripe answers to an amount that it does not charge. */
export function requireAmount(amount: number, currency: string): void {
  if (!/^[a-z]{3}$/.test(currency)) throw wrong("currency", `Invalid currency: ${currency}`);
  if (amount < 1) throw wrong("amount", "The amount must convert to at least 50 cents.", "amount_too_small");
  if (amount >= 10 ** (longest.get(currency) ?? 8))
    throw wrong("amount", "The amount must be no more than 999,999.99.", "amount_too_large");
  if (wholeOnly.has(currency) && amount % 100 !== 0)
    throw wrong("amount", "The amount must be evenly divisible by 100.", "invalid_charge_amount_no_decimal_compatible");
  if (threeDecimal.has(currency) && amount % 10 !== 0)
    throw wrong("amount", "The last digit of the amount must be 0.", "invalid_charge_amount_three_decimal");
}

/** An amount in Stripe's units for people to read. */
export function shownAmount(amount: number, currency: string): string {
  const decimals = zeroDecimal.has(currency) ? 0 : threeDecimal.has(currency) ? 3 : 2;
  const digits = { minimumFractionDigits: decimals, maximumFractionDigits: decimals };
  return new Intl.NumberFormat("en-GB", { style: "currency", currency, ...digits }).format(amount / 10 ** decimals);
}
