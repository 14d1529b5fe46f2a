import {
  accepted,
  ambiguous,
  delivererFor,
  deliveriesOf,
  givenDue,
  givenOneDue,
  scriptedChannel,
  timing,
} from "@reminder-app/testing/given-delivery";
import { givenBusiness } from "@reminder-app/testing/given-business";
import { newId } from "@reminder-app/platform/ids";
import { expect, test } from "vitest";
import { changeClient } from "../clients/change-client.ts";
import { getDelivery } from "./get-delivery.ts";
import { recordCrash } from "./record-crash.ts";

test("a due delivery is claimed, sent and recorded with its attempt (C10)", async () => {
  const { shop, delivery, deliver, calls } = await givenOneDue([accepted]);

  expect(await deliver(delivery)).toEqual({ kind: "done" });

  const after = await getDelivery(shop.ctx, delivery.id);
  expect(after).toMatchObject({ state: "accepted", fence: 1, tries: 1, nextAt: null });
  expect(after.attempts).toMatchObject([
    { number: 1, state: "accepted", providerMessageId: "m-1", provider: "scripted" },
  ]);
  expect(calls).toMatchObject([{ token: after.attempts[0]?.token, content: { subject: "VAT return for Hill Ltd" } }]);
});

test("of twenty workers that claim one delivery, one sends it (C10)", async () => {
  const { shop, delivery, deliver, calls } = await givenOneDue([accepted]);
  const others = Array.from({ length: 19 }, () =>
    delivererFor(shop, { ...scriptedChannel([]).channel, send: async (m) => (calls.push(m), accepted) }),
  );

  await Promise.all([deliver, ...others].map((one) => one(delivery)));

  expect(calls).toHaveLength(1);
});

test("a delivery that is not due yet waits for its moment", async () => {
  const { shop, delivery, deliver, calls } = await givenOneDue([accepted]);
  shop.clock.advance(-10_000);

  expect(await deliver(delivery)).toEqual({ kind: "wait", until: delivery.nextAt });
  expect(calls).toEqual([]);
});

test("a refusal for now is tried again later, a Retry-After is kept to (C8)", async () => {
  const retryAt = new Date("2027-03-01T13:10:00Z");
  const { shop, delivery, deliver } = await givenOneDue([
    { kind: "throttled", code: "smtp/451", reason: "busy" },
    { kind: "throttled", code: "twilio/429", reason: "slow down", retryAt },
    accepted,
  ]);

  const first = await deliver(delivery);
  expect(first.kind).toBe("wait");
  shop.clock.set(first.kind === "wait" ? first.until : (0 as never));
  expect(await deliver(delivery)).toEqual({ kind: "wait", until: retryAt });
  shop.clock.set(retryAt);
  await deliver(delivery);

  const { state, attempts } = await getDelivery(shop.ctx, delivery.id);
  expect(state).toBe("accepted");
  expect(attempts.map((attempt) => attempt.state)).toEqual(["throttled", "throttled", "accepted"]);
});

test("a refusal for good is not tried again (C8)", async () => {
  const { shop, delivery, deliver } = await givenOneDue([
    { kind: "refused", code: "twilio/21610", reason: "opted out" },
  ]);

  expect(await deliver(delivery)).toEqual({ kind: "done" });
  expect(await getDelivery(shop.ctx, delivery.id)).toMatchObject({
    state: "failed",
    reason: "twilio/21610",
    nextAt: null,
  });
});

test("an email whose outcome is unknown is sent once more, then held (C9)", async () => {
  const { shop, delivery, deliver, calls } = await givenOneDue([ambiguous, ambiguous]);
  for (let step = 0; step < 8; step += 1) {
    await deliver(delivery);
    shop.clock.advance(timing.retryBaseMs.email);
  }

  expect(calls).toHaveLength(2);
  expect(calls[0]?.deliveryId).toBe(calls[1]?.deliveryId);
  expect(await getDelivery(shop.ctx, delivery.id)).toMatchObject({ state: "held", reason: "unknown_twice" });
});

