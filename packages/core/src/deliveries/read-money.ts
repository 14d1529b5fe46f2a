import { decimalsOf } from "@reminder-app/platform/currencies";

/**
 * An amount as people write it, `1,234.50` or `1.234,50`, in minor units of its currency (ISO 4217); undefined for what
 * is no amount, or has more decimals than the currency.
 */
export function readMoney(written: string, currency: string): number | undefined {
  const decimals = decimalsOf(currency);
  const [, whole = "", fraction = ""] =
    /^(\d{1,3}(?:[.,]\d{3})+|\d+)(?:[.,](\d+))?$/.exec(written.replaceAll(/[\s'’]/g, "")) ?? [];
  if (whole === "" || fraction.length > decimals) return undefined;
  const amount = Number(whole.replaceAll(/[.,]/g, "") + fraction.padEnd(decimals, "0"));
  return Number.isSafeInteger(amount) ? amount : undefined;
}
