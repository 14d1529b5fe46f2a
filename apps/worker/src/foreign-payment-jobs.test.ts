import { type GivenPayable, checkoutsOf, givenPayable } from "@reminder-app/testing/given-payable";
import { snapshotOf } from "@reminder-app/testing/given-rows";
import { type GivenStripe, givenStripe } from "@reminder-app/testing/given-stripe";
import { afterAll, beforeAll, expect, test } from "vitest";
import { applyPaymentEventHandler } from "./processors/apply-payment-event.ts";
import { reviewPaymentHandler } from "./processors/review-payment.ts";

let stripe: GivenStripe;
beforeAll(async () => {
  stripe = await givenStripe();
});
afterAll(() => stripe.close());

/** A firm whose client has begun to pay by debit, and one that has nothing to do with it. */
async function givenFirms() {
  const [firm, rival] = [await givenPayable(stripe), await givenPayable(stripe)];
  const id = await firm.request();
  await firm.click(id);
  const [session] = await firm.sessions();
  const { id: payment } = await stripe.pay(session?.id ?? "", { by: "debit" });
  const snapshots = () => Promise.all([firm, rival].map(({ ctx }) => snapshotOf(ctx.businessId)));
  return { firm, rival, id, payment, snapshots };
}

const system = ({ shop, ctx }: GivenPayable) => ({ ...shop.system, real: ctx.real });

test("a job that names another firm's event applies nothing, nor does its crash (S21, J6)", async () => {
  const { firm, rival, id, payment, snapshots } = await givenFirms();
  const eventId = await firm.store({ kind: "payment", id: payment });
  const handler = applyPaymentEventHandler(system(rival), rival.deps);
  const before = await snapshots();
  const foreign = { v: 1, businessId: rival.ctx.businessId, eventId } as const;
  expect(await handler.handle(foreign)).toEqual({ kind: "done" });
  expect(await handler.crashed(foreign)).toBeUndefined();
  expect(await snapshots()).toEqual(before);
  await handler.handle({ ...foreign, businessId: firm.ctx.businessId });
  expect(await firm.standing(id)).toMatchObject({ processing: 10_000 });
});

test("a job that names another firm's checkout or payment reviews nothing (S21, J6)", async () => {
  const { firm, rival, id, payment, snapshots } = await givenFirms();
  const handler = reviewPaymentHandler(system(rival), rival.deps);
  const [checkout] = await checkoutsOf(firm);
  const ask = async (kind: "checkout" | "payment", of: string, { ctx }: GivenPayable) =>
    handler.handle({ v: 1, businessId: ctx.businessId, kind, id: of });

  const before = await snapshots();
  expect(await ask("checkout", checkout?.id ?? "", rival)).toEqual({ kind: "done" });
  expect(await snapshots()).toEqual(before);
  await firm.byHand(id, 10_000);
  await ask("checkout", checkout?.id ?? "", firm);
  expect(await firm.checkouts()).toEqual(["completed"]);

  const [arriving] = (await firm.payments()).filter(({ state }) => state === "processing");
  await stripe.settle(payment, true);
  const unsettled = await snapshots();
  expect(await ask("payment", arriving?.id ?? "", rival)).toEqual({ kind: "done" });
  expect(await snapshots()).toEqual(unsettled);
  await ask("payment", arriving?.id ?? "", firm);
  expect(await firm.standing(id)).toMatchObject({ paid: 20_000, processing: 0 });
});
