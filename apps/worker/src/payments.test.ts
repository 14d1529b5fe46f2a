import { applyPaymentEventJob } from "@reminder-app/queues/jobs";
import { freePort } from "@reminder-app/testing/free-port";
import { type GivenPayable, givenPayable } from "@reminder-app/testing/given-payable";
import { paymentEventsOf } from "@reminder-app/testing/given-payment-account";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { type GivenWorkers, givenWorkers } from "./given-worker.ts";

const patience = { timeout: 25_000, interval: 100 };

let given: GivenWorkers;
beforeAll(async () => {
  given = await givenWorkers({}, { apiPort: await freePort() });
  await given.start();
});
afterAll(() => given.close());

/** A business whose account reports to the API, and a request of it that a client is about to pay. */
async function givenClick() {
  const payable = await givenPayable(given.stripe);
  await payable.listenAt(given.settings.PUBLIC_URL);
  const id = await payable.request();
  await payable.click(id);
  const [session] = await payable.sessions();
  return { payable, id, session: session?.id ?? "" };
}

async function untilStanding(payable: GivenPayable, id: Parameters<GivenPayable["standing"]>[0], expected: object) {
  await vi.waitFor(async () => expect(await payable.standing(id)).toMatchObject(expected), patience);
}

test("what a client pays is known at once, though each event comes three times and in reverse order (H1, H3)", async () => {
  const { payable, id, session } = await givenClick();
  await given.stripe.send({ repeat: 3, order: "shuffled" });
  await given.stripe.pay(session);
  await given.stripe.send();
  await untilStanding(payable, id, { state: "paid", paid: 10_000, isBeingPaid: false });
  await vi.waitFor(async () => {
    const events = await paymentEventsOf(payable.ctx.businessId);
    expect(events.map(({ result }) => result)).toEqual(["applied", "applied", "applied", "applied"]);
  }, patience);
  expect(await payable.payments()).toHaveLength(1);
});

test("events that are forged, too old or of the other mode move nothing (S51)", async () => {
  const { payable, id, session } = await givenClick();
  await given.stripe.send({ signature: "wrong" });
  const { id: payment } = await given.stripe.pay(session);
  const sent = await given.stripe.events(payable.accountId);
  expect(sent.map(({ answers }) => answers[0])).toEqual(sent.map(() => 403));
  const newest = sent.at(-1)?.event.id ?? "";
  await given.stripe.send({ ageSeconds: 400 });
  expect(await given.stripe.resend(newest)).toEqual([403]);
  await given.stripe.send({ otherMode: true });
  await given.stripe.refund(payment, 100);
  await given.stripe.send();
  expect(await paymentEventsOf(payable.ctx.businessId)).toEqual([]);
  expect(await payable.standing(id)).toMatchObject({ paid: 0 });
  expect(await given.stripe.resend(newest)).toEqual([200]);
  await untilStanding(payable, id, { paid: 9_900 });
});

test("an event whose job was lost is applied all the same, and so is one of a page that nobody told of (H3)", async () => {
  const { payable, id, session } = await givenClick();
  await given.stripe.send({ drop: true });
  await given.stripe.pay(session);
  await given.stripe.send();
  const [first] = await given.stripe.events(payable.accountId);
  const stored = await payable.store({ kind: "checkout", id: session });
  expect(first?.answers).toEqual([]);
  await untilStanding(payable, id, { state: "paid" });
  const events = given.producer.queue("events");
  const job = applyPaymentEventJob.id({ v: 1, businessId: payable.ctx.businessId, eventId: stored });
  await vi.waitFor(async () => expect(await events.getJob(job)).toBeUndefined(), patience);
});

test("what was paid by hand can be paid on its open page no more, without anybody's doing (H2)", async () => {
  const { payable, id, session } = await givenClick();
  await payable.byHand(id, 10_000);
  await vi.waitFor(async () => expect((await payable.sessions())[0]?.status).toBe("expired"), patience);
  await expect(given.stripe.pay(session)).rejects.toThrow("The session is expired");
});
