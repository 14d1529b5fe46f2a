/** Stripe's unit of these is the whole one. By ISO 4217 MGA has hundredths. */
export const zeroDecimal: ReadonlySet<string> = new Set([
  "BIF", "CLP", "DJF", "GNF", "JPY", "KMF", "KRW", "MGA", "PYG", "RWF", "VND", "VUV", "XAF", "XOF", "XPF",
]); // prettier-ignore

/** Stripe's unit of these is a thousandth, and the last digit must be 0. */
export const threeDecimal: ReadonlySet<string> = new Set(["BHD", "JOD", "KWD", "OMR", "TND"]);

/** They have no decimals any more, and Stripe still wants hundredths, which must be 00. */
export const formerlyTwoDecimal: ReadonlySet<string> = new Set(["ISK", "UGX"]);

/** The others that Stripe takes from payers, in hundredths; HUF and TWD too, which it rounds in payouts only. */
export const twoDecimal: ReadonlySet<string> = new Set([
  "AED", "AFN", "ALL", "AMD", "ANG", "AOA", "ARS", "AUD", "AWG", "AZN", "BAM", "BBD", "BDT", "BGN", "BMD", "BND", "BOB",
  "BRL", "BSD", "BWP", "BYN", "BZD", "CAD", "CDF", "CHF", "CNY", "COP", "CRC", "CVE", "CZK", "DKK", "DOP", "DZD", "EGP",
  "ETB", "EUR", "FJD", "FKP", "GBP", "GEL", "GIP", "GMD", "GTQ", "GYD", "HKD", "HNL", "HTG", "HUF", "IDR", "ILS", "INR",
  "JMD", "KES", "KGS", "KHR", "KYD", "KZT", "LAK", "LBP", "LKR", "LRD", "LSL", "MAD", "MDL", "MKD", "MMK", "MNT", "MOP",
  "MUR", "MVR", "MWK", "MXN", "MYR", "MZN", "NAD", "NGN", "NIO", "NOK", "NPR", "NZD", "PAB", "PEN", "PGK", "PHP", "PKR",
  "PLN", "QAR", "RON", "RSD", "SAR", "SBD", "SCR", "SEK", "SGD", "SHP", "SLE", "SOS", "SRD", "STD", "SZL", "THB", "TJS",
  "TOP", "TRY", "TTD", "TWD", "TZS", "UAH", "USD", "UYU", "UZS", "WST", "XCD", "YER", "ZAR", "ZMW",
]); // prettier-ignore

/** The least that Stripe charges, in its own units. Of other currencies it tells when it is asked. */
export const leastCharge: ReadonlyMap<string, number> = new Map([
  ["AED", 200], ["AUD", 50], ["BGN", 100], ["BRL", 50], ["CAD", 50], ["CHF", 50], ["CZK", 1_500], ["DKK", 250], ["EUR", 50],
  ["GBP", 30], ["HKD", 400], ["HUF", 17_500], ["INR", 50], ["JPY", 50], ["MXN", 1_000], ["MYR", 200], ["NOK", 300],
  ["NZD", 50], ["PLN", 200], ["RON", 200], ["SEK", 300], ["SGD", 50], ["THB", 1_000], ["USD", 50],
]); // prettier-ignore

/** Digits of the largest charge, in Stripe's units, where they are more than eight. */
export const mostDigits: ReadonlyMap<string, number> = new Map([
  ["COP", 10], ["HUF", 10], ["IDR", 12], ["INR", 9], ["JPY", 10], ["LBP", 12],
]); // prettier-ignore
