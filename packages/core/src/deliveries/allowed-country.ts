import { countryOf } from "@reminder-app/channels/addresses";
import type { ChannelKind } from "@reminder-app/platform/channel-kinds";
import { AppError } from "@reminder-app/platform/errors";
import { openAddress } from "../clients/contact.ts";
import type { Ctx } from "../ctx.ts";
import type { Delivery, SendContext } from "./deliveries.repo.ts";

/** Whether the business writes to numbers of the country that the address belongs to; it does to all when it names none. */
export function isCountryAllowed(
  ctx: Ctx,
  { channel, contactId }: Pick<Delivery, "channel" | "contactId">,
  { address, business: { smsCountries } }: Pick<SendContext, "address" | "business">,
): boolean {
  if (!smsCountries || address === null || channel === "email") return true;
  try {
    return isNumberAllowed(smsCountries, channel, openAddress(ctx, { contactId, channel, address }));
  } catch (thrown) {
    // An address that cannot be read stops its own delivery when it is handed over, and here none of the others.
    if (thrown instanceof AppError) return true;
    throw thrown;
  }
}

/** The same of an address in clear. */
export function isNumberAllowed(
  smsCountries: readonly string[] | null,
  channel: ChannelKind,
  address: string,
): boolean {
  if (!smsCountries || channel === "email") return true;
  const country = countryOf(address);
  return country !== undefined && smsCountries.includes(country);
}
