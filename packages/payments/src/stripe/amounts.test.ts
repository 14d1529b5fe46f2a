import { expect, test } from "vitest";
import { fromStripeAmount, toCharge, toStripeAmount } from "./amounts.ts";

/** What people read, minor units by ISO 4217, and Stripe's units. */
test.each<[string, string, number, number]>([
  ["12.50 GBP", "GBP", 1_250, 1_250],
  ["1,250 JPY", "JPY", 1_250, 1_250],
  ["12.340 KWD", "KWD", 12_340, 12_340],
  ["5,000 UGX, in hundredths that are none", "UGX", 5_000, 500_000],
  ["5,000 ISK, in hundredths that are none", "ISK", 5_000, 500_000],
  ["5,000.00 MGA, in whole ones", "MGA", 500_000, 5_000],
  ["1,250.50 HUF, which only payouts round", "HUF", 125_050, 125_050],
  ["1,250.50 TWD, which only payouts round", "TWD", 125_050, 125_050],
  ["12,500.00 IDR", "IDR", 1_250_000, 1_250_000],
])("%s is the same amount at Stripe and back (H10)", (_what, currency, amount, atStripe) => {
  expect(toStripeAmount(amount, currency)).toEqual({ kind: "amount", amount: atStripe });
  expect(fromStripeAmount(atStripe, currency.toLowerCase())).toBe(amount);
});

test.each<[string, number, string, string, RegExp]>([
  ["a thousandth of a dinar", 12_345, "KWD", "amount_not_round", /the last of the three decimals must be 0/],
  ["a part of an ariary", 500_050, "MGA", "amount_not_whole", /whole MGA only/],
  ["a currency that is nobody's", 1_000, "XDR", "currency_unknown", /does not take XDR/],
  ["a three-decimal currency that Stripe lacks", 1_000, "LYD", "currency_unknown", /does not take LYD/],
  ["less than 30 pence", 29, "GBP", "amount_too_small", /no less than 0\.30 GBP/],
  ["less than 50 yen", 49, "JPY", "amount_too_small", /no less than 50 JPY/],
  ["a million pounds", 100_000_000, "GBP", "amount_too_large", /less than 1000000\.00 GBP/],
  ["a hundred million francs", 100_000_000, "XOF", "amount_too_large", /less than 100000000 XOF/],
  ["nothing", 0, "ZMW", "amount_too_small", /no less than 0\.01 ZMW/],
])("%s is refused, with what would be right (H10)", (_what, amount, currency, code, reason) => {
  const refused = toCharge(amount, currency);
  expect(refused).toMatchObject({ kind: "refused", code });
  expect(refused).toMatchObject({ reason: expect.stringMatching(reason) as unknown });
});

test.each([
  ["GBP", 30],
  ["GBP", 99_999_999],
  ["JPY", 9_999_999_999],
  ["IDR", 999_999_999_999],
])("the least and the most are charged: %s %d (H10)", (currency, amount) => {
  expect(toCharge(amount, currency)).toEqual({ kind: "amount", amount });
});
