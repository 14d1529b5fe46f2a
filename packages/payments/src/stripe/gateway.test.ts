import { type GivenStripe, givenStripe } from "@reminder-app/testing/given-stripe";
import { testSettings } from "@reminder-app/testing/test-settings";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { GatewayAccount, GatewayAnswer, PaymentGateway } from "../gateway.ts";
import { createGateway } from "../registry.ts";
import { aCheckout, aKey, valueOf } from "./given-checkout.ts";

let stripe: GivenStripe;
let gateway: PaymentGateway;

beforeAll(async () => {
  stripe = await givenStripe();
  gateway = createGateway(testSettings({ ...stripe.settings }), () => new Date());
});
afterAll(async () => {
  await gateway.close();
  stripe.close();
});

const makeAccount: Record<GatewayAccount["kind"], () => Promise<GatewayAccount>> = {
  async connect() {
    const { accountId } = valueOf(await gateway.createAccount({ key: aKey() }));
    return { kind: "connect", accountId };
  },
  own_key: async () => ({ kind: "own_key", ...stripe.ownAccount() }),
};

describe.each(["connect", "own_key"] as const)("with an account by %s", (kind) => {
  async function given(input = aCheckout()) {
    const account = await makeAccount[kind]();
    const checkout = valueOf(await gateway.createCheckout(account, input));
    const find = async () => valueOf(await gateway.getCheckout(account, checkout.sessionId));
    const pay = async (how = {}) => {
      const { id } = await stripe.pay(checkout.sessionId, how);
      return { id, now: async () => valueOf(await gateway.getPayment(account, id)) };
    };
    return { account, input, checkout, find, pay };
  }

  test("a checkout is open at an address, under our key, and in this account alone (H1, H7)", async () => {
    const { account, input, checkout, find } = await given();

    expect(checkout).toEqual({ sessionId: checkout.sessionId, state: "open", key: input.key, url: checkout.url });
    expect(await (await fetch(checkout.url ?? "")).text()).toContain("VAT return");
    expect(await find()).toEqual(checkout);
    expect(await stripe.sessions(account.accountId)).toMatchObject([{ amount_total: 1_750, currency: "gbp" }]);
    const another = await makeAccount[kind]();
    expect(await gateway.getCheckout(another, checkout.sessionId)).toMatchObject({
      kind: "refused",
      code: "stripe/resource_missing",
    });
  });

  test("what was paid is asked after by the payment, in our units, with when it was asked (H1, H3)", async () => {
    const { input, find, pay } = await given();
    const before = new Date();
    const payment = await pay();

    expect(await find()).toMatchObject({ state: "completed", paymentRef: payment.id });
    const found = await payment.now();
    expect(found).toEqual({
      paymentRef: payment.id,
      askedAt: found.askedAt,
      state: "succeeded",
      currency: "GBP",
      amount: 1_750,
      refunded: 0,
      disputed: 0,
      disputeOpen: false,
      checkoutKey: input.key,
      paidAt: found.paidAt,
    });
    expect(found.askedAt >= before && found.askedAt <= new Date()).toBe(true);
    expect(found.paidAt).toBeInstanceOf(Date);
  });

  test("more lines than Stripe shows are all paid (H4)", async () => {
    const lines = Array.from({ length: 120 }, (_, at) => ({ description: `Invoice ${at + 1}`, amount: 100 }));
    const { checkout, pay } = await given(aCheckout({ lines }));
    expect(await (await fetch(checkout.url ?? "")).text()).toMatch(/Invoice 99<.+… \+ 21<.+£21\.00/s);
    expect(await (await pay()).now()).toMatchObject({ state: "succeeded", amount: 12_000 });
  });

  test("a payment of another account is not found (H7)", async () => {
    const { pay } = await given();
    const { id } = await pay();
    const stranger = await makeAccount[kind]();

    expect(await gateway.getPayment(stranger, id)).toMatchObject({ kind: "refused", code: "stripe/resource_missing" });
    const refund = { key: aKey(), paymentRef: id, amount: 100 };
    expect(await gateway.refund(stranger, refund)).toMatchObject({ kind: "refused", code: "stripe/resource_missing" });
  });

  test("a declined card has paid nothing, and the page stays open for another one (H5)", async () => {
    const { find, pay } = await given();
    const declined = await pay({ by: "declined" });
    expect(await declined.now()).toMatchObject({ state: "failed", failure: "Your card was declined.", amount: 1_750 });
    expect(await find()).toMatchObject({ state: "open" });

    const { id, now } = await pay();
    expect(id).toBe(declined.id);
    expect(await now()).toMatchObject({ state: "succeeded" });
  });

  test.each([
    [true, { state: "succeeded", amount: 1_750 }],
    [false, { state: "failed", failure: "The customer's bank account could not be debited." }],
  ])("a bank debit is on its way until the bank says %s (H5)", async (succeeds, expected) => {
    const { find, pay } = await given();
    const debit = await pay({ by: "debit" });
    expect(await find()).toMatchObject({ state: "completed", paymentRef: debit.id });
    expect(await debit.now()).toMatchObject({ state: "processing", amount: 1_750 });

    await stripe.settle(debit.id, succeeds);
    expect(await debit.now()).toMatchObject(expected);
  });

  test("a part is sent back once for each key, and no more than is left (H5)", async () => {
    const { account, pay } = await given();
    const { id, now } = await pay();
    const refund = { key: aKey(), paymentRef: id, amount: 500 };

    for (let time = 0; time < 2; time += 1) expect(await gateway.refund(account, refund)).toEqual({ kind: "done" });
    expect(await now()).toMatchObject({ state: "succeeded", amount: 1_750, refunded: 500 });
    const tooMuch = await gateway.refund(account, { ...refund, key: aKey(), amount: 1_251 });
    expect(tooMuch).toMatchObject({ kind: "refused", reason: expect.stringContaining("greater than") as unknown });
    await stripe.refund(id);
    expect(await now()).toMatchObject({ refunded: 1_750 });
  });

  test.each([
    [true, { disputed: 0, disputeOpen: false }],
    [false, { disputed: 600, disputeOpen: false }],
  ])("a dispute withholds its amount until it is decided, won: %s (H5)", async (won, after) => {
    const { pay } = await given();
    const { id, now } = await pay();

    const dispute = await stripe.dispute(id, { amount: 600 });
    expect(await now()).toMatchObject({ disputed: 600, disputeOpen: true });
    await stripe.decide(dispute.id, won);
    expect(await now()).toMatchObject(after);
  });

  test("an inquiry withholds nothing (H5)", async () => {
    const { pay } = await given();
    const { id, now } = await pay();
    await stripe.dispute(id, { isInquiry: true });
    expect(await now()).toMatchObject({ disputed: 0, disputeOpen: false });
  });

  test("a checkout is expired once, and what was paid stays so (H1)", async () => {
    const [open, paid] = [await given(), await given()];
    const { id } = await paid.pay();

    for (let time = 0; time < 2; time += 1) {
      const expired = valueOf(await gateway.expireCheckout(open.account, open.checkout.sessionId));
      expect(expired).toEqual({ sessionId: open.checkout.sessionId, state: "expired", key: open.input.key });
    }
    const stayed = valueOf(await gateway.expireCheckout(paid.account, paid.checkout.sessionId));
    expect(stayed).toMatchObject({ state: "completed", paymentRef: id });
  });

  test("the same key is the same checkout, however often it is asked for; with other content it is refused (H1)", async () => {
    const { account, input, checkout } = await given();

    expect(valueOf(await gateway.createCheckout(account, input))).toEqual(checkout);
    const other = await gateway.createCheckout(account, { ...input, successUrl: "https://firm.example/elsewhere" });
    expect(other).toMatchObject({ kind: "refused", code: "stripe/idempotency_error" });
    expect(await stripe.sessions(account.accountId)).toHaveLength(1);
  });

  test("an answer that was lost is had again by the same key, and nothing is done twice (H1)", async () => {
    const account = await makeAccount[kind]();
    await stripe.script("createCheckout", { outcomes: ["accept_then_drop"] });

    const made = valueOf(await gateway.createCheckout(account, aCheckout()));

    expect(await stripe.sessions(account.accountId)).toMatchObject([{ id: made.sessionId, status: "open" }]);
  });

  test.each<[string, number, number]>([
    ["JPY", 1_250, 1_250],
    ["KWD", 12_340, 12_340],
    ["UGX", 5_000, 500_000],
    ["ISK", 5_000, 500_000],
    ["MGA", 500_000, 5_000],
  ])("an amount in %s arrives as it was asked for, and goes back so (H10)", async (currency, amount, atStripe) => {
    const { account, pay } = await given(aCheckout({ currency, lines: [{ description: "Fee", amount }] }));
    expect(await stripe.sessions(account.accountId)).toMatchObject([{ amount_total: atStripe }]);
    const { id, now } = await pay();
    await gateway.refund(account, { key: aKey(), paymentRef: id, amount });

    expect(await now()).toMatchObject({ currency, amount, refunded: amount });
    expect(await stripe.payments(account.accountId)).toMatchObject([{ received: atStripe, refunded: atStripe }]);
  });

  test("an amount that Stripe would not take is refused before it is asked (H10)", async () => {
    const account = await makeAccount[kind]();
    const fees = [12_345, 655].map((amount) => ({ description: "Fee", amount }));
    const asked = [
      aCheckout({ lines: [{ description: "Fee", amount: 10 }] }),
      aCheckout({ currency: "KWD", lines: fees }),
      aCheckout({ currency: "XDR" }),
    ];

    const answers: GatewayAnswer<unknown>[] = [];
    for (const input of asked) answers.push(await gateway.createCheckout(account, input));

    const codes = answers.map((answer) => (answer.kind === "refused" ? answer.code : answer.kind));
    expect(codes).toEqual(["amount_too_small", "amount_not_round", "currency_unknown"]);
    expect(await stripe.sessions(account.accountId)).toEqual([]);
  });
});
