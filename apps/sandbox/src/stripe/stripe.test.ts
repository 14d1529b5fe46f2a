import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Stripe } from "stripe";
import { afterAll, beforeAll, expect, test } from "vitest";
import { platform } from "../given-sandbox.ts";
import { aKey, aSession, givenStripeSandbox } from "./given-stripe-sandbox.ts";

type Sandbox = Awaited<ReturnType<typeof givenStripeSandbox>>;

let sandbox: Sandbox;

beforeAll(async () => {
  sandbox = await givenStripeSandbox();
});
afterAll(() => sandbox.close());

/** Stripe's own client, with nothing changed but the address. */
const clientOf = ({ address }: Sandbox, key: string, timeout = 10_000) => new Stripe(key, { ...address, timeout });

test("a session is open with an address, and is paid by card at its page without a script (H1)", async () => {
  const stripe = clientOf(sandbox, aKey());
  const session = await stripe.checkout.sessions.create(aSession());
  expect(session).toMatchObject({ status: "open", payment_status: "unpaid", amount_total: 1250, payment_intent: null });

  const page = await (await fetch(session.url ?? "")).text();
  expect(page).toContain("Pay £12.50 by card");
  expect(page).not.toContain("<script");
  const paid = await sandbox.press(session.url, "card");

  expect([paid.status, paid.headers.get("location")]).toEqual([303, `http://firm.example/paid?session=${session.id}`]);
  const after = await stripe.checkout.sessions.retrieve(session.id, { expand: ["payment_intent.latest_charge"] });
  expect(after).toMatchObject({ status: "complete", payment_status: "paid", url: null });
  expect(after.payment_intent).toMatchObject({
    status: "succeeded",
    amount_received: 1250,
    metadata: { checkout: "checkout-1" },
    latest_charge: { status: "succeeded", amount: 1250, amount_refunded: 0, disputed: false },
  });
});

test("a declined card leaves the page open, which says so, and another way still pays (H1, H5)", async () => {
  const stripe = clientOf(sandbox, aKey());
  const session = await stripe.checkout.sessions.create(aSession());

  const declined = await (await sandbox.press(session.url, "declined")).text();
  expect(declined).toContain('role="alert"');
  const open = await stripe.checkout.sessions.retrieve(session.id, { expand: ["payment_intent"] });
  expect(open).toMatchObject({ status: "open", payment_intent: { status: "requires_payment_method" } });
  expect(open.payment_intent).toMatchObject({ last_payment_error: { code: "card_declined" } });

  await sandbox.press(session.url, "card");
  const after = await stripe.checkout.sessions.retrieve(session.id, { expand: ["payment_intent"] });
  expect(after).toMatchObject({
    status: "complete",
    payment_intent: { status: "succeeded", last_payment_error: null },
  });
});

const paymentOf = ({ payment_intent: intent }: Stripe.Checkout.Session) => (typeof intent === "string" ? intent : "");

test("a bank debit is on its way until the bank answers, either way (H5)", async () => {
  const stripe = clientOf(sandbox, aKey());
  const debit = async () => {
    const session = await stripe.checkout.sessions.create(aSession());
    await sandbox.press(session.url, "debit");
    return stripe.checkout.sessions.retrieve(session.id);
  };
  const [first, second] = [await debit(), await debit()];
  expect(first).toMatchObject({ status: "complete", payment_status: "unpaid" });
  const stateOf = async (session: typeof first) => stripe.paymentIntents.retrieve(paymentOf(session));
  expect(await stateOf(first)).toMatchObject({ status: "processing" });

  await sandbox.control("POST", `payments/${paymentOf(first)}/settle`, { succeeds: true });
  await sandbox.control("POST", `payments/${paymentOf(second)}/settle`, { succeeds: false });

  expect(await stateOf(first)).toMatchObject({ status: "succeeded", amount_received: 1250 });
  expect(await stateOf(second)).toMatchObject({ status: "requires_payment_method", amount_received: 0 });
});

test("a session that was expired cannot be paid, and one that was paid cannot be expired (H1)", async () => {
  const stripe = clientOf(sandbox, aKey());
  const [first, second] = [
    await stripe.checkout.sessions.create(aSession()),
    await stripe.checkout.sessions.create(aSession()),
  ];

  expect(await stripe.checkout.sessions.expire(first.id)).toMatchObject({ status: "expired", url: null });
  const page = await sandbox.press(first.url, "card");
  expect(await page.text()).toContain("expired");
  expect(await stripe.checkout.sessions.retrieve(first.id)).toMatchObject({ status: "expired", payment_intent: null });

  await sandbox.pay(second.id, { by: "card" });
  await expect(stripe.checkout.sessions.expire(second.id)).rejects.toMatchObject({ statusCode: 400 });
});

