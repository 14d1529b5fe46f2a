import { defaultPaymentPolicy } from "@reminder-app/db/schema/payment-policy";
import { givenBusiness } from "@reminder-app/testing/given-business";
import {
  aCheckout,
  aProvider,
  givenOwed,
  payByHand,
  payOnline,
  standingOf,
} from "@reminder-app/testing/given-payments";
import { expect, test } from "vitest";
import { pageTasks } from "../tasks/page-tasks.ts";
import type { AppliedPayment } from "./apply-provider-payment.ts";
import { cancelPaymentRequest } from "./change-payment-request.ts";
import { CreatePaymentRequestInput, createPaymentRequest } from "./create-payment-request.ts";
import { getPayment } from "./page-payments.ts";
import { getPaymentRequest } from "./page-payment-requests.ts";

const refundOf = (applied: AppliedPayment) => (applied.kind === "applied" ? applied.refundDue : undefined);
const idOf = (applied: AppliedPayment) => {
  if (applied.kind !== "applied") throw new Error("It was not applied");
  return applied.payment.id;
};

async function givenPolicy(overpayment: "refund" | "credit") {
  const shop = await givenBusiness({ paymentPolicy: { ...defaultPaymentPolicy, overpayment } });
  return givenOwed({ shop });
}

test("of a request that was paid twice the last payment goes back, once, whichever is looked at again (H4)", async () => {
  const owed = await givenPolicy("refund");
  const [first, second] = [payOnline(owed, 10_000), payOnline(owed, 10_000)];
  expect(refundOf(await first.tells({}))).toBeUndefined();
  const due = refundOf(await second.tells({}));
  expect(due).toMatchObject({ amount: 10_000 });
  expect(refundOf(await first.tells({}))).toBeUndefined();
  expect(refundOf(await second.tells({}))).toEqual(due);
  expect(refundOf(await second.tells({ refunded: 10_000 }))).toBeUndefined();
  expect(await standingOf(owed)).toMatchObject({
    request: { state: "paid", paid: 10_000 },
    assignment: { state: "done", hold: null },
  });
});

test("only what is too much goes back, and none of it where it is the client's credit (H4)", async () => {
  const owed = await givenPolicy("refund");
  await payByHand(owed, 4_000);
  expect(refundOf(await payOnline(owed, 10_000).tells({}))).toMatchObject({ amount: 4_000 });
  const other = await givenPolicy("credit");
  await payByHand(other, 4_000);
  expect(refundOf(await payOnline(other, 10_000).tells({}))).toBeUndefined();
  expect((await getPaymentRequest(other.shop.ctx, other.requestId)).status).toBe("overpaid");
});

test("money for what was cancelled meanwhile is kept as credit, with a task (H4)", async () => {
  const owed = await givenOwed();
  const provider = payOnline(owed, 10_000);
  await cancelPaymentRequest(owed.shop.ctx, owed.requestId);
  const id = idOf(await provider.tells({}));
  await provider.tells({});
  expect(await getPayment(owed.shop.ctx, id)).toMatchObject({ credit: 10_000, allocations: [] });
  expect((await pageTasks(owed.shop.ctx, { limit: 10 })).items).toMatchObject([{ kind: "overpaid", count: 1 }]);
  expect(await standingOf(owed)).toMatchObject({ request: { state: "cancelled", paid: 0 } });
});

test("staff are told of failures, disputes and refunds also where nobody is chased (H5)", async () => {
  const shop = await givenBusiness();
  const { id: clientId } = await shop.client();
  const items = [{ description: "Fee", amount: 500 }];
  const input = CreatePaymentRequestInput.parse({ clientId, title: "Fee", items, currency: "GBP" });
  const { id: paymentRequestId } = await createPaymentRequest(shop.ctx, input);
  const pays = () => aProvider({ shop }, aCheckout({ shop, clientId }, [{ paymentRequestId, amount: 500 }]));
  const failing = pays();
  await failing.tells({ state: "processing" });
  await failing.tells({ state: "failed" });
  const paid = pays();
  await paid.tells({});
  await paid.tells({ refunded: 100 });
  await paid.tells({ refunded: 100, disputed: 400, disputeOpen: true });
  const { items: tasks } = await pageTasks(shop.ctx, { limit: 10 });
  expect(tasks.map(({ kind }) => kind).toSorted()).toEqual(["payment_disputed", "payment_failed", "refunded"]);
});

test("what came days ago and is noted now was paid when it came (B8, K4)", async () => {
  const owed = await givenOwed();
  const { id } = await payByHand(owed, 10_000, { receivedOn: "2027-02-10", method: "bank" });
  expect((await standingOf(owed)).request.paidAt).toEqual(new Date("2027-02-10T12:00:00Z"));
  expect(await getPayment(owed.shop.ctx, id)).toMatchObject({ method: "bank", receivedOn: "2027-02-10", credit: 0 });
});

test("a payment is refused that came tomorrow, in another currency, or for more than is owed of what it names (B8, H10)", async () => {
  const owed = await givenOwed();
  const refused = { code: "validation_failed" };
  await expect(payByHand(owed, 100, { receivedOn: "2027-03-02" })).rejects.toMatchObject(refused);
  await expect(payByHand(owed, 100, { currency: "EUR" })).rejects.toMatchObject(refused);
  await expect(payByHand(owed, 10_001)).rejects.toMatchObject(refused);
  const parts = [1, 2].map(() => ({ paymentRequestId: owed.requestId, amount: 50 }));
  await expect(payByHand(owed, 100, { parts })).rejects.toMatchObject(refused);
  const stranger = await givenOwed({ shop: owed.shop });
  const theirs = [{ paymentRequestId: stranger.requestId, amount: 100 }];
  await expect(payByHand(owed, 100, { parts: theirs })).rejects.toMatchObject(refused);
  expect((await standingOf(owed)).request.paid).toBe(0);
});
