import { type ChannelKind, channelKinds } from "@reminder-app/platform/channel-kinds";
import type { Settings } from "@reminder-app/platform/settings";
import type { Account } from "./accounts.ts";
import type { Channel } from "./channel.ts";
import { createSmtpChannel } from "./smtp/channel.ts";
import { openPublicSocket } from "./smtp/open-socket.ts";
import { createTwilioChannel } from "./twilio/channel.ts";
import { createWhatsappChannel } from "./whatsapp/channel.ts";

/** How each channel is made; undefined where its credentials are not set. */
const create: Record<ChannelKind, (settings: Settings) => Channel | undefined> = {
  email: ({ SMTP_URL: url, MAIL_FROM: from, PROVIDER_TIMEOUT_MS: timeoutMs }) =>
    url && from ? createSmtpChannel({ url, from, timeoutMs }) : undefined,

  sms: (settings) => {
    const { TWILIO_ACCOUNT_SID: accountSid, TWILIO_AUTH_TOKEN: authToken, TWILIO_FROM: from } = settings;
    if (!accountSid || !authToken || !from) return undefined;
    return createAccountChannel({ provider: "twilio", accountSid, authToken, from }, settings);
  },

  whatsapp: (settings) => {
    const { WHATSAPP_TOKEN: token, WHATSAPP_PHONE_NUMBER_ID: phoneNumberId } = settings;
    return token && phoneNumberId
      ? createAccountChannel({ provider: "whatsapp", token, phoneNumberId }, settings)
      : undefined;
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

/**
 * A channel over an account that a business gave. Its mail server must be on the public internet, but for development
 * and tests; the addresses of the other providers are the settings'.
 */
export function createAccountChannel(account: Account, settings: Settings): Channel {
  const { PROVIDER_TIMEOUT_MS: timeoutMs, PUBLIC_URL: publicUrl } = settings;
  switch (account.provider) {
    case "smtp": {
      const isProduction = settings.APP_ENV === "production";
      const guard = isProduction ? { getSocket: openPublicSocket, requireTls: true } : {};
      return createSmtpChannel({ url: smtpUrl(account), from: account.from, timeoutMs, ...guard });
    }
    case "twilio":
      return createTwilioChannel({ ...account, baseUrl: settings.TWILIO_BASE_URL, publicUrl, timeoutMs });
    case "whatsapp":
      return createWhatsappChannel({ ...account, baseUrl: settings.WHATSAPP_BASE_URL, timeoutMs });
  }
}

function smtpUrl({ host, port, security, user, password }: Extract<Account, { readonly provider: "smtp" }>): string {
  const scheme = security === "tls" ? "smtps" : "smtp";
  return `${scheme}://${encodeURIComponent(user)}:${encodeURIComponent(password)}@${host}:${port}`;
}
