import { type GivenStripe, givenStripe } from "@reminder-app/testing/given-stripe";
import { testSettings } from "@reminder-app/testing/test-settings";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import type { GatewayAccount, PaymentGateway } from "../gateway.ts";
import { createGateway } from "../registry.ts";
import { createStripeClients } from "./clients.ts";
import { aCheckout, aKey, valueOf } from "./given-checkout.ts";
import { checkoutLocale } from "./locales.ts";

let stripe: GivenStripe;
let gateway: PaymentGateway;

beforeAll(async () => {
  stripe = await givenStripe();
  gateway = createGateway(testSettings({ ...stripe.settings, PROVIDER_TIMEOUT_MS: "1000" }), () => new Date());
});
afterEach(() => stripe.script("*", { then: "accept" }));
afterAll(async () => {
  await gateway.close();
  stripe.close();
});

const ownAccount = (): GatewayAccount => ({ kind: "own_key", ...stripe.ownAccount() });

test.each(["throttle", "refuse_for_now", "server_error", "drop_before", "hang"])(
  "when Stripe answers with %s it may be asked again: nothing is decided (H3)",
  async (outcome) => {
    const account = ownAccount();
    const input = aCheckout();
    await stripe.script("*", { then: outcome });

    expect(await gateway.createCheckout(account, input)).toMatchObject({ kind: "unavailable" });
    expect(await gateway.getPayment(account, "pi_1")).toMatchObject({ kind: "unavailable" });
    expect(await gateway.getAccount(account)).toMatchObject({ kind: "unavailable" });

    await stripe.script("*", { then: "accept" });
    expect(await gateway.createCheckout(account, input)).toMatchObject({ kind: "done" });
    expect(await stripe.sessions(account.accountId)).toHaveLength(1);
  },
);

test.each(["server_error", "drop_before", "accept_then_drop"])(
  "a single %s is overcome at once (H3)",
  async (outcome) => {
    const account = ownAccount();
    await stripe.script("*", { outcomes: [outcome] });
    expect(await gateway.createCheckout(account, aCheckout())).toMatchObject({ kind: "done" });
    expect(await stripe.sessions(account.accountId)).toHaveLength(1);
  },
);

test("what Stripe refuses is refused for good, with its code and its reason (H3)", async () => {
  const account = ownAccount();
  await stripe.script("*", { outcomes: ["refuse"], code: "url_invalid" });
  const refused = await gateway.createCheckout(account, aCheckout());
  expect(refused).toEqual({ kind: "refused", code: "stripe/url_invalid", reason: expect.any(String) as unknown });
  expect(await gateway.getPayment(account, "pi_unknown")).toMatchObject({ code: "stripe/resource_missing" });
});

test("a key that Stripe does not know is refused, and not told in the reason (H7)", async () => {
  const secretKey = "sk_test_invalidKeyThatIsLong";
  const refused = await gateway.getAccount({ kind: "own_key", accountId: "", secretKey });
  expect(refused).toMatchObject({ kind: "refused", reason: expect.stringContaining("Invalid API Key") as unknown });
  expect(JSON.stringify(refused)).not.toContain(secretKey);
});

test("a key opens its own account, and says by itself whether money is real there (H7)", async () => {
  for (const mode of ["test", "live"] as const) {
    const { secretKey, accountId } = stripe.ownAccount(mode);
    const account = valueOf(await gateway.getAccount({ kind: "own_key", accountId: "", secretKey }));
    expect(account).toEqual({ accountId, chargesEnabled: true, liveMode: mode === "live" });
  }
});

test("an account under the platform is opened once for each key, and takes payments when it is complete (H7)", async () => {
  const key = aKey();
  const opened = valueOf(await gateway.createAccount({ key, email: "dana@firm.example" }));
  expect(opened).toMatchObject({ chargesEnabled: false, liveMode: false });
  expect(valueOf(await gateway.createAccount({ key, email: "dana@firm.example" }))).toEqual(opened);

  const urls = { refreshUrl: "https://firm.example/again", returnUrl: "https://firm.example/done" };
  const url = valueOf(await gateway.onboardingUrl(opened.accountId, urls));
  const completed = await fetch(url, { method: "POST", redirect: "manual" });

  expect(completed.headers.get("location")).toBe(urls.returnUrl);
  const account = { kind: "connect", accountId: opened.accountId } as const;
  expect(valueOf(await gateway.getAccount(account))).toMatchObject({ chargesEnabled: true });
  await stripe.disconnect(opened.accountId);
  expect(await gateway.getAccount(account)).toMatchObject({ kind: "refused", code: "stripe/account_invalid" });
  expect(await gateway.createCheckout(account, aCheckout())).toMatchObject({ kind: "refused" });
});

test("without a platform's key accounts under one cannot be reached, and own keys still work (H7)", async () => {
  const { STRIPE_BASE_URL = "" } = stripe.settings;
  const alone = createGateway(testSettings({ STRIPE_BASE_URL, STRIPE_SECRET_KEY: "" }), () => new Date());

  expect([alone.hasPlatform, gateway.hasPlatform]).toEqual([false, true]);
  expect(await alone.createAccount({ key: aKey() })).toMatchObject({ kind: "unavailable" });
  const connected = { kind: "connect", accountId: "acct_1" } as const;
  expect(await alone.getPayment(connected, "pi_1")).toMatchObject({ kind: "unavailable" });
  expect(await alone.createCheckout(ownAccount(), aCheckout())).toMatchObject({ kind: "done" });
  await alone.close();
});

test("a key keeps its client while it is used, and of many the longest unused goes", () => {
  const clients = createStripeClients({ timeoutMs: 1_000 });
  const [first, second] = [clients.of("sk_test_first"), clients.of("sk_test_second")];
  for (let each = 0; each < 199; each += 1) {
    clients.of(`sk_test_${each}`);
    expect(clients.of("sk_test_first")).toBe(first);
  }
  expect(clients.of("sk_test_second")).not.toBe(second);
  clients.close();
});

test.each([
  ["en-GB", "en-GB"],
  ["de-AT", "de"],
  ["pt-br", "pt-BR"],
  ["cy", "auto"],
  [undefined, "auto"],
])("for %s the page is in %s", (tag, expected) => {
  expect(checkoutLocale(tag)).toBe(expected);
});
