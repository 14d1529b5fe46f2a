import { expect, test } from "vitest";
import { formatMoney } from "./format-money.ts";

test.each([
  [1_250, "GBP", "en-GB", "£12.50"],
  [1_250, "JPY", "en-GB", "JP¥1,250"],
  [12_340, "KWD", "en-GB", "KWD 12.340"],
  [5_000, "UGX", "en-GB", "UGX 5,000"],
  [125_000, "HUF", "en-GB", "HUF 1,250.00"],
  [125_000, "IDR", "en-GB", "IDR 1,250.00"],
  [12_345, "IQD", "en-GB", "IQD 12.345"],
  [-500, "EUR", "de-DE", "-5,00 €"],
])(
  "%d minor units of %s are shown by ISO 4217's decimals, as %s writes them (H10)",
  (amount, currency, locale, shown) => {
    expect(formatMoney({ amount, currency }, locale).replaceAll("\u00a0", " ")).toBe(shown);
  },
);
