import { HOUR_MS } from "@reminder-app/platform/clock";
import type { Id } from "@reminder-app/platform/ids";
import { defaultPaymentPolicy } from "@reminder-app/db/schema/payment-policy";
import { aContact, type GivenBusiness, givenBusiness } from "@reminder-app/testing/given-business";
import { deliveriesOf, ring, scriptedChannel } from "@reminder-app/testing/given-delivery";
import { aCheckout, aProvider, givenOwed, payByHand, standingOf } from "@reminder-app/testing/given-payments";
import { expect, test } from "vitest";
import { AssignClientsInput, assignClients } from "../assignments/assign-clients.ts";
import { pageAssignments } from "../assignments/page-assignments.ts";
import { type Ctx, inTransaction } from "../ctx.ts";
import { claimDeliveries } from "../deliveries/claim-deliveries.ts";
import { type Delivery, deliveryRepo } from "../deliveries/deliveries.repo.ts";
import { templateSource } from "../reminders/template-source.ts";
import { applyProviderPayment } from "./apply-provider-payment.ts";
import { markPaid } from "./mark-paid.ts";

const RACES = 200;
const WAVE = 20;
/** Nothing of what is claimed here runs out while tests go on beside it. */
const LEASE_MS = HOUR_MS;
/** Hundreds of transactions side by side, also where the machine has much else to do. */
const PATIENCE_MS = 240_000;

const AMOUNT = 10_000;

/** A reminder that is due to so many clients, of whom each owes. */
async function givenRaces() {
  const shop = await givenBusiness({ paymentPolicy: { ...defaultPaymentPolicy, receipts: false } });
  const reminder = await shop.reminder({ type: "payment" });
  const requests = new Map<Id<"Assignment">, Id<"PaymentRequest">>();
  for (let from = 0; from < RACES; from += WAVE) {
    const clients = await Promise.all(Array.from({ length: WAVE }, () => shop.client({ contacts: [aContact()] })));
    const assignments = clients.map(({ id }) => ({ clientId: id, amount: AMOUNT, currency: "GBP" }));
    for (const made of await assignClients(shop.ctx, reminder.id, AssignClientsInput.parse({ assignments })))
      if (made.paymentRequestId) requests.set(made.id, made.paymentRequestId);
  }
  return { shop, reminder, requests, deliveries: await ring(shop, reminder) };
}

/** Claim a delivery and send nothing: from the claim on it counts as started. */
async function claim({ ctx }: GivenBusiness, id: Id<"Delivery">): Promise<void> {
  const { channel } = scriptedChannel([]);
  const templates = templateSource();
  await claimDeliveries(ctx, [id], { channel, leaseMs: LEASE_MS, sendsPerDay: 1_000_000, templates });
}

async function isClaimed(ctx: Ctx, id: Id<"Delivery">): Promise<boolean> {
  return (await deliveryRepo(ctx).peek([id])).some(({ state }) => state === "sending");
}

const byProvider = (tx: Ctx, shop: GivenBusiness, { clientId }: Delivery, paymentRequestId: Id<"PaymentRequest">) => {
  const checkout = aCheckout({ shop, clientId }, [{ paymentRequestId, amount: AMOUNT }]);
  return applyProviderPayment(tx, { checkout, payment: aProvider({ shop }, checkout).says({}) });
};

test.each([
  ["comes by the provider", byProvider],
  [
    "is noted by hand",
    (tx: Ctx, _shop: GivenBusiness, _delivery: Delivery, id: Id<"PaymentRequest">) => markPaid(tx, id),
  ],
] as const)(
  "of 200 races of a payment that %s against the claim of its reminder none commits a claim after the payment (B1)",
  async (_how, pay) => {
    const { shop, reminder, requests, deliveries } = await givenRaces();
    expect(deliveries).toHaveLength(RACES);
    const late: Delivery[] = [];
    const race = async (delivery: Delivery, index: number) => {
      const requestId = requests.get(delivery.assignmentId)!;
      const claims = () => claim(shop, delivery.id);
      // Looked at within the payment's own transaction, once it has written all: what is claimed and not seen was late.
      const pays = () =>
        inTransaction(shop.ctx, async (tx) => {
          await pay(tx, shop, delivery, requestId);
          return isClaimed(tx, delivery.id);
        });
      const [first, second] = index % 2 === 0 ? [claims, pays] : [pays, claims];
      const seen = (await Promise.all([first(), second()])).includes(true);
      if ((await isClaimed(shop.ctx, delivery.id)) && !seen) late.push(delivery);
    };
    for (let from = 0; from < RACES; from += WAVE) await Promise.all(deliveries.slice(from, from + WAVE).map(race));
    expect(late).toEqual([]);
    const states = new Set((await deliveriesOf(shop, reminder.id)).map(({ state }) => state));
    expect([...states].filter((state) => state !== "sending" && state !== "cancelled")).toEqual([]);
  },
  PATIENCE_MS,
);

test("payments for one request at the same moment are all counted (H4, B1)", async () => {
  const owed = await givenOwed();
  const hands = Array.from({ length: 6 }, () => payByHand(owed, 1_000));
  const online = Array.from({ length: 4 }, () =>
    aProvider(owed, aCheckout(owed, [{ paymentRequestId: owed.requestId, amount: 1_000 }])).tells({}),
  );
  await Promise.all([...hands, ...online]);
  expect(await standingOf(owed)).toMatchObject({
    request: { state: "paid", paid: 10_000 },
    assignment: { state: "done", closedBecause: "paid", amount: 0 },
  });
});

test("the same payment told of by many at the same moment is one payment (H6, H4)", async () => {
  const owed = await givenOwed();
  const provider = aProvider(owed, aCheckout(owed, [{ paymentRequestId: owed.requestId, amount: 4_000 }]));
  await Promise.all(Array.from({ length: 8 }, () => provider.tells({})));
  expect((await standingOf(owed)).request).toMatchObject({ state: "open", paid: 4_000 });
});

test("a client who is put on a reminder while what it is about is paid is not chased for it (B1, H4)", async () => {
  for (let race = 0; race < 10; race += 1) {
    const owed = await givenOwed();
    const { shop, clientId, requestId: paymentRequestId } = owed;
    const other = await shop.reminder({ type: "payment" });
    const assignments = [{ clientId, paymentRequestId }];
    const [assigned] = await Promise.allSettled([
      assignClients(shop.ctx, other.id, AssignClientsInput.parse({ assignments })),
      payByHand(owed, AMOUNT),
    ]);
    const { items } = await pageAssignments(shop.ctx, other.id, { limit: 10 });
    expect((await standingOf(owed)).request.state).toBe("paid");
    const states = items.map(({ state, closedBecause, amount }) => [state, closedBecause, amount]);
    expect(states).toEqual(assigned.status === "fulfilled" ? [["done", "paid", 0]] : []);
  }
});
