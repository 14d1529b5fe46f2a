import { type ChannelKind, channelKinds } from "@reminder-app/platform/channel-kinds";
import type { Settings } from "@reminder-app/platform/settings";
import type { Channel } from "./channel.ts";
import { channelsOff } from "./channels-off.ts";
import { createSmtpChannel } from "./smtp/channel.ts";
import { createTwilioChannel } from "./twilio/channel.ts";
import { createWhatsappChannel } from "./whatsapp/channel.ts";

const create: Record<ChannelKind, (settings: Settings) => Channel> = {
  email: (settings) =>
    createSmtpChannel({
      url: settings.SMTP_URL!,
      from: settings.MAIL_FROM!,
      timeoutMs: settings.PROVIDER_TIMEOUT_MS,
    }),
  sms: (settings) =>
    createTwilioChannel({
      accountSid: settings.TWILIO_ACCOUNT_SID!,
      authToken: settings.TWILIO_AUTH_TOKEN!,
      from: settings.TWILIO_FROM!,
      baseUrl: settings.TWILIO_BASE_URL,
      publicUrl: settings.PUBLIC_URL,
      timeoutMs: settings.PROVIDER_TIMEOUT_MS,
    }),
  whatsapp: (settings) =>
    createWhatsappChannel({
      token: settings.WHATSAPP_TOKEN!,
      phoneNumberId: settings.WHATSAPP_PHONE_NUMBER_ID!,
      baseUrl: settings.WHATSAPP_BASE_URL,
      timeoutMs: settings.PROVIDER_TIMEOUT_MS,
    }),
};

/** The channels whose credentials are set. They connect when they first send, and live until they are closed. */
export function createChannels(settings: Settings): ReadonlyMap<ChannelKind, Channel> {
  const off = channelsOff(settings);
  return new Map(channelKinds.filter((kind) => !off.has(kind)).map((kind) => [kind, create[kind](settings)]));
}
