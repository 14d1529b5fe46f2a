import { en } from "./en.ts";

/** All that a client's page says, in one language. */
export type ClientTexts = typeof en;

/** The languages there are, as their speakers name them. */
export const languages = {
  en: { name: "English", texts: en },
} as const satisfies Readonly<Record<string, { readonly name: string; readonly texts: ClientTexts }>>;

export type Language = keyof typeof languages;

/** What a reader gets: texts in their language where we have it, else in English, and the tag to write dates and money by. */
export interface Reading {
  readonly language: Language;
  readonly texts: ClientTexts;
  readonly locale: string;
}

export function readingFor(locale: string): Reading {
  const { language } = new Intl.Locale(locale);
  const known = isLanguage(language);
  return known
    ? { language, texts: languages[language].texts, locale }
    : { language: "en", texts: en, locale: "en-GB" };
}

export function isLanguage(tag: string): tag is Language {
  return Object.hasOwn(languages, tag);
}
