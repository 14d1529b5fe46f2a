import { openTask } from "../tasks/open-task.ts";
import { type GivenBusiness, givenBusiness } from "@reminder-app/testing/given-business";
import { accepted, delivererFor, givenDue, scriptedChannel } from "@reminder-app/testing/given-delivery";
import { snapshotOf } from "@reminder-app/testing/given-rows";
import { expect, test } from "vitest";
import { holdAssignment } from "../assignments/hold-assignment.ts";
import { addressHash } from "../clients/contact.ts";
import { suppressByHand } from "../consent/suppress-by-hand.ts";
import { documentRepo } from "../documents/documents.repo.ts";
import { makePageLink } from "../links/make-link.ts";
import { decideSends } from "../outbox/decide-sends.ts";
import { setClientTags } from "../tags/set-client-tags.ts";
import { newId } from "@reminder-app/platform/ids";
import { getDelivery } from "../deliveries/get-delivery.ts";
import { changePaymentRequest } from "../payments/change-payment-request.ts";
import { createPaymentRequest, CreatePaymentRequestInput } from "../payments/create-payment-request.ts";
import { recordPayment } from "../payments/record-payment.ts";
import { pageSuppressions } from "../consent/page-suppressions.ts";
import { verifyAudit } from "../system/verify-audit.ts";
import { eraseClient } from "./erase-client.ts";
import { exportClient } from "./export-client.ts";

const address = "zenobia.quill@clients.example";
const phone = "+442079460123";
const planted = ["Zenobia", "Quill", "QX-77", "quincunx", address, phone];

/** A client about whom there is something of every kind, with words that stand nowhere else. */
async function givenKnown() {
  const shop = await givenBusiness();
  const { ctx } = shop;
  const client = await shop.client({
    name: "Zenobia Quill Ltd",
    externalId: "QX-77",
    contacts: [{ name: "Zenobia Quill", addresses: { email: address, sms: phone } }],
  });
  const { deliveries } = await givenDue(shop, [client]);
  await delivererFor(shop, scriptedChannel([accepted]).channel)(deliveries[0]!);
  const { deliveries: waiting } = await givenDue(shop, [client]);
  await holdAssignment(ctx, deliveries[0]!, { reason: "dispute", note: "quincunx" });
  await openTask(ctx, { kind: "exhausted", subject: client.id, clientId: client.id, note: "quincunx" });
  const items = [{ description: "quincunx for Zenobia", amount: 500 }];
  const asked = { clientId: client.id, title: "quincunx", items, currency: "GBP" };
  const { id: requestId } = await createPaymentRequest(ctx, CreatePaymentRequestInput.parse(asked));
  await changePaymentRequest(ctx, requestId, { title: "quincunx again", items });
  await recordPayment(ctx, { clientId: client.id, amount: 200, currency: "GBP", method: "manual", note: "quincunx" });
  await decideSends(ctx, {
    sends: [{ assignmentId: waiting[0]!.assignmentId, slotKey: "O:1" }],
    decision: "edit",
    body: "quincunx",
  });
  await setClientTags(ctx, client.id, { tags: ["quincunx"] });
  const file = { id: newId<"Document">(), clientId: client.id, name: "quincunx.pdf", sha256: Buffer.alloc(32) };
  const stored = {
    direction: "from_client",
    mediaType: "application/pdf",
    bytes: 1,
    state: "ready",
    uploadedBy: "test",
  } as const;
  await documentRepo(ctx).insert({ ...file, ...stored, createdAt: ctx.now(), updatedAt: ctx.now() });
  await makePageLink(ctx, client.id, { days: 30 });
  await suppressByHand(ctx, { channel: "sms", address: phone });
  return { shop, client, waiting: waiting[0]! };
}

/** All rows of the business as text, and every form in which an address may stand. */
async function dump({ ctx }: GivenBusiness): Promise<string> {
  return JSON.stringify(await snapshotOf(ctx.businessId));
}