test.each<[string, Partial<Stripe.Checkout.SessionCreateParams>, object]>([
  ["an expiry in 10 minutes", { expires_at: Math.floor(Date.now() / 1_000) + 600 }, { param: "expires_at" }],
  ["an expiry in 2 days", { expires_at: Math.floor(Date.now() / 1_000) + 172_800 }, { param: "expires_at" }],
  ["no lines", { line_items: [] }, { param: "line_items" }],
  ["a parameter that is not Stripe's", { colour: "red" } as never, { code: "parameter_unknown", param: "colour" }],
])("%s is refused in Stripe's words", async (_what, changes, fault) => {
  const asking = clientOf(sandbox, aKey()).checkout.sessions.create(aSession(changes));
  await expect(asking).rejects.toMatchObject({ type: "StripeInvalidRequestError", statusCode: 400, ...fault });
});

test("an idempotency key does one thing once, and is refused for another thing (H1)", async () => {
  const stripe = clientOf(sandbox, aKey());
  const options = { idempotencyKey: "once" };
  const first = await stripe.checkout.sessions.create(aSession(), options);
  await stripe.checkout.sessions.expire(first.id);

  const again = await stripe.checkout.sessions.create(aSession(), options);
  expect(again).toMatchObject({ id: first.id, status: "open" });
  expect(again.lastResponse.headers["idempotent-replayed"]).toBe("true");
  const other = stripe.checkout.sessions.create(aSession({ client_reference_id: "checkout-2" }), options);
  await expect(other).rejects.toMatchObject({ type: "StripeIdempotencyError", statusCode: 400 });
  expect((await clientOf(sandbox, aKey()).checkout.sessions.create(aSession(), options)).id).not.toBe(first.id);
});

test("accounts and modes are apart: what one has, no other finds (H7)", async () => {
  const key = aKey();
  const session = await clientOf(sandbox, key).checkout.sessions.create(aSession());
  const elsewhere = [aKey(), key.replace("test", "live")];

  for (const other of elsewhere)
    await expect(clientOf(sandbox, other).checkout.sessions.retrieve(session.id)).rejects.toMatchObject({
      code: "resource_missing",
    });
  await expect(clientOf(sandbox, `${key}_invalid`).checkout.sessions.retrieve(session.id)).resolves.toBeDefined();
  await expect(clientOf(sandbox, "sk_test_invalid").checkout.sessions.retrieve(session.id)).rejects.toMatchObject({
    statusCode: 401,
  });
});

test("the platform opens an account, which its owner completes at a page, once (H7)", async () => {
  const stripe = clientOf(sandbox, platform.secretKey);
  const account = await stripe.accounts.create({ type: "standard", email: "dana@firm.example" });
  expect(account).toMatchObject({ charges_enabled: false });
  const urls = { refresh_url: "http://firm.example/again", return_url: "http://firm.example/done" };
  const link = await stripe.accountLinks.create({ account: account.id, type: "account_onboarding", ...urls });

  expect(await (await fetch(link.url)).text()).toContain("Complete the account");
  const completed = await fetch(link.url, { method: "POST", redirect: "manual" });

  expect(completed.headers.get("location")).toBe(urls.return_url);
  expect(await stripe.accounts.retrieve(account.id)).toMatchObject({ charges_enabled: true });
  const visitedAgain = await fetch(link.url, { redirect: "manual" });
  expect(visitedAgain.headers.get("location")).toBe(urls.refresh_url);
});

test("a connected account's objects are reached by the platform's key in its name, and by nobody else's (H7)", async () => {
  const stripe = clientOf(sandbox, platform.secretKey);
  const [one, other] = [
    await stripe.accounts.create({ type: "standard" }),
    await stripe.accounts.create({ type: "standard" }),
  ];
  const session = await stripe.checkout.sessions.create(aSession(), { stripeAccount: one.id });

  const asOther = stripe.checkout.sessions.retrieve(session.id, {}, { stripeAccount: other.id });
  await expect(asOther).rejects.toMatchObject({ code: "resource_missing" });
  await expect(stripe.checkout.sessions.retrieve(session.id)).rejects.toMatchObject({ code: "resource_missing" });
  const byStranger = clientOf(sandbox, aKey()).checkout.sessions.retrieve(session.id, {}, { stripeAccount: one.id });
  await expect(byStranger).rejects.toMatchObject({ code: "account_invalid", statusCode: 403 });
});

