import { addressSchemas } from "@reminder-app/channels/addresses";
import { type ChannelKind, channelKinds } from "@reminder-app/platform/channel-kinds";
import { z } from "zod";

/** An address on a channel, in the form in which it is stored. */
export interface ChannelAddress {
  readonly channel: ChannelKind;
  readonly address: string;
}

export const addressFields = {
  channel: z.enum(channelKinds),
  address: z.string().max(254).describe("An e-mail address, or a phone number with its country code"),
};

export const AddressInput = z.strictObject(addressFields).transform(checkAddress);

/** For schemas with {@link addressFields}: what is checked depends on the channel. */
export function checkAddress({ channel, address }: ChannelAddress, context: z.RefinementCtx): ChannelAddress {
  const parsed = addressSchemas[channel].safeParse(address);
  if (parsed.success) return { channel, address: parsed.data };
  for (const { message } of parsed.error.issues) context.addIssue({ code: "custom", path: ["address"], message });
  return z.NEVER;
}