test("a provider that can be asked is asked before anything is sent again (C9)", async () => {
  const sid = `SM-${newId()}`;
  const found = [{ providerMessageId: sid, sentAt: new Date() }];
  const { shop, delivery, deliver, calls } = await givenOneDue([ambiguous], { policy: "ask", sent: async () => found });
  await deliver(delivery);
  shop.clock.advance(timing.verifyMs);
  await deliver(delivery);

  expect(calls).toHaveLength(1);
  const after = await getDelivery(shop.ctx, delivery.id);
  expect(after).toMatchObject({ state: "accepted", attempts: [{ state: "accepted", providerMessageId: sid }] });
});

test("one found message answers for one of two deliveries with the same text and number, the other is sent (C9)", async () => {
  const shop = await givenBusiness();
  const { deliveries } = await givenDue(shop, [await shop.client(), await shop.client()]);
  const found = [{ providerMessageId: `SM-${newId()}`, sentAt: new Date() }];
  const answers = [ambiguous, ambiguous, accepted];
  const { channel, calls } = scriptedChannel(answers, { policy: "ask", sent: async () => found });
  const deliver = delivererFor(shop, channel);
  await Promise.all(deliveries.map(deliver));
  shop.clock.advance(timing.verifyMs);
  await Promise.all(deliveries.map(deliver));
  await Promise.all(deliveries.map(deliver));

  expect(calls).toHaveLength(3);
  expect((await deliveriesOf(shop, deliveries[0]!.reminderId)).map(({ state }) => state)).toEqual([
    "accepted",
    "accepted",
  ]);
});

test("what cannot be told by its text any more, because a balance or a name changed, is held and not sent again (C9, B3)", async () => {
  const { shop, delivery, deliver, calls } = await givenOneDue([ambiguous], { policy: "ask", sent: async () => [] });
  await deliver(delivery);
  shop.clock.advance(1);
  await changeClient(shop.ctx, delivery.clientId, { name: "Hill & Valley Ltd" });
  shop.clock.advance(timing.verifyMs);
  await deliver(delivery);

  expect(calls).toHaveLength(1);
  expect(await getDelivery(shop.ctx, delivery.id)).toMatchObject({ state: "held", reason: "text_changed_meanwhile" });
});

test("what the provider does not know is sent again (C9)", async () => {
  const { shop, delivery, deliver, calls } = await givenOneDue([ambiguous, accepted], {
    policy: "ask",
    sent: async () => [],
  });
  await deliver(delivery);
  shop.clock.advance(timing.verifyMs);
  await deliver(delivery);
  await deliver(delivery);

  expect(calls).toHaveLength(2);
  const { state, attempts } = await getDelivery(shop.ctx, delivery.id);
  expect([state, ...attempts.map((attempt) => attempt.state)]).toEqual(["accepted", "absent", "accepted"]);
});

test("a message that only a webhook can vouch for is held, not sent again (C9)", async () => {
  const { shop, delivery, deliver, calls } = await givenOneDue([ambiguous], { policy: "await_webhook" });
  await deliver(delivery);
  shop.clock.advance(timing.holdMs);
  await deliver(delivery);

  expect(calls).toHaveLength(1);
  expect(await getDelivery(shop.ctx, delivery.id)).toMatchObject({ state: "held", reason: "no_webhook_came" });
});

test("a business may choose to hold an email rather than risk an extra one", async () => {
  const shop = await givenBusiness({ unknownEmail: "hold" });
  const { deliveries } = await givenDue(shop);
  const deliver = delivererFor(shop, scriptedChannel([ambiguous]).channel);
  await deliver(deliveries[0]!);
  shop.clock.advance(timing.retryBaseMs.email);
  await deliver(deliveries[0]!);
  expect(await getDelivery(shop.ctx, deliveries[0]!.id)).toMatchObject({ state: "held", reason: "outcome_unknown" });
});

