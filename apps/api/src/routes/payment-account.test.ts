import { type GivenStripe, givenStripe } from "@reminder-app/testing/given-stripe";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type GivenApi, type GivenFirm, givenApi } from "../given-api.ts";
import { businessOf } from "../given-objects.ts";

let stripe: GivenStripe;
let api: GivenApi;
beforeAll(async () => {
  stripe = await givenStripe();
  api = await givenApi(stripe.settings);
});
afterAll(async () => {
  await api.close();
  stripe.close();
});

const path = "/v1/payment-account";
const accountOf = async (firm: GivenFirm) => (await firm.get(path)).body.account as Record<string, unknown> | null;

test("a key of one's own is tried before it is kept, and shown by its last four characters alone (H7)", async () => {
  const firm = await api.firm();
  expect((await firm.get(path)).body).toEqual({ account: null, canConnect: true });
  const refused = await firm.put(path, { secretKey: "rk_test_invalid" });
  expect([refused.status, refused.body.errors[0].field]).toEqual([422, "secretKey"]);
  expect(await accountOf(firm)).toBeNull();

  const { secretKey, accountId } = stripe.ownAccount();
  const { body } = await firm.put(path, { secretKey });
  const businessId = await businessOf(firm);
  expect(body).toMatchObject({
    kind: "own_key",
    accountId,
    mode: "test",
    chargesEnabled: true,
    secretKey: `…${secretKey.slice(-4)}`,
    webhookSecrets: 0,
    webhookUrl: `${api.settings.PUBLIC_URL}/webhooks/stripe/${businessId}`,
  });
  const seen = await Promise.all([firm.get(path), firm.get("/v1/audit")]);
  for (const { text } of seen) expect(text).not.toContain(secretKey);
  expect(seen[1].text).toContain("payment_account.set");
});

test("an account belongs to one business, until that one lets it go (H7)", async () => {
  const [firm, rival] = await Promise.all([api.firm(), api.firm()]);
  const { secretKey } = stripe.ownAccount();
  await firm.put(path, { secretKey });
  const taken = await rival.put(path, { secretKey });
  expect([taken.status, await accountOf(rival)]).toEqual([409, null]);
  expect((await firm.delete(path)).status).toBe(204);
  expect(await accountOf(firm)).toBeNull();
  expect((await rival.put(path, { secretKey })).status).toBe(200);
});

test("two secrets of one's webhooks are valid while one is changed, until the old one is taken away (S50)", async () => {
  const firm = await api.firm();
  expect((await firm.put(path, { webhookSecret: "whsec_without_a_key" })).status).toBe(409);
  await firm.put(path, { secretKey: stripe.ownAccount().secretKey, webhookSecret: "whsec_of_the_first" });
  expect(await accountOf(firm)).toMatchObject({ webhookSecrets: 1 });
  await firm.put(path, { webhookSecret: "whsec_of_the_second" });
  expect(await accountOf(firm)).toMatchObject({ webhookSecrets: 2 });
  const { body } = await firm.put(path, { oldWebhookSecret: null });
  expect(body).toMatchObject({ webhookSecrets: 1, chargesEnabled: true });
  expect((await firm.put(path, {})).status).toBe(422);
});

test("an account under the platform is opened once, and takes payments when it is complete there (H7)", async () => {
  const firm = await api.firm();
  const first = await firm.post(`${path}/onboarding`);
  const opened = await accountOf(firm);
  expect(opened).toMatchObject({ kind: "connect", chargesEnabled: false, secretKey: null, webhookUrl: null });
  const second = await firm.post(`${path}/onboarding`);
  expect(await accountOf(firm)).toEqual(opened);
  expect(first.body.url).not.toBe(second.body.url);

  const completed = await fetch(second.body.url as string, { method: "POST", redirect: "manual" });
  expect(await accountOf(firm)).toMatchObject({ accountId: opened?.["accountId"], chargesEnabled: true });
  const usedUp = await fetch(second.body.url as string, { redirect: "manual" });
  for (const [answer, title] of [
    [completed, "Back from the payment provider"],
    [usedUp, "This page has ended"],
  ] as const) {
    const page = await api.call("GET", new URL(answer.headers.get("location") ?? "").pathname);
    expect([page.status, page.text.includes(title)]).toEqual([200, true]);
  }
});

test("without a platform a key of one's own is the way, which can be told beforehand (H7)", async () => {
  const bare = await givenApi({ ...stripe.settings, STRIPE_SECRET_KEY: "", STRIPE_WEBHOOK_SECRET: "" });
  const firm = await bare.firm();
  expect((await firm.get(path)).body).toEqual({ account: null, canConnect: false });
  expect((await firm.post(`${path}/onboarding`)).status).toBe(409);
  expect((await firm.put(path, { secretKey: stripe.ownAccount().secretKey })).status).toBe(200);
  await bare.close();
});

test("while the provider is away nothing is changed, and the caller is told to come again (H7)", async () => {
  const cutOff = await givenApi({ ...stripe.settings, STRIPE_BASE_URL: "http://127.0.0.1:1" });
  const firm = await cutOff.firm();
  const answers = [
    await firm.put(path, { secretKey: stripe.ownAccount().secretKey }),
    await firm.post(`${path}/onboarding`),
  ];
  for (const { status, body } of answers) expect([status, body.code]).toEqual([503, "provider_unavailable"]);
  expect(await accountOf(firm)).toBeNull();
  await cutOff.close();
});
