export const decimalSigns = [".", ","] as const;
export type DecimalSign = (typeof decimalSigns)[number];

const decimalsByCurrency = new Map<string, number>();

function decimalsOf(currency: string): number {
  const known = decimalsByCurrency.get(currency);
  if (known !== undefined) return known;
  const format = new Intl.NumberFormat("en", { style: "currency", currency });
  const decimals = format.resolvedOptions().maximumFractionDigits ?? 2;
  decimalsByCurrency.set(currency, decimals);
  return decimals;
}

/**
 * A signed amount as statements write it, in minor units of its currency (ISO 4217): `1.234,50-`, `(1,234.50)`, `€ 12` or
 * `12.00 CR`. Undefined for what is no amount, or has more decimals than the currency.
 */
export function readAmount(
  written: string,
  { decimal, currency }: { readonly decimal: DecimalSign; readonly currency: string },
): number | undefined {
  const text = written
    .normalize("NFKC")
    .replaceAll(/[\u2212\u2013]/g, "-")
    .replaceAll(/[\s'’]/g, "");
  const bare = text.replaceAll(/[A-Za-z\p{Sc}()+-]/gu, "");
  const thousands = decimal === "." ? "," : ".";
  if (!new RegExp(`^(?:\\d+|\\d{1,3}(?:\\${thousands}\\d{2,3})+)(?:\\${decimal}\\d*)?$`).test(bare)) return undefined;
  const [whole = "", fraction = ""] = bare.replaceAll(thousands, "").split(decimal);
  const decimals = decimalsOf(currency);
  if (/[1-9]/.test(fraction.slice(decimals))) return undefined;
  const amount = Number(whole + fraction.slice(0, decimals).padEnd(decimals, "0"));
  if (!Number.isSafeInteger(amount)) return undefined;
  const isOut = /-|\(.*\)|DR$|DB$/i.test(text) && !/CR$/i.test(text);
  return isOut && amount > 0 ? -amount : amount;
}

/** Which sign stands before the decimals in most of these; undefined when nobody can tell. */
export function guessDecimal(samples: readonly string[]): DecimalSign | undefined {
  let votes = 0;
  for (const sample of samples) {
    const at = Math.max(sample.lastIndexOf("."), sample.lastIndexOf(","));
    const decimals = sample.slice(at + 1).replaceAll(/\D/g, "").length;
    const isSure = decimals !== 3 || (sample.includes(".") && sample.includes(","));
    if (at !== -1 && isSure) votes += sample.charAt(at) === "," ? 1 : -1;
  }
  if (votes === 0) return undefined;
  return votes > 0 ? "," : ".";
}
