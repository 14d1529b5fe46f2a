import { domainToASCII } from "node:url";
import type { ChannelKind } from "@reminder-app/platform/channel-kinds";
import { isSupportedCountry as isCountry, parsePhoneNumberFromString } from "libphonenumber-js/max";
import { z } from "zod";

const MAX_EMAIL_LENGTH = 254;
const MAX_PHONE_INPUT = 40;
const CONTROL_CHARACTERS = /[\u0000-\u001f\u007f]/;
const EMAIL_MESSAGE = "must be an e-mail address, like anna@example.com";
const PHONE_MESSAGE = "must be a phone number with its country code, like +44 20 7946 0958";

/** How an address of each channel is checked; what comes out is the one form in which it is stored, compared and used. */
export const addressSchemas: Record<ChannelKind, z.ZodType<string, string>> = {
  email: checked(EMAIL_MESSAGE, toEmail),
  sms: checked(PHONE_MESSAGE, toE164),
  whatsapp: checked(PHONE_MESSAGE, toE164),
};

function checked(message: string, normalise: (value: string) => string | undefined): z.ZodType<string, string> {
  return z.string(message).transform((value, context) => {
    const normalised = normalise(value);
    if (normalised !== undefined) return normalised;
    context.addIssue({ code: "custom", message });
    return z.NEVER;
  });
}

/** The domain becomes lower case and ASCII; before the @ upper and lower case may differ, so that part is kept. */
function toEmail(value: string): string | undefined {
  if (CONTROL_CHARACTERS.test(value)) return undefined;
  const trimmed = value.trim();
  const at = trimmed.lastIndexOf("@");
  const email = `${trimmed.slice(0, at)}@${domainToASCII(trimmed.slice(at + 1))}`;
  return email.length <= MAX_EMAIL_LENGTH && z.email().safeParse(email).success ? email : undefined;
}

/** E.164. No country is assumed: without its code the same digits are someone else's number. */
function toE164(value: string): string | undefined {
  if (value.length > MAX_PHONE_INPUT || CONTROL_CHARACTERS.test(value)) return undefined;
  const trimmed = value.trim();
  if (!trimmed.startsWith("+")) return undefined;
  const phone = parsePhoneNumberFromString(trimmed, { extract: false });
  return phone?.isValid() && !phone.ext ? phone.number : undefined;
}

/** A country that numbers can belong to, as its ISO 3166 code. */
export const countrySchema = z
  .string()
  .length(2, "must be the two letters of a country, like GB")
  .toUpperCase()
  .refine((code) => isCountry(code), "must be the two letters of a country, like GB");

export function isSupportedCountry(code: string): boolean {
  return isCountry(code);
}

/**
 * A phone number as people write it in `country`, in E.164: `020 7946 0958` or `0044 20 7946 0958` in `GB`. What is no
 * valid number there comes back as it is, for {@link addressSchemas} to refuse.
 */
export function toInternational(value: string, country: string | undefined): string {
  if (country === undefined || value.length > MAX_PHONE_INPUT || value.trim().startsWith("+")) return value;
  if (!isCountry(country)) return value;
  const phone = parsePhoneNumberFromString(value, { defaultCountry: country, extract: false });
  return phone?.isValid() && !phone.ext ? phone.number : value;
}

/** The ISO 3166 code of the country that a number in E.164 belongs to; undefined for numbers of no one country. */
export function countryOf(number: string): string | undefined {
  return parsePhoneNumberFromString(number, { extract: false })?.country;
}
