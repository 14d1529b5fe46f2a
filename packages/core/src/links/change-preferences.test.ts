import { newId } from "@reminder-app/platform/ids";
import { aContact, givenBusiness } from "@reminder-app/testing/given-business";
import { givenDue } from "@reminder-app/testing/given-delivery";
import { expect, test } from "vitest";
import { getDelivery } from "../deliveries/get-delivery.ts";
import { suppressByHand } from "../consent/suppress-by-hand.ts";
import {
  chooseFirstChannel,
  chooseLanguage,
  getPreferences,
  startChannel,
  stopChannels,
} from "./change-preferences.ts";
import { makePageLink } from "./make-link.ts";
import { openLink } from "./open-link.ts";

const network = "203.0.113.0";

async function givenContact() {
  const shop = await givenBusiness();
  const email = `pat.${newId()}@clients.example`;
  const client = await shop.client({ contacts: [aContact({ addresses: { email, sms: "+442079460321" } })] });
  const contactId = client.contacts[0]!.id;
  const { token } = await makePageLink(shop.ctx, client.id, { contactId, days: 10 });
  const open = () => openLink(shop.system, token, "page");
  return { shop, client, email, open, now: async () => getPreferences(await open()) };
}

test("a client stops a channel on their page, what waits there does not go, and others go on (I1, D3)", async () => {
  const { shop, client, open, now } = await givenContact();
  const { deliveries } = await givenDue(shop, [client]);
  await stopChannels(await open(), ["email"], network);
  await stopChannels(await open(), ["email"], network);
  expect(await getDelivery(shop.ctx, deliveries[0]!.id)).toMatchObject({ state: "skipped", reason: "opted_out" });
  const { suppressed } = (await now())!;
  expect(Object.keys(suppressed)).toEqual(["email"]);
  await startChannel(await open(), "email", network);
  expect((await now())?.suppressed).toEqual({});
});

test("all messages are stopped at once (I1)", async () => {
  const { open, now } = await givenContact();
  await stopChannels(await open(), ["email", "sms"], network);
  expect(Object.values((await now())!.suppressed).map(({ reason }) => reason)).toEqual(["opted_out", "opted_out"]);
});

test("what the firm or a bounce holds against an address is not the client's to lift (I1, S70)", async () => {
  const { shop, open, now, email } = await givenContact();
  await suppressByHand(shop.ctx, { channel: "email", address: email });
  await startChannel(await open(), "email", network);
  expect((await now())?.suppressed).toMatchObject({ email: { reason: "manual" } });
});

test("language and first channel are the client's choice (I1)", async () => {
  const { open, now } = await givenContact();
  await chooseLanguage(await open(), "fr", network);
  await chooseFirstChannel(await open(), "sms", network);
  expect(await now()).toMatchObject({ locale: "fr", preferences: { any: ["sms", "email", "whatsapp"] } });
  await expect(chooseFirstChannel(await open(), "whatsapp", network)).rejects.toMatchObject({ code: "conflict" });
});

test("a link that is for no one person has no preferences to change (I1)", async () => {
  const { shop, client } = await givenContact();
  const { token } = await makePageLink(shop.ctx, client.id, { days: 10 });
  const opened = await openLink(shop.system, token, "page");
  expect(await getPreferences(opened)).toBeUndefined();
  await expect(chooseLanguage(opened, "fr", network)).rejects.toMatchObject({ code: "conflict" });
});
