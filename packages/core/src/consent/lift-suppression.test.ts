import { createVault } from "@reminder-app/platform/crypto";
import { givenBusiness } from "@reminder-app/testing/given-business";
import { expect, test } from "vitest";
import { changeContact } from "../clients/change-contacts.ts";
import { addressHashes } from "../clients/contact.ts";
import { getClient } from "../clients/get-client.ts";
import { liftSuppression, takeBackOptOut } from "./lift-suppression.ts";
import { suppressAddress } from "./suppress-address.ts";
import { suppressByHand } from "./suppress-by-hand.ts";

const sms = "+442079460125";

async function givenPhone() {
  const shop = await givenBusiness();
  const client = await shop.client({ contacts: [{ name: "Cy", addresses: { sms } }] });
  const hashed = { channel: "sms" as const, hashes: addressHashes(shop.ctx.vault, "sms", sms) };
  const standing = async () => (await getClient(shop.ctx, client.id)).contacts[0]?.suppressed.sms?.reason;
  return { shop, client, hashed, standing, address: { channel: "sms" as const, address: sms } };
}

test("an opt-out by SMS is taken back by the person alone (S72, D1)", async () => {
  const { shop, hashed, standing, address } = await givenPhone();
  await suppressAddress(shop.ctx, { ...hashed, reason: "opted_out", source: "test" });
  await expect(liftSuppression(shop.ctx, address)).rejects.toMatchObject({ code: "conflict" });
  expect(await standing()).toBe("opted_out");

  expect(await takeBackOptOut({ ...shop.ctx }, hashed, "START")).toBe(true);
  expect(await standing()).toBeUndefined();
});

test("what a member put there a member lifts, and START does not (S72)", async () => {
  const { shop, hashed, standing, address } = await givenPhone();
  await suppressByHand(shop.ctx, address);
  expect(await takeBackOptOut(shop.ctx, hashed, "START")).toBe(false);
  expect(await standing()).toBe("manual");
  expect(await liftSuppression(shop.ctx, address)).toBe(true);
  expect(await liftSuppression(shop.ctx, address)).toBe(false);
  expect(await standing()).toBeUndefined();
});

test("an opt-out is not weakened by a bounce or a member, and strengthens what stood (D5)", async () => {
  const { shop, hashed, standing, address } = await givenPhone();
  await suppressByHand(shop.ctx, address);
  await suppressAddress(shop.ctx, { ...hashed, reason: "opted_out", source: "test" });
  expect(await standing()).toBe("opted_out");
  await suppressAddress(shop.ctx, { ...hashed, reason: "bounced", source: "test" });
  await suppressByHand(shop.ctx, address);
  expect(await standing()).toBe("opted_out");

  await takeBackOptOut(shop.ctx, hashed, "START");
  await suppressByHand(shop.ctx, address);
  expect(await standing()).toBe("manual");
});

test("an address that is written under a new look-up key is suppressed as under the old one (S64, D5)", async () => {
  const { shop, client, hashed, address } = await givenPhone();
  await suppressAddress(shop.ctx, { ...hashed, reason: "opted_out", source: "test" });
  const keys = (...ids: number[]) => new Map(ids.map((id) => [id, Buffer.alloc(32, id === 1 ? 3 : id)]));
  const encryptionKeys = new Map([[1, Buffer.alloc(32, 2)]]);
  const ctx = { ...shop.ctx, vault: createVault({ encryptionKeys, lookupKeys: keys(2, 1) }) };
  const key = { clientId: client.id, contactId: client.contacts[0]!.id };

  const { contacts } = await changeContact(ctx, key, { addresses: { sms } });
  expect(contacts[0]?.suppressed).toMatchObject({ sms: { reason: "opted_out" } });
  await expect(liftSuppression(ctx, address)).rejects.toMatchObject({ code: "conflict" });
  const alone = { ...ctx, vault: createVault({ encryptionKeys, lookupKeys: keys(2) }) };
  expect((await getClient(alone, client.id)).contacts[0]?.suppressed.sms?.reason).toBe("opted_out");
});
