import { actFor } from "@reminder-app/core/ctx";
import { applyPaymentEvent } from "@reminder-app/core/payments/apply-payment-event";
import { overduePaymentRepo } from "@reminder-app/core/system/overdue-payments.repo";
import { createGateway } from "@reminder-app/payments/registry";
import type { PaymentGateway } from "@reminder-app/payments/gateway";
import type { Id } from "@reminder-app/platform/ids";
import { findBrowser } from "@reminder-app/testing/find-browser";
import { freePort } from "@reminder-app/testing/free-port";
import { liveSystem } from "@reminder-app/testing/given-business";
import { type GivenStripe, givenStripe } from "@reminder-app/testing/given-stripe";
import { type Browser, chromium } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type GivenApi, givenApi } from "../../given-api.ts";
import { type GivenAsked, beforeDue, dayFromNow, givenClientPage } from "../../given-client-page.ts";
import { businessOf } from "../../given-objects.ts";

let stripe: GivenStripe;
let api: GivenApi;
let gateway: PaymentGateway;
let browser: Browser;
beforeAll(async () => {
  stripe = await givenStripe();
  const port = await freePort();
  api = await givenApi({ ...stripe.settings, PORT: String(port), PUBLIC_URL: `http://127.0.0.1:${port}` });
  gateway = createGateway(api.settings, () => new Date());
  browser = await chromium.launch(findBrowser());
});
afterAll(async () => {
  await browser.close();
  await gateway.close();
  await api.close();
  stripe.close();
});

/** A firm whose clients can pay in an account of its own. */
async function givenPayee() {
  const firm = await api.firm();
  const ctx = actFor(liveSystem, (await businessOf(firm)) as Id<"Business">, "test");
  const account = stripe.ownAccount("live");
  const secret = "whsec_of-the-firm";
  const put = await firm.put("/v1/payment-account", { secretKey: account.secretKey, webhookSecret: secret });
  await stripe.listen({ accountId: account.accountId, url: put.body.webhookUrl, secret });
  /** What a worker does with what the provider told. */
  const applyEvents = async () => {
    const due = await overduePaymentRepo(liveSystem.db).eventsToApply(new Date(Date.now() + 60_000), 1_000);
    for (const { businessId, id } of due)
      if (businessId === ctx.businessId) await applyPaymentEvent(ctx, { gateway }, id);
  };
  return { firm, ctx, applyEvents, sessions: () => stripe.sessions(account.accountId) };
}
type Payee = Awaited<ReturnType<typeof givenPayee>>;

async function givenOwing({ firm }: Payee, amounts: readonly number[], contact: object = {}) {
  const page = await givenClientPage(api, firm, contact);
  const asked: GivenAsked[] = [];
  for (const [at, amount] of amounts.entries()) {
    const reminder = { name: `Invoice ${at + 1}`, type: "payment", stopRule: "paid", schedule: beforeDue };
    asked.push(await page.ask(reminder, { amount, currency: "GBP", dueOn: dayFromNow(10 + at) }));
  }
  return { page, asked };
}

const requestIn = (text: string) => /name="request"\s+value="([^"]+)"/.exec(text)?.[1] ?? "";

test("a client pays in a browser: from the page to the provider's and back, to what is then paid (H1, H2, I1)", async () => {
  const payee = await givenPayee();
  const { page, asked } = await givenOwing(payee, [48_250]);
  const tab = await browser.newPage({ viewport: { width: 390, height: 844 } });
  await tab.goto(api.url + page.path);
  await tab.getByRole("button", { name: "Pay £482.50" }).click();
  await tab.getByRole("button", { name: "by card" }).click();
  await tab
    .getByRole("heading", { level: 1 })
    .getByText(/Not paid yet|it is paid/)
    .waitFor();
  await payee.applyEvents();
  await tab.reload();
  expect(await tab.getByRole("heading", { level: 1 }).innerText()).toBe("Thank you, it is paid");
  await tab.getByRole("link", { name: "Back to my page" }).click();
  expect(await tab.getByText("There is nothing that you need to do").count()).toBe(1);
  expect(await tab.getByText(/^Paid on/).count()).toBe(1);
  await tab.close();
  expect(await asked[0]?.now()).toMatchObject({ state: "done", closedBecause: "paid" });
  expect((await page.visits()).map(({ use }) => use)).toContain("paying");
}, 120_000);

