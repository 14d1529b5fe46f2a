import { sha256 } from "@reminder-app/platform/crypto";
import { newId } from "@reminder-app/platform/ids";
import { tamperWith } from "@reminder-app/testing/given-audit";
import { type GivenBusiness, givenBusiness } from "@reminder-app/testing/given-business";
import { expect, test } from "vitest";
import { changeBusiness } from "../businesses/change-business.ts";
import { changeClient } from "../clients/change-client.ts";
import { inTransaction } from "../ctx.ts";
import { type ChainReport, verifyAudit } from "../system/verify-audit.ts";
import { canonicalJson } from "./audit-digest.ts";
import { pageAudit } from "./page-audit.ts";
import { recordAudit } from "./record-audit.ts";

async function verified({ ctx, system }: GivenBusiness): Promise<ChainReport> {
  const { value } = await verifyAudit(system, ctx.businessId).next();
  return value as ChainReport;
}

/** A business with `count` events in its chain. */
async function givenChain(count = 5) {
  const shop = await givenBusiness();
  for (let made = 1; made <= count; made += 1) await recordAudit(shop.ctx, "test.done", { entityId: newId(), made });
  return { shop, trail: tamperWith(shop) };
}

test("a chain that nobody touched holds, and a business without events has nothing to break (S67)", async () => {
  const { shop } = await givenChain(3);
  expect(await verified(shop)).toMatchObject({ events: 3, unchained: 0 });
  expect(await verified(shop)).not.toHaveProperty("broken");
  const quiet = await verified(await givenBusiness());
  expect(quiet).toMatchObject({ events: 0 });
  expect(quiet).not.toHaveProperty("broken");
});

test("600 verbs at once on one business make a chain without a gap or a double (S67)", async () => {
  const shop = await givenBusiness();
  const client = await shop.client();
  const verbs = Array.from({ length: 200 }, (_, count) => [
    changeBusiness(shop.ctx, { name: `Ledger & Sons ${count}` }, { sendsPerDay: 1 }),
    changeClient(shop.ctx, client.id, { name: `Hill ${count} Ltd` }),
    shop.client({ name: `Valley ${count} Ltd` }),
  ]);
  await Promise.all(verbs.flat());
  expect(await verified(shop)).toMatchObject({ events: 601 });
  expect(await verified(shop)).not.toHaveProperty("broken");
});

test("a verb that is rolled back leaves no link (S67)", async () => {
  const { shop } = await givenChain(1);
  const verb = inTransaction(shop.ctx, async (tx) => {
    await recordAudit(tx, "test.done", { entityId: newId() });
    throw new Error("changed its mind");
  });
  await expect(verb).rejects.toThrow("changed its mind");
  expect(await verified(shop)).toMatchObject({ events: 1 });
});

test("a changed detail is found (S67)", async () => {
  const { shop, trail } = await givenChain();
  await trail.change(3, { details: { made: 33 } });
  expect(await verified(shop)).toMatchObject({ events: 2, broken: { seq: 3, reason: /changed/ } });
});

test.each(["actor", "action", "entityId"] as const)("a changed %s is found (S67)", async (column) => {
  const { shop, trail } = await givenChain();
  await trail.change(3, { [column]: newId() });
  expect(await verified(shop)).toMatchObject({ broken: { seq: 3 } });
});

test("a change that brings its own digest along is found (S67)", async () => {
  const { shop, trail } = await givenChain();
  await trail.change(3, { digest: sha256("forged") });
  expect(await verified(shop)).toMatchObject({ broken: { seq: 3 } });
});

test("a row that was deleted in the middle is found (S67)", async () => {
  const { shop, trail } = await givenChain();
  await trail.remove(3);
  expect(await verified(shop)).toMatchObject({ events: 2, broken: { seq: 3, reason: "event 3 is missing" } });
});

test("a tail that was cut off is found, and so is a missing end (S67)", async () => {
  const { shop, trail } = await givenChain();
  await trail.remove(5);
  expect(await verified(shop)).toMatchObject({ events: 4, broken: { seq: 5, reason: "events 5 to 5 are missing" } });
  await trail.removeEnd();
  expect(await verified(shop)).toMatchObject({ broken: { seq: 5, reason: /not on record/ } });
});

test("two events that changed places are found (S67)", async () => {
  const { shop, trail } = await givenChain();
  await trail.change(2, { seq: 99 });
  await trail.change(3, { seq: 2 });
  await trail.change(99, { seq: 3 });
  expect(await verified(shop)).toMatchObject({ events: 1, broken: { seq: 2 } });
});

test("details that were erased to their digest leave the event valid, others do not (S67)", async () => {
  const { shop, trail } = await givenChain();
  const erased = sha256(canonicalJson({ made: 3 })).toString("hex");
  await trail.change(3, { details: { erased } });
  expect(await verified(shop)).not.toHaveProperty("broken");
  await trail.change(3, { actor: "member:someone-else" });
  expect(await verified(shop)).toMatchObject({ broken: { seq: 3 } });
  await trail.change(2, { details: { erased } });
  expect(await verified(shop)).toMatchObject({ broken: { seq: 2 } });
});

test("details of every form that JSON has keep their digest through the database (S67)", async () => {
  const shop = await givenBusiness();
  const details = { z: 1.5, a: [1e21, -0, "é\u2028", null, { y: true, b: {} }], at: new Date(0), gone: undefined };
  await recordAudit(shop.ctx, "test.done", { entityId: newId(), ...details });
  expect(await verified(shop)).toMatchObject({ events: 1 });
  expect(await verified(shop)).not.toHaveProperty("broken");
});

test("a change is on record with its values before and after, but for addresses (S67)", async () => {
  const shop = await givenBusiness({ postalAddress: "1 Old Lane" });
  await changeBusiness(
    shop.ctx,
    { name: "Ledger & Daughters, ada@ledger.example", postalAddress: "2 New Lane" },
    { sendsPerDay: 1 },
  );
  const { items } = await pageAudit(shop.ctx, { limit: 10 });
  expect(items[0]).toMatchObject({
    actor: `member:${shop.ctx.actor.kind === "member" ? shop.ctx.actor.memberId : ""}`,
    action: "business.changed",
    entityId: shop.ctx.businessId,
    details: {
      changes: {
        name: { before: "Ledger & Sons", after: "Ledger & Daughters, [redacted]" },
        postalAddress: { before: "[redacted]", after: "[redacted]" },
      },
    },
  });
  expect(JSON.stringify(items)).not.toMatch(/Lane|ledger\.example/);
});
