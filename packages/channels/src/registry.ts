import { type ChannelKind, channelKinds } from "@reminder-app/platform/channel-kinds";
import type { Settings } from "@reminder-app/platform/settings";
import type { Channel } from "./channel.ts";
import { createSmtpChannel } from "./smtp/channel.ts";
import { createTwilioChannel } from "./twilio/channel.ts";
import { createWhatsappChannel } from "./whatsapp/channel.ts";

/** How each channel is made; undefined where its credentials are not set. */
const create: Record<ChannelKind, (settings: Settings) => Channel | undefined> = {
  email: ({ SMTP_URL: url, MAIL_FROM: from, PROVIDER_TIMEOUT_MS: timeoutMs }) =>
    url && from ? createSmtpChannel({ url, from, timeoutMs }) : undefined,

  sms: (settings) => {
    const { TWILIO_ACCOUNT_SID: accountSid, TWILIO_AUTH_TOKEN: authToken, TWILIO_FROM: from } = settings;
    const { TWILIO_BASE_URL: baseUrl, PUBLIC_URL: publicUrl, PROVIDER_TIMEOUT_MS: timeoutMs } = settings;
    if (!accountSid || !authToken || !from) return undefined;
    return createTwilioChannel({ accountSid, authToken, from, baseUrl, publicUrl, timeoutMs });
  },

  whatsapp: (settings) => {
    const { WHATSAPP_TOKEN: token, WHATSAPP_PHONE_NUMBER_ID: phoneNumberId } = settings;
    const { WHATSAPP_BASE_URL: baseUrl, PROVIDER_TIMEOUT_MS: timeoutMs } = settings;
    return token && phoneNumberId ? createWhatsappChannel({ token, phoneNumberId, baseUrl, timeoutMs }) : undefined;
  },
};

/** The channels whose credentials are set. They connect when they first send, and live until they are closed. */
export function createChannels(settings: Settings): ReadonlyMap<ChannelKind, Channel> {
  const channels = new Map<ChannelKind, Channel>();
  for (const kind of channelKinds) {
    const channel = create[kind](settings);
    if (channel) channels.set(kind, channel);
  }
  return channels;
}
