import type { ChannelKind } from "@reminder-app/platform/channel-kinds";

/** Channels as sentences name them. */
export const channelNames = {
  email: "email",
  sms: "SMS",
  whatsapp: "WhatsApp",
} as const satisfies Record<ChannelKind, string>;
