import { de } from "./de.ts";
import { type ClientTexts, en } from "./en.ts";
import { es } from "./es.ts";
import { fr } from "./fr.ts";
import { it } from "./it.ts";
import { nl } from "./nl.ts";
import { pt } from "./pt.ts";

/** The languages there are, as their speakers name them. */
export const languages = {
  en: { name: "English", texts: en },
  de: { name: "Deutsch", texts: de },
  es: { name: "Español", texts: es },
  fr: { name: "Français", texts: fr },
  it: { name: "Italiano", texts: it },
  nl: { name: "Nederlands", texts: nl },
  pt: { name: "Português", texts: pt },
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
