import { isSupportedCountry } from "@reminder-app/channels/addresses";
import { wallTimeIn } from "@reminder-app/schedule/zones";

const MONTHS = Array.from({ length: 12 }, (_, month) => new Date(Date.UTC(2026, month, 15)));
const zones = new Map<string, string | undefined>();

/** A country by its ISO 3166 code, or by its name in English, German, French, Spanish, Italian or Dutch. */
export function countryNamed(text: string): string | undefined {
  const code = text.trim().toUpperCase();
  if (/^[A-Z]{2}$/.test(code)) return code === "UK" ? "GB" : isSupportedCountry(code) ? code : undefined;
  return byName().get(text.trim().toLowerCase());
}

/** The one time that all clocks of a country show, by an IANA zone; undefined where they differ. */
export function zoneOfCountry(country: string): string | undefined {
  if (!zones.has(country)) zones.set(country, onlyZone(country));
  return zones.get(country);
}

/** Where a business is when its language and its zone agree about it; undefined when nobody knows. */
export function countryOfBusiness({ locale, timeZone }: { locale: string; timeZone: string }): string | undefined {
  const { region } = new Intl.Locale(locale);
  return region !== undefined && zonesOf(region).includes(timeZone) ? region : undefined;
}

function onlyZone(country: string): string | undefined {
  const all = zonesOf(country);
  const shown = all.map((zone) => MONTHS.map((at) => wallTimeIn(zone, at)).join());
  return new Set(shown).size === 1 ? all[0] : undefined;
}

function zonesOf(country: string): readonly string[] {
  // In the language since 2025; the types have not got it yet.
  const place = new Intl.Locale(`und-${country}`) as Intl.Locale & { getTimeZones?: () => string[] | undefined };
  return place.getTimeZones?.() ?? [];
}

let names: ReadonlyMap<string, string> | undefined;

function byName(): ReadonlyMap<string, string> {
  if (names) return names;
  const letters = Array.from({ length: 26 }, (_, at) => String.fromCharCode(65 + at));
  const codes = letters.flatMap((one) => letters.map((two) => one + two)).filter((code) => isSupportedCountry(code));
  const found = new Map<string, string>([
    ["england", "GB"], ["scotland", "GB"], ["wales", "GB"], ["northern ireland", "GB"], ["great britain", "GB"],
    ["usa", "US"], ["u.s.a.", "US"], ["united states of america", "US"], ["holland", "NL"],
  ]); // prettier-ignore
  for (const language of ["en", "de", "fr", "es", "it", "nl"]) {
    const display = new Intl.DisplayNames([language], { type: "region" });
    for (const code of codes) found.set((display.of(code) ?? code).toLowerCase(), code);
  }
  names = found;
  return found;
}
