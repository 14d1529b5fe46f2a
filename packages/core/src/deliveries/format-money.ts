import { decimalsOf } from "@reminder-app/platform/currencies";

/** An amount in minor units as its readers write it, with as many decimals as its currency has (ISO 4217). */
export function formatMoney({ amount, currency }: { amount: number; currency: string }, locale: string): string {
  const decimals = decimalsOf(currency);
  const digits = { minimumFractionDigits: decimals, maximumFractionDigits: decimals };
  return new Intl.NumberFormat(locale, { style: "currency", currency, ...digits }).format(amount / 10 ** decimals);
}
