import { type ChannelKind, channelKinds } from "@reminder-app/platform/channel-kinds";
import type { Settings } from "@reminder-app/platform/settings";

const needs: Record<ChannelKind, readonly (keyof Settings)[]> = {
  email: ["SMTP_URL", "MAIL_FROM"],
  sms: ["TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN", "TWILIO_FROM"],
  whatsapp: ["WHATSAPP_TOKEN", "WHATSAPP_PHONE_NUMBER_ID"],
};

/**
 * The channels that cannot send, each with a sentence that says why. Loads no SDK: a process that only asks,
 * such as the API, does without their memory (some 70 MB).
 */
export function channelsOff(settings: Settings): ReadonlyMap<ChannelKind, string> {
  const off = new Map<ChannelKind, string>();
  for (const kind of channelKinds) {
    const missing = needs[kind].find((name) => !settings[name]);
    if (missing) off.set(kind, `${kind} is off: ${missing} is not set`);
  }
  return off;
}
