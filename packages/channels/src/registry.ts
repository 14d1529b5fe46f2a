import { type ChannelKind, channelKinds } from "@reminder-app/platform/channel-kinds";
import type { Settings } from "@reminder-app/platform/settings";
import type { Channel } from "./channel.ts";
import { createSmtpChannel } from "./smtp/channel.ts";
import { createTwilioChannel } from "./twilio/channel.ts";
import { createWhatsappChannel } from "./whatsapp/channel.ts";

interface ChannelEntry {
  /** The settings without which the channel is off. */
  readonly needs: readonly (keyof Settings)[];
  create(settings: Settings): Channel;
}

const entries = {
  email: {
    needs: ["SMTP_URL", "MAIL_FROM"],
    create: (settings) =>
      createSmtpChannel({
        url: settings.SMTP_URL!,
        from: settings.MAIL_FROM!,
        timeoutMs: settings.PROVIDER_TIMEOUT_MS,
      }),
  },
  sms: {
    needs: ["TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN", "TWILIO_FROM"],
    create: (settings) =>
      createTwilioChannel({
        accountSid: settings.TWILIO_ACCOUNT_SID!,
        authToken: settings.TWILIO_AUTH_TOKEN!,
        from: settings.TWILIO_FROM!,
        baseUrl: settings.TWILIO_BASE_URL,
        publicUrl: settings.PUBLIC_URL,
        timeoutMs: settings.PROVIDER_TIMEOUT_MS,
      }),
  },
  whatsapp: {
    needs: ["WHATSAPP_TOKEN", "WHATSAPP_PHONE_NUMBER_ID"],
    create: (settings) =>
      createWhatsappChannel({
        token: settings.WHATSAPP_TOKEN!,
        phoneNumberId: settings.WHATSAPP_PHONE_NUMBER_ID!,
        baseUrl: settings.WHATSAPP_BASE_URL,
        timeoutMs: settings.PROVIDER_TIMEOUT_MS,
      }),
  },
} satisfies Record<ChannelKind, ChannelEntry>;

/** The channels whose credentials are set. They connect when they first send, and live until they are closed. */
export function createChannels(settings: Settings): ReadonlyMap<ChannelKind, Channel> {
  return new Map(
    channelKinds
      .filter((kind) => missingSetting(kind, settings) === undefined)
      .map((kind) => [kind, entries[kind].create(settings)]),
  );
}

/** The other channels, each with a sentence that says why it is off. Connects nothing, so that every process may ask. */
export function channelsOff(settings: Settings): ReadonlyMap<ChannelKind, string> {
  return new Map(
    channelKinds.flatMap((kind) => {
      const missing = missingSetting(kind, settings);
      return missing ? [[kind, `${kind} is off: ${missing} is not set`] as const] : [];
    }),
  );
}

function missingSetting(kind: ChannelKind, settings: Settings): keyof Settings | undefined {
  return entries[kind].needs.find((name) => settings[name] === undefined);
}