test("all that is owed is paid at once (I1, H2)", async () => {
  const payee = await givenPayee();
  const { page, asked } = await givenOwing(payee, [10_000, 2_500]);
  expect((await page.get()).text).toContain("Pay all: £125.00");
  const led = await page.post("/pay", { currency: "GBP" });
  expect([led.status, led.headers.get("location")?.startsWith(stripe.url)]).toEqual([303, true]);
  const [session] = await payee.sessions();
  expect(session?.amount_total).toBe(12_500);
  await stripe.pay(session?.id ?? "");
  await payee.applyEvents();
  for (const { now } of asked) expect(await now()).toMatchObject({ closedBecause: "paid" });
});

test("the link pays today's balance, also when it is clicked long after it was sent (H2)", async () => {
  const payee = await givenPayee();
  const { page } = await givenOwing(payee, [10_000]);
  const { text } = await page.get();
  const request = requestIn(text);
  await page.post("/pay", { request });
  const [first] = await payee.sessions();
  await stripe.expire(first?.id ?? "");
  const items = [{ description: "Less", amount: 9_000 }];
  await payee.firm.patch(`/v1/payment-requests/${request}`, { items });
  expect((await page.post("/pay", { request })).status).toBe(303);
  expect((await payee.sessions()).map(({ status, amount_total: sum }) => `${status} ${sum}`).toSorted()).toEqual([
    "expired 10000",
    "open 9000",
  ]);
});

test("who clicks again, or with two links at once, comes to the one page that there is (H3, I1)", async () => {
  const payee = await givenPayee();
  const { page } = await givenOwing(payee, [10_000]);
  const request = requestIn((await page.get()).text);
  const led = await Promise.all(Array.from({ length: 6 }, () => page.post("/pay", { request })));
  expect(new Set(led.map(({ headers }) => headers.get("location"))).size).toBe(1);
  const [session, ...others] = await payee.sessions();
  expect(others).toEqual([]);
  await stripe.pay(session?.id ?? "");
  const again = await page.post("/pay", { request });
  expect(again.headers.get("location")).toBe(`${page.path}/receipt?for=${request}`);
});

test("a bank debit is on its way until it arrives, and cannot be paid twice meanwhile (I1, H4)", async () => {
  const payee = await givenPayee();
  const { page, asked } = await givenOwing(payee, [10_000]);
  const request = requestIn((await page.get()).text);
  await page.post("/pay", { request });
  const [session] = await payee.sessions();
  const paid = await stripe.pay(session?.id ?? "", { by: "debit" });
  await payee.applyEvents();
  const receipt = await page.get(`/receipt?for=${request}`);
  expect(receipt.text).toContain("Your payment is on its way");
  const shown = await page.get();
  expect(shown.text).toContain("Your payment is on its way");
  expect(requestIn(shown.text)).toBe("");
  expect((await page.post("/pay", { request })).headers.get("location")).toContain("/receipt?for=");
  await stripe.settle(paid.id, true);
  await payee.applyEvents();
  expect((await page.get(`/receipt?for=${request}`)).text).toContain("Thank you, it is paid");
  expect(await asked[0]?.now()).toMatchObject({ closedBecause: "paid" });
});

