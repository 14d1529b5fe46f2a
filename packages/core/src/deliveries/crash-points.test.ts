import type { SendResult, UnknownPolicy } from "@reminder-app/channels/channel";
import { newId } from "@reminder-app/platform/ids";
import { accepted, delivererFor, givenDue, scriptedChannel, timing } from "@reminder-app/testing/given-delivery";
import { givenBusiness } from "@reminder-app/testing/given-business";
import { expect, test } from "vitest";
import { overdueRepo } from "../system/overdue.repo.ts";
import { applyReceipt } from "./apply-receipt.ts";
import { templateSource } from "../reminders/template-source.ts";
import { claimDeliveries } from "./claim-deliveries.ts";
import { createDeliverer } from "./deliver.ts";
import { deliveryRepo } from "./deliveries.repo.ts";
import { getDelivery } from "./get-delivery.ts";
import { recordOutcomes } from "./record-outcomes.ts";

const longAgo = new Date(0);

/** A worker that claims a delivery and is then killed; its lease has run out. `afterClaim` is what it still did. */
async function killedAfterClaim(policy: UnknownPolicy, answers: readonly SendResult[], sent: string[] = []) {
  const shop = await givenBusiness();
  const { deliveries } = await givenDue(shop);
  const [delivery] = deliveries;
  const findSent = async () => sent.map((providerMessageId) => ({ providerMessageId, sentAt: new Date() }));
  const { channel, calls } = scriptedChannel(answers, { policy, sent: findSent });
  const [claim] = await claimDeliveries(shop.ctx, [delivery!.id], {
    channel,
    leaseMs: timing.leaseMs,
    sendsPerDay: 1_000,
    templates: templateSource(),
  });
  if (claim?.kind !== "claimed") throw new Error("The delivery was not claimed");

  const state = { state: "sending", reason: null, nextAt: null } as const;
  await deliveryRepo(shop.ctx).move([delivery!.id], state, { leaseUntil: longAgo });
  const expireLeases = () => overdueRepo(shop.system.db).expireLeases(shop.clock.now(), 1_000);
  const deliver = delivererFor(shop, channel);
  /** Other workers come by until nothing is left to do. */
  const others = async () => {
    // Other tests leave leases behind too, and one pass ends only so many.
    while ((await expireLeases()) > 0);
    for (let step = 0; step < 5; step += 1) {
      await deliver(delivery!);
      shop.clock.advance(Math.max(timing.verifyMs, timing.holdMs, timing.retryBaseMs.email));
    }
    const { state: ended, attempts } = await getDelivery(shop.ctx, delivery!.id);
    return { state: ended, attempts: attempts.map((attempt) => attempt.state) };
  };
  return { shop, claim, delivery: delivery!, others, expireLeases, calls };
}

test("killed after the claim, before the first byte: mail goes out once, by another worker (C9, C10)", async () => {
  const { others, calls } = await killedAfterClaim("resend_once", [accepted]);
  expect(await others()).toEqual({ state: "accepted", attempts: ["unknown", "accepted"] });
  expect(calls).toHaveLength(1);
});

test("killed after the claim, before the first byte: the provider is asked, knows nothing, and gets it once (C9)", async () => {
  const { others, calls } = await killedAfterClaim("ask", [accepted]);
  expect(await others()).toEqual({ state: "accepted", attempts: ["absent", "accepted"] });
  expect(calls).toHaveLength(1);
});

test("killed after the provider accepted, before its answer was read: it is found and not sent again (C9)", async () => {
  const { others, calls } = await killedAfterClaim("ask", [], [`SM-${newId()}`]);
  expect(await others()).toEqual({ state: "accepted", attempts: ["accepted"] });
  expect(calls).toEqual([]);
});

test("killed where only a webhook can tell: held until one comes, then delivered (C9)", async () => {
  const { shop, delivery, others } = await killedAfterClaim("await_webhook", []);
  expect(await others()).toEqual({ state: "held", attempts: ["started"] });
  const { attempts } = await getDelivery(shop.ctx, delivery.id);
  await applyReceipt(shop.ctx, attempts[0]!, { status: "delivered" });
  expect(await getDelivery(shop.ctx, delivery.id)).toMatchObject({ state: "delivered" });
});

test("killed after the record, before the job was acknowledged: the second run of the job finds nothing (C10)", async () => {
  const { shop, claim, delivery, others, calls } = await killedAfterClaim("resend_once", []);
  await recordOutcomes(shop.ctx, [{ claim, result: accepted, provider: "scripted" }], timing);
  expect(await others()).toEqual({ state: "accepted", attempts: ["accepted"] });
  expect(calls).toEqual([]);
  expect(await getDelivery(shop.ctx, delivery.id)).toMatchObject({ fence: 1 });
});

test("a frozen process that wakes after its lease with an acceptance settles the unknown outcome (C9)", async () => {
  const { shop, claim, delivery, expireLeases } = await killedAfterClaim("await_webhook", []);
  await expireLeases();
  expect(await getDelivery(shop.ctx, delivery.id)).toMatchObject({ state: "unknown", reason: "lease_expired" });
  await recordOutcomes(shop.ctx, [{ claim, result: accepted, provider: "scripted" }], timing);
  expect(await getDelivery(shop.ctx, delivery.id)).toMatchObject({ state: "accepted" });
});

test("a receipt that came before the process died is evidence enough (C7, C9)", async () => {
  const { shop, delivery, others, calls } = await killedAfterClaim("resend_once", []);
  const { attempts } = await getDelivery(shop.ctx, delivery.id);
  await applyReceipt(shop.ctx, attempts[0]!, { status: "accepted" });
  expect(await others()).toEqual({ state: "accepted", attempts: ["accepted"] });
  expect(calls).toEqual([]);
});

test("a lease that still runs is left alone", async () => {
  const shop = await givenBusiness();
  const { deliveries } = await givenDue(shop);
  const { channel } = scriptedChannel([]);
  await claimDeliveries(shop.ctx, [deliveries[0]!.id], {
    channel,
    leaseMs: timing.leaseMs,
    sendsPerDay: 1_000,
    templates: templateSource(),
  });
  await overdueRepo(shop.system.db).expireLeases(shop.clock.now(), 1_000);
  expect(await getDelivery(shop.ctx, deliveries[0]!.id)).toMatchObject({ state: "sending" });
});

test("a process that stood still while its claim was on the way does not send, for its lease may be another's by now (C10)", async () => {
  const shop = await givenBusiness();
  const { deliveries } = await givenDue(shop);
  const { channel, calls } = scriptedChannel([accepted]);
  const deliver = createDeliverer({
    sendsPerDay: 1_000,
    system: shop.system,
    senderOf: async () => ({ channel }),
    timing: { ...timing, leaseMs: 1 },
    publicUrl: "http://localhost",
  });
  const { businessId, id } = deliveries[0]!;
  expect(await deliver({ businessId, deliveryId: id })).toMatchObject({ kind: "wait" });
  expect(calls).toEqual([]);
  expect(await getDelivery(shop.ctx, id)).toMatchObject({ state: "retry", reason: "lease_nearly_over" });
});