test("an erased client is in no row of the database any more, and what proves a message or a payment stays (D6, S66)", async () => {
  const { shop, client, waiting } = await givenKnown();
  const before = await dump(shop);
  for (const word of ["Zenobia Quill Ltd", "QX-77", "quincunx"]) expect(before).toContain(word);

  const erased = await eraseClient(shop.ctx, client.id, { dryRun: false });
  expect(erased).toMatchObject({ dryRun: false, contacts: 1, documents: 1, cancelled: 1 });
  const left = await dump(shop);
  for (const word of planted) expect(left.toLowerCase()).not.toContain(word.toLowerCase());
  expect(await getDelivery(shop.ctx, waiting.id)).toMatchObject({ state: "cancelled", reason: "client_archived" });
  const rows = await snapshotOf(shop.ctx.businessId);
  expect(rows["deliveries"]).toHaveLength(2);
  expect(rows["payments"]![0]).toContain('"amount":200');
  expect(rows["contact_addresses"]).toEqual([]);
  expect(rows["documents"]![0]).toContain('"state":"deleted"');
  expect(rows["client_links"]![0]).not.toContain('"revokedAt":null');
});

test("erasing leaves the suppression by its hash, and the audit chain holds (D6, S66, S67)", async () => {
  const { shop, client } = await givenKnown();
  await eraseClient(shop.ctx, client.id, { dryRun: false });
  const { value } = await verifyAudit(shop.system, shop.ctx.businessId).next();
  expect(value).not.toHaveProperty("broken");
  const hash = addressHash(shop.ctx.vault, "sms", phone).toString("base64");
  expect(JSON.stringify((await snapshotOf(shop.ctx.businessId))["suppressions"])).toContain(
    JSON.stringify(Buffer.from(hash, "base64")).slice(1, -1).replaceAll('"', '\\"'),
  );
  expect((await pageSuppressions(shop.ctx, { limit: 10 })).items).toHaveLength(1);
});

test("a dry run tells what would be erased, and erases nothing (D6)", async () => {
  const { shop, client } = await givenKnown();
  const before = await dump(shop);
  expect(await eraseClient(shop.ctx, client.id, { dryRun: true })).toMatchObject({ contacts: 1, cancelled: 1 });
  expect(await dump(shop)).toBe(before);
  await eraseClient(shop.ctx, client.id, { dryRun: false });
  expect(await eraseClient(shop.ctx, client.id, { dryRun: false })).toMatchObject({ contacts: 0, cancelled: 0 });
});

test("staff may neither erase nor export a client, and another firm's is not there (D6, S66)", async () => {
  const { shop, client } = await givenKnown();
  const staff = {
    ...shop.ctx,
    actor: { kind: "member", memberId: shop.ctx.businessId as never, role: "staff" },
  } as const;
  await expect(eraseClient(staff, client.id, { dryRun: false })).rejects.toMatchObject({ code: "forbidden" });
  await expect(exportClient(staff, client.id)).rejects.toMatchObject({ code: "forbidden" });
  const rival = await givenBusiness();
  await expect(eraseClient(rival.ctx, client.id, { dryRun: false })).rejects.toMatchObject({ code: "not_found" });
});

test("an export holds all that is kept about a client, addresses in clear, and nothing of others (D6, S66)", async () => {
  const { shop, client } = await givenKnown();
  await givenDue(shop, [await shop.client({ name: "Other Ltd" })]);
  let text = "";
  for await (const piece of await exportClient(shop.ctx, client.id)) text += piece;
  const all = JSON.parse(text) as Record<string, { [name: string]: unknown }[]> & { client: { name: string } };
  expect(all.client.name).toBe("Zenobia Quill Ltd");
  expect(all["contacts"]![0]).toMatchObject({ name: "Zenobia Quill", addresses: { email: address, sms: phone } });
  expect(all["deliveries"]!.filter(({ attempts }) => (attempts as unknown[]).length === 1)).toHaveLength(1);
  expect(all["payments"]).toMatchObject([{ amount: 200, note: "quincunx" }]);
  expect(all["paymentRequests"]).toMatchObject([{ title: "quincunx again", paid: 200 }]);
  expect(text).not.toMatch(/Other Ltd|addressHash|tokenHash/);
});