test("refunds add up to what was paid and no further; a failed one counts as paid again (H5)", async () => {
  const stripe = clientOf(sandbox, aKey());
  const session = await stripe.checkout.sessions.create(aSession());
  const { id } = await sandbox.pay(session.id, { by: "card" });

  const refund = await stripe.refunds.create({ payment_intent: id, amount: 1_000 });
  await expect(stripe.refunds.create({ payment_intent: id, amount: 251 })).rejects.toMatchObject({ statusCode: 400 });
  await sandbox.control("POST", `payments/${id}/refund`);
  const charge = async () => (await stripe.paymentIntents.retrieve(id, { expand: ["latest_charge"] })).latest_charge;
  expect(await charge()).toMatchObject({ amount_refunded: 1250, refunded: true });

  await sandbox.control("POST", `refunds/${refund.id}/fail`);
  expect(await charge()).toMatchObject({ amount_refunded: 250, refunded: false });
});

test("a dispute is open until it is decided (H5)", async () => {
  const stripe = clientOf(sandbox, aKey());
  const session = await stripe.checkout.sessions.create(aSession());
  const { id } = await sandbox.pay(session.id, { by: "card" });

  const dispute = (await sandbox.control("POST", `payments/${id}/dispute`, { amount: 500 })) as { id: string };
  const listed = async () => (await stripe.disputes.list({ payment_intent: id })).data;
  expect(await listed()).toMatchObject([{ id: dispute.id, amount: 500, status: "needs_response" }]);
  await sandbox.control("POST", `disputes/${dispute.id}/decide`, { won: false });
  expect(await listed()).toMatchObject([{ status: "lost" }]);
});

test.each([
  ["throttle", { statusCode: 429, code: "rate_limit" }],
  ["server_error", { statusCode: 500, type: "StripeAPIError" }],
  ["refuse", { statusCode: 400, code: "parameter_invalid" }],
  ["drop_before", { type: "StripeConnectionError" }],
  ["hang", { type: "StripeConnectionError" }],
])("a call that is scripted to %s fails so", async (outcome, fault) => {
  const own = await givenStripeSandbox();
  await own.control("PUT", "scripts/createCheckout", { then: outcome });

  await expect(clientOf(own, aKey(), 300).checkout.sessions.create(aSession())).rejects.toMatchObject(fault);

  const { checkouts } = (await (await own.call("GET", "/sandbox/stripe/checkouts")).json()) as { checkouts: unknown[] };
  expect(checkouts).toEqual([]);
  await own.close();
});

test("the page of payments lists what was paid, and settles a debit at the press of a button (H5)", async () => {
  const stripe = clientOf(sandbox, aKey());
  const session = await stripe.checkout.sessions.create(aSession());
  const { id } = await sandbox.pay(session.id, { by: "debit" });

  const page = await (await fetch(`${sandbox.url}/stripe`)).text();
  expect(page).toContain("Debit succeeds");
  expect(page).toContain(`/stripe/payments/${id}`);
  await fetch(`${sandbox.url}/stripe/payments/${id}`, {
    method: "POST",
    body: new URLSearchParams({ step: "settle" }),
  });

  expect(await stripe.paymentIntents.retrieve(id)).toMatchObject({ status: "succeeded" });
});

test("accounts and what was paid survive a restart in a file (H1)", async () => {
  const file = join(await mkdtemp(join(tmpdir(), "stripe-")), "state.json");
  const first = await givenStripeSandbox({ stripe: { ...platform, file } });
  const account = await clientOf(first, platform.secretKey).accounts.create({ type: "standard" });
  const within = { stripeAccount: account.id };
  const session = await clientOf(first, platform.secretKey).checkout.sessions.create(aSession(), within);
  await first.close();

  const second = await givenStripeSandbox({ stripe: { ...platform, file } });
  await second.pay(session.id, { by: "card" });

  const after = await clientOf(second, platform.secretKey).checkout.sessions.retrieve(session.id, {}, within);
  expect(after).toMatchObject({ status: "complete", payment_status: "paid" });
  await second.close();
});