test("where parts may be paid, a client pays one, and is told what is left (H4, I1)", async () => {
  const payee = await givenPayee();
  const { page } = await givenOwing(payee, [10_000], { locale: "de" });
  const request = requestIn((await page.get()).text);
  const policy = {
    leastPart: 2_000,
    pauseDaysAfterPart: 0,
    overpayment: "credit",
    afterRefund: "hold",
    receipts: true,
  };
  await payee.firm.patch(`/v1/payment-requests/${request}`, { policy });
  expect((await page.get()).text).toContain("Einen Teil bezahlen");
  for (const amount of ["10", "120,00", "12,345", "viel", "-5"]) {
    const wrong = await page.post("/pay", { request, amount });
    expect([wrong.status, wrong.text.includes("Dieser Betrag kann nicht bezahlt werden")]).toEqual([422, true]);
  }
  expect((await page.post("/pay", { request, amount: "25,50" })).status).toBe(303);
  const [session] = await payee.sessions();
  expect(session?.amount_total).toBe(2_550);
  await stripe.pay(session?.id ?? "");
  await payee.applyEvents();
  const receipt = await page.get(`/receipt?for=${request}`);
  expect(receipt.text).toContain("74,50");
});

test("a provider that is away costs nothing but another click (H2, C8)", async () => {
  const payee = await givenPayee();
  const { page } = await givenOwing(payee, [10_000]);
  const request = requestIn((await page.get()).text);
  await stripe.script("createCheckout", { outcomes: ["server_error", "server_error", "server_error", "server_error"] });
  const away = await page.post("/pay", { request });
  expect([away.status, away.text.includes("Nothing was paid")]).toEqual([503, true]);
  await stripe.script("createCheckout", { outcomes: [] });
  expect((await page.post("/pay", { request })).status).toBe(303);
});

test("what another client owes, or nobody, cannot be paid or looked at (S20, I1)", async () => {
  const payee = await givenPayee();
  const [{ page }, { page: stranger }] = [await givenOwing(payee, [10_000]), await givenOwing(payee, [500])];
  const request = requestIn((await page.get()).text);
  for (const id of [request, crypto.randomUUID()]) {
    expect((await stranger.post("/pay", { request: id })).status).toBe(404);
    expect((await stranger.get(`/receipt?for=${id}`)).status).toBe(404);
  }
  expect((await stranger.get("/receipt?for=x")).status).toBe(404);
  expect((await page.post("/pay", { request: "x" })).status).toBe(422);
});

test("where the firm takes no payments online there is no button, and what is owed is shown (I1)", async () => {
  const firm = await api.firm();
  const page = await givenClientPage(api, firm);
  await page.ask(
    { type: "payment", stopRule: "paid", schedule: beforeDue },
    { amount: 700, currency: "JPY", dueOn: dayFromNow(3) },
  );
  const { text } = await page.get();
  expect(text).toMatch(/To pay: JP¥700/);
  expect(text).not.toContain('/pay"');
});

test("what is owed and no reminder is about is shown and paid too (I1)", async () => {
  const payee = await givenPayee();
  const { page } = await givenOwing(payee, []);
  const owed = { clientId: page.clientId, title: "Licence fee", currency: "EUR", dueOn: "2026-01-31" };
  const items = [{ description: "Licence", amount: 4_900 }];
  await payee.firm.post("/v1/payment-requests", { ...owed, items });
  const { text } = await page.get();
  expect(text).toMatch(/Licence fee[\s\S]*Was due 31 January 2026[\s\S]*Pay €49\.00/);
  expect((await page.post("/pay", { request: requestIn(text) })).status).toBe(303);
});

test("to a provider's page on a host of its own it takes a page between, for no form may lead there (S60, H2)", async () => {
  const other = { ...stripe.settings, STRIPE_BASE_URL: stripe.url.replace("127.0.0.1", "localhost") };
  const elsewhere = await givenApi(other);
  const payee = await givenPayee();
  const { page } = await givenOwing(payee, [10_000]);
  const request = requestIn((await page.get()).text);
  await page.post("/pay", { request });
  const body = new URLSearchParams({ request }).toString();
  const headers = { "content-type": "application/x-www-form-urlencoded" };
  const between = await elsewhere.call("POST", `${page.path}/pay`, { body, headers });
  await elsewhere.close();
  const [session] = await payee.sessions();
  expect([between.status, between.headers.get("location")]).toEqual([200, null]);
  expect(between.text).toContain(`content="0; url=${session?.url ?? ""}"`);
  expect(between.text).toContain(`href="${session?.url ?? ""}"`);
});
