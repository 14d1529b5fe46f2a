import { type Settings, settingsSchema } from "@reminder-app/platform/settings";
import { expect, test } from "vitest";
import { channelsOff } from "./channels-off.ts";
import { createChannels } from "./registry.ts";

const credentials = {
  SMTP_URL: "smtp://127.0.0.1:2525",
  MAIL_FROM: "reminders@firm.example",
  TWILIO_ACCOUNT_SID: "AC00000000000000000000000000000000",
  TWILIO_AUTH_TOKEN: "secret",
  TWILIO_FROM: "+15005550006",
  WHATSAPP_TOKEN: "secret",
  WHATSAPP_PHONE_NUMBER_ID: "1055",
  WHATSAPP_APP_SECRET: "secret",
  WHATSAPP_VERIFY_TOKEN: "secret",
};

test("a channel is there when its credentials are set", async () => {
  const settings = givenSettings(credentials);

  const channels = createChannels(settings);

  expect([...channels].map(([kind, channel]) => [kind, channel.kind, channel.unknownPolicy])).toEqual([
    ["email", "email", "resend_once"],
    ["sms", "sms", "ask"],
    ["whatsapp", "whatsapp", "await_webhook"],
  ]);
  expect(channelsOff(settings)).toEqual(new Map());
  await Promise.all([...channels.values()].map((channel) => channel.close()));
});

test("a channel without credentials is off, and says which setting is missing", () => {
  const settings = givenSettings({});

  expect(createChannels(settings)).toEqual(new Map());
  expect(channelsOff(settings)).toEqual(
    new Map([
      ["email", "email is off: SMTP_URL is not set"],
      ["sms", "sms is off: TWILIO_ACCOUNT_SID is not set"],
      ["whatsapp", "whatsapp is off: WHATSAPP_TOKEN is not set"],
    ]),
  );
});

function givenSettings(environment: Record<string, string>): Settings {
  const key = `1:${Buffer.alloc(32, 7).toString("base64")}`;
  return settingsSchema.parse({
    DATABASE_URL: "mysql://127.0.0.1/reminders",
    REDIS_URL: "redis://127.0.0.1",
    TOKEN_KEYS: key,
    ENCRYPTION_KEYS: key,
    LOOKUP_KEYS: key,
    ...environment,
  });
}