test("a message that is later than its grace expires", async () => {
  const { shop, delivery, deliver, calls } = await givenOneDue([accepted]);
  shop.clock.set(delivery.expiresAt);
  await deliver(delivery);
  expect(calls).toEqual([]);
  expect(await getDelivery(shop.ctx, delivery.id)).toMatchObject({ state: "expired", reason: "too_late" });
});

test("a message that is due in quiet hours waits for their end in the client's zone (F1)", async () => {
  const shop = await givenBusiness({ now: "2027-03-01T21:00:00Z", quietHours: { start: "20:00", end: "08:00" } });
  const { deliveries } = await givenDue(shop, [
    await shop.client({ timeZone: "America/New_York" }),
    await shop.client(),
  ]);
  const byNextAt = deliveries.map(({ nextAt }) => nextAt?.toISOString() ?? "").toSorted((a, b) => a.localeCompare(b));
  expect(byNextAt).toEqual(["2027-03-01T22:00:00.000Z", "2027-03-02T08:00:00.000Z"]);
});

test("the third crash of one delivery makes it dead, so that it stops nobody else", async () => {
  const { shop, delivery } = await givenOneDue([]);
  expect(await recordCrash(shop.ctx, delivery.id)).toBeInstanceOf(Date);
  expect(await recordCrash(shop.ctx, delivery.id)).toBeInstanceOf(Date);
  expect(await recordCrash(shop.ctx, delivery.id)).toBeUndefined();
  expect(await getDelivery(shop.ctx, delivery.id)).toMatchObject({
    state: "dead",
    reason: "crashes_used_up",
    crashes: 3,
  });
});

test("an answer that comes after the lease went to another claim changes nothing but its own attempt (C10)", async () => {
  const shop = await givenBusiness();
  const { deliveries } = await givenDue(shop);
  const [delivery] = deliveries;
  const { channel } = scriptedChannel([]);
  const { overdueRepo } = await import("../system/overdue.repo.ts");
  const send = async () => {
    const { deliveryRepo } = await import("./deliveries.repo.ts");
    const repo = deliveryRepo(shop.ctx);
    await repo.move([delivery!.id], { state: "retry", reason: null, nextAt: shop.clock.now() }, { fence: 7 });
    expect(await overdueRepo(shop.system.db).expireLeases(shop.clock.now(), 10)).toBeGreaterThanOrEqual(0);
    return accepted;
  };
  await delivererFor(shop, { ...channel, send })(delivery!);

  const after = await getDelivery(shop.ctx, delivery!.id);
  expect(after).toMatchObject({ state: "retry", fence: 7 });
  expect(after.attempts).toMatchObject([{ number: 1, state: "accepted" }]);
  expect(await deliveriesOf(shop, delivery!.reminderId)).toHaveLength(1);
});

test("the address that a provider repeats in its words is not stored in clear (S42, S64)", async () => {
  const reason = "5.1.1 <ada@clients.example>: no such user; call +44 7700 900123";
  const { shop, delivery, deliver } = await givenOneDue([{ kind: "refused", code: "smtp/550", reason }]);
  await deliver(delivery);
  const { attempts } = await getDelivery(shop.ctx, delivery.id);
  expect(attempts.map((attempt) => attempt.reason)).toEqual(["5.1.1 <***@***>: no such user; call ***"]);
});

test.each([
  ["just before the send is held", "2027-03-01T12:59:30Z", "held", 0],
  ["long before is asked about", "2027-03-01T12:00:00Z", "retry", 1],
])("an unknown outcome of an account that was changed %s (S22, C12)", async (_when, since, state, questions) => {
  let asked = 0;
  const sent = async () => {
    asked += 1;
    return [];
  };
  const given = await givenOneDue([ambiguous], { policy: "ask", sent, since: new Date(since) });
  await given.deliver(given.delivery);
  given.shop.clock.advance(120_000);
  await given.deliver(given.delivery);
  expect(asked).toBe(questions);
  expect(await getDelivery(given.shop.ctx, given.delivery.id)).toMatchObject({ state });
});
