import type { Account } from "@reminder-app/channels/accounts";
import { createChannels } from "@reminder-app/channels/registry";
import { putCredential } from "@reminder-app/core/credentials/put-credential";
import { removeCredential } from "@reminder-app/core/credentials/remove-credential";
import { type GivenBusiness, givenBusiness } from "@reminder-app/testing/given-business";
import { testSettings } from "@reminder-app/testing/test-settings";
import { deliveriesOf } from "@reminder-app/testing/given-delivery";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { type GivenWorkers, givenWorkers } from "./given-worker.ts";
import { createSenders } from "./senders.ts";

let given: GivenWorkers;
beforeAll(async () => {
  // The installation's own account at Twilio is refused: what is accepted went by the business's.
  given = await givenWorkers({ TWILIO_ACCOUNT_SID: `AC${"9".repeat(32)}` });
  await given.start();
});
afterAll(() => given.close());

const twilio: Account = {
  provider: "twilio",
  accountSid: `AC${"0".repeat(32)}`,
  authToken: "sandbox-twilio-auth-token",
  from: "+447700900001",
};

const patience = { timeout: 20_000, interval: 100 };

function smtp(from: string): Account {
  const { port } = new URL(given.settings.SMTP_URL ?? "");
  return {
    provider: "smtp",
    host: "127.0.0.1",
    port: Number(port),
    security: "starttls",
    user: "firm",
    password: "a-password",
    from,
  };
}

async function sendSoon(shop: GivenBusiness, channel: "email" | "sms", to: string) {
  const client = await shop.client({ contacts: [{ name: "Ada", addresses: { [channel]: to } }] });
  const at = new Date(Date.now() + 1_500).toISOString().slice(0, 19);
  const reminder = await shop.reminder({ channels: [channel], schedule: { kind: "once", at, zone: "UTC" } });
  await shop.assign(reminder, client);
  await given.producer.setTimer(reminder);
  await vi.waitFor(
    async () => expect((await deliveriesOf(shop, reminder.id)).map(({ state }) => state)).toEqual(["accepted"]),
    patience,
  );
  return given.messagesTo(to);
}

test("a business's mail and SMS go out by its own accounts, another's by the installation's (S22)", async () => {
  const now = new Date().toISOString();
  const [shop, other] = [await givenBusiness({ now }), await givenBusiness({ now })];
  await putCredential(shop.ctx, smtp("office@firm.example"));
  await putCredential(shop.ctx, twilio);
  expect(await sendSoon(shop, "sms", "+14155550177")).toMatchObject([{ from: "+447700900001" }]);
  expect(await sendSoon(shop, "email", "ada.own@clients.example")).toMatchObject([{ from: "office@firm.example" }]);
  expect(await sendSoon(other, "email", "ada.other@clients.example")).toMatchObject([
    { from: "reminders@sandbox.example" },
  ]);
}, 60_000);

test("a changed account takes the place of the one before, and a removed one leaves it to the installation's (S22)", async () => {
  const shop = await givenBusiness();
  const settings = given.settings;
  const channels = createChannels(settings);
  const senders = createSenders({ system: shop.system, settings, channels, freshMs: 0 });
  const senderOf = () => senders.of("email")(shop.ctx.businessId);

  expect(await senderOf()).toEqual({ channel: channels.get("email"), since: undefined });
  await putCredential(shop.ctx, smtp("one@firm.example"));
  const first = await senderOf();
  expect(first?.channel).not.toBe(channels.get("email"));
  expect((await senderOf())?.channel).toBe(first?.channel);

  shop.clock.advance(1_000);
  await putCredential(shop.ctx, smtp("two@firm.example"));
  expect((await senderOf())?.channel).not.toBe(first?.channel);

  shop.clock.advance(1_000);
  await removeCredential(shop.ctx, "smtp");
  expect(await senderOf()).toEqual({ channel: channels.get("email"), since: shop.clock.now() });
  await senders.close();
});

test("without any account the channel has no sender, and with one of its own a business has (S22)", async () => {
  const shop = await givenBusiness();
  const settings = testSettings();
  const senders = createSenders({ system: shop.system, settings, channels: new Map(), freshMs: 0 });
  expect(await senders.of("sms")(shop.ctx.businessId)).toBeUndefined();
  await putCredential(shop.ctx, twilio);
  expect(await senders.of("sms")(shop.ctx.businessId)).toMatchObject({ channel: { provider: "twilio" } });
  await senders.close();
});
