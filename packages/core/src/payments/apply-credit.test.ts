import type { Id } from "@reminder-app/platform/ids";
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
import { applyCredit } from "./apply-credit.ts";
import { getPayment } from "./page-payments.ts";

/** A client who owes twice, and paid the first one twice. */
async function givenTwicePaid() {
  const owed = await givenOwed({ period: "2027-01" });
  const { shop, clientId } = owed;
  const other = await givenOwed({ shop, clientId, amount: 3_000, period: "2027-02" });
  await payByHand(owed, 10_000);
  const late = await payOnline(owed, 10_000).tells({});
  if (late.kind !== "applied") throw new Error("It was not applied");
  return { owed, other, shop, paymentId: late.payment.id };
}

const part = (paymentRequestId: Id<"PaymentRequest">, amount: number) => ({ parts: [{ paymentRequestId, amount }] });

test("what was paid twice is kept with a task, and pays another request when staff want it (H4)", async () => {
  const { owed, other, shop, paymentId } = await givenTwicePaid();
  expect((await standingOf(owed)).request).toMatchObject({ state: "paid", paid: 20_000 });
  const { items: tasks } = await pageTasks(shop.ctx, { limit: 10 });
  expect(tasks).toMatchObject([{ kind: "overpaid", count: 1 }]);

  await applyCredit(shop.ctx, paymentId, part(other.requestId, 3_000));
  expect(await standingOf(other)).toMatchObject({
    request: { state: "paid", paid: 3_000 },
    assignment: { state: "done", closedBecause: "paid", amount: 0 },
  });
  expect((await standingOf(owed)).request).toMatchObject({ state: "paid", paid: 17_000 });
  expect((await getPayment(shop.ctx, paymentId)).allocations.map(({ amount }) => amount)).toEqual([7_000, 3_000]);
});

test("more credit than there is, or than is owed, is refused with what there is (H4)", async () => {
  const { owed, other, shop, paymentId } = await givenTwicePaid();
  await expect(applyCredit(shop.ctx, paymentId, part(other.requestId, 3_001))).rejects.toMatchObject({
    code: "validation_failed",
    issues: [{ field: "parts.0.amount", message: expect.stringContaining("at most 3000") }],
  });
  await expect(applyCredit(shop.ctx, paymentId, part(other.requestId, 10_001))).rejects.toMatchObject({
    code: "validation_failed",
    issues: [{ field: "parts", message: expect.stringContaining("10000") }],
  });
  const none = await payByHand(other, 1_000);
  await expect(applyCredit(shop.ctx, none.id, part(owed.requestId, 1))).rejects.toMatchObject({
    code: "validation_failed",
  });
});

test("what is left over when a client's oldest debts are paid first is credit, and can be used later (B8, H4)", async () => {
  const owed = await givenOwed({ period: "2027-01" });
  const payment = await payByHand(owed, 12_500, { parts: undefined });
  expect(await getPayment(owed.shop.ctx, payment.id)).toMatchObject({
    credit: 2_500,
    allocations: [{ amount: 10_000 }],
  });
  const later = await givenOwed({ shop: owed.shop, clientId: owed.clientId, period: "2027-02" });
  await applyCredit(owed.shop.ctx, payment.id, part(later.requestId, 2_500));
  expect(await standingOf(later)).toMatchObject({ assignment: { state: "open", amount: 7_500 } });
  expect(await getPayment(owed.shop.ctx, payment.id)).toMatchObject({ credit: 0 });
});

test.each([{ currency: "EUR" }, { amount: 9_999 }])(
  "money that is not what was asked for is kept with a task, and pays nothing by itself: %o (H4, H10)",
  async (how) => {
    const owed = await givenOwed();
    const checkout = aCheckout(owed, [{ paymentRequestId: owed.requestId, amount: 10_000 }]);
    const provider = aProvider(owed, checkout);
    const first = await provider.tells(how);
    await provider.tells(how);
    expect(await standingOf(owed)).toMatchObject({
      request: { state: "open", paid: 0 },
      assignment: { state: "open", amount: 10_000 },
    });
    const { items: tasks } = await pageTasks(owed.shop.ctx, { limit: 10 });
    expect(tasks).toMatchObject([{ kind: "overpaid", count: 1 }]);
    expect(first.kind === "applied" && (await getPayment(owed.shop.ctx, first.payment.id)).credit).toBe(
      how.amount ?? 10_000,
    );
  },
);
