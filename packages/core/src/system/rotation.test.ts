import { sealedColumns } from "@reminder-app/db/sealed-columns";
import { createVault } from "@reminder-app/platform/crypto";
import { type GivenBusiness, givenBusiness } from "@reminder-app/testing/given-business";
import { givenDue } from "@reminder-app/testing/given-delivery";
import { expect, test } from "vitest";
import { changeContact } from "../clients/change-contacts.ts";
import { addressHashes } from "../clients/contact.ts";
import { getClient } from "../clients/get-client.ts";
import { addressOfDelivery } from "../consent/address-of-delivery.ts";
import { suppressAddress } from "../consent/suppress-address.ts";
import type { SystemCtx } from "../ctx.ts";
import { deliveryRepo } from "../deliveries/deliveries.repo.ts";
import { rehashAddress } from "./rehash-address.ts";
import { sealedValuesRepo } from "./sealed-values.repo.ts";

const { contactAddress } = sealedColumns;
const vaultOf = (...lookupIds: number[]) =>
  createVault({
    encryptionKeys: new Map([[1, Buffer.alloc(32, 2)]]),
    // As the tests' own key, under the id 1.
    lookupKeys: new Map(lookupIds.map((id) => [id, Buffer.alloc(32, id === 1 ? 3 : id)])),
  });

/** A business with one address, and the system after a new look-up key was put before the old one. */
async function givenAddress() {
  const shop = await givenBusiness();
  const client = await shop.client();
  const address = client.contacts[0]!.addresses.email!;
  const rotating: SystemCtx = { ...shop.system, vault: vaultOf(2, 1) };
  const start = { businessId: shop.ctx.businessId, contactId: "00000000-0000-0000-0000-000000000000", channel: "" };
  const [value] = await sealedValuesRepo(shop.system.db, contactAddress).page({ cursor: start, limit: 1 });
  return { shop, client, address, rotating, value: value!, hashes: addressHashes(rotating.vault, "email", address) };
}

const under = (shop: GivenBusiness, ...lookupIds: number[]) => ({ ...shop.ctx, vault: vaultOf(...lookupIds) });

test("a value that somebody writes during a rotation is not written over (S65)", async () => {
  const { shop, client, value } = await givenAddress();
  const key = { clientId: client.id, contactId: client.contacts[0]!.id };
  await changeContact(shop.ctx, key, { addresses: { email: "new@clients.example" } });
  const repo = sealedValuesRepo(shop.system.db, contactAddress);
  expect(await repo.replace(value, Buffer.from("over it"))).toBe(false);
  expect(await repo.replaceHash(value, Buffer.alloc(32))).toBe(false);
  expect((await getClient(shop.ctx, client.id)).contacts[0]?.addresses.email).toBe("new@clients.example");
});

test("an address keeps its suppression under the new look-up key, and twice makes no difference (S65, S70)", async () => {
  const { shop, client, address, rotating, value, hashes } = await givenAddress();
  const old = { channel: "email" as const, hashes: addressHashes(shop.ctx.vault, "email", address) };
  await suppressAddress(shop.ctx, { ...old, reason: "opted_out", source: "link" });

  expect(await rehashAddress(rotating, value, hashes)).toBe(true);
  await rehashAddress(rotating, { ...value, hash: hashes[0] }, hashes);
  const { contacts } = await getClient(under(shop, 2), client.id);
  expect(contacts[0]?.suppressed.email?.reason).toBe("opted_out");
});

test("a link in a mail from before the rotation still finds the address (S65, S70)", async () => {
  const { shop, client, rotating, value, hashes } = await givenAddress();
  const { deliveries } = await givenDue(shop, [client]);
  await rehashAddress(rotating, value, hashes);
  const delivery = await deliveryRepo(shop.ctx).get(deliveries[0]!.id);
  const found = await addressOfDelivery(under(shop, 2), delivery);
  expect(found?.address).toBe(client.contacts[0]?.addresses.email);
});
