import type { Stripe } from "stripe";

type Locale = Stripe.Checkout.SessionCreateParams.Locale;

/** The languages that Stripe's page speaks. */
const spoken: readonly Locale[] = [
  "bg", "cs", "da", "de", "el", "en", "en-GB", "es", "es-419", "et", "fi", "fil", "fr", "fr-CA", "hr", "hu", "id", "it",
  "ja", "ko", "lt", "lv", "ms", "mt", "nb", "nl", "pl", "pt", "pt-BR", "ro", "ru", "sk", "sl", "sv", "th", "tr", "vi",
  "zh", "zh-HK", "zh-TW",
]; // prettier-ignore

/** The page's language for a BCP 47 tag: the same, else its language alone, else the browser's. */
export function checkoutLocale(tag: string | undefined): Locale {
  if (tag === undefined) return "auto";
  const find = (wanted: string) => spoken.find((one) => one.toLowerCase() === wanted.toLowerCase());
  const language = tag.split("-")[0] ?? "";
  return find(tag) ?? find(language) ?? "auto";
}
