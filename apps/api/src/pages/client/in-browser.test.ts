import { findBrowser } from "@reminder-app/testing/find-browser";
import { expireLink } from "@reminder-app/testing/given-rows";
import { type GivenStripe, givenStripe } from "@reminder-app/testing/given-stripe";
import axe from "axe-core";
import { type Browser, type BrowserContextOptions, type Page, chromium } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { formOf } from "../../given-form.ts";
import { type GivenApi, type GivenFirm, givenApi } from "../../given-api.ts";
import { type GivenClientPage, beforeDue, dayFromNow, givenClientPage } from "../../given-client-page.ts";

let api: GivenApi;
let firm: GivenFirm;
let browser: Browser;
let stripe: GivenStripe;
beforeAll(async () => {
  stripe = await givenStripe();
  api = await givenApi(stripe.settings);
  firm = await api.firm();
  browser = await chromium.launch(findBrowser());
  await firm.put("/v1/payment-account", { secretKey: stripe.ownAccount("live").secretKey });
  await firm.patch("/v1/business", {
    branding: { color: "#1f4e79", email: "hello@harbour.example", phone: "+442079460101" },
  });
});
afterAll(async () => {
  await browser.close();
  await api.close();
  stripe.close();
});

/** A browser has much to do where others work beside it. */
const PATIENCE_MS = 120_000;
const rules = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
const views: readonly (readonly [string, BrowserContextOptions])[] = [
  ["on the narrowest telephone", { viewport: { width: 320, height: 568 } }],
  ["in the dark", { viewport: { width: 390, height: 844 }, colorScheme: "dark" }],
  ["on a desk", { viewport: { width: 1280, height: 800 } }],
];

/** A client of whom all kinds of things are asked, one of them answered. */
async function givenFullPage(contact: object = {}): Promise<GivenClientPage> {
  const addresses = { email: `ada.${crypto.randomUUID()}@rosewood.example`, sms: "+442079460321" };
  const page = await givenClientPage(api, firm, { addresses, ...contact });
  const asked = await page.ask({ stopRule: "done", schedule: beforeDue }, { period: "2027-Q1", dueOn: dayFromNow(-3) });
  const money = { amount: 48_250, currency: "GBP", dueOn: dayFromNow(9) };
  await page.ask({ name: "Invoice 118", type: "payment", stopRule: "paid", schedule: beforeDue }, money);
  await page.ask({
    name: "Year end",
    type: "document",
    stopRule: "received",
    checklist: ["Bank statement", "Payroll"],
  });
  const letter = formOf([{ name: "Letter.txt", content: "Dear client" }]);
  await firm.post(`/v1/clients/${page.clientId}/documents`, letter);
  const settled = await page.ask({ name: "Payroll", stopRule: "done" });
  await page.post(`/answers/${settled.assignmentId}`, { answer: "done" });
  await page.post(`/answers/${asked.assignmentId}`, { answer: "promise", until: dayFromNow(4) });
  return page;
}

/** What is wrong with a page as it stands: what axe finds, and whether it is wider than its window. */
async function faultsOf(page: Page): Promise<string[]> {
  await page.evaluate(
    "for (const one of document.querySelectorAll('details')) one.removeAttribute('name'), (one.open = true)",
  );
  await page.evaluate(axe.source);
  const run = `axe.run({ runOnly: ${JSON.stringify(rules)} })`;
  const { violations } = await page.evaluate<{ violations: { id: string; nodes: { html: string }[] }[] }>(run);
  const isWide = await page.evaluate<boolean>("document.documentElement.scrollWidth > window.innerWidth");
  const found = violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" ")}`);
  return isWide ? [...found, "it is wider than its window"] : found;
}

test.each(views)(
  "no page of a link has a fault in accessibility %s (I1)",
  async (_where, options) => {
    const [full, empty, expired] = [
      await givenFullPage(),
      await givenClientPage(api, firm),
      await givenClientPage(api, firm),
    ];
    await full.post("/calendar");
    await expireLink(expired.linkId);
    const context = await browser.newContext(options);
    const page = await context.newPage();
    const faults: Record<string, string[]> = {};
    const states = [`${full.path}?told=done`, `${full.path}/calendar`, empty.path, `${empty.path}/calendar`];
    for (const path of [...states, expired.path, `/p/${"A".repeat(43)}`]) {
      await page.goto(api.url + path);
      faults[path] = await faultsOf(page);
    }
    await page.goto(api.url + expired.path);
    await page.getByRole("button").click();
    faults["asked for a new link"] = await faultsOf(page);
    await context.close();
    expect(Object.values(faults).flat()).toEqual([]);
    expect(Object.keys(faults)).toHaveLength(7);
  },
  PATIENCE_MS,
);

test.each(views)(
  "no page about a payment has a fault in accessibility %s (I1, H1)",
  async (_where, options) => {
    const given = await givenFullPage();
    const owed = (title: string, amount: number) => {
      const items = [{ description: title, amount }];
      return firm.post("/v1/payment-requests", { clientId: given.clientId, title, items, currency: "GBP" });
    };
    const [licence, fee] = [await owed("Licence", 9_000), await owed("Fee", 500)];
    const policy = {
      leastPart: 100,
      pauseDaysAfterPart: 0,
      overpayment: "credit",
      afterRefund: "hold",
      receipts: true,
    };
    await firm.patch(`/v1/payment-requests/${licence.body.id}`, { policy });
    const pay = (id: string, amount: number) => {
      const parts = [{ paymentRequestId: id, amount }];
      return firm.post("/v1/payments", { clientId: given.clientId, amount, currency: "GBP", method: "manual", parts });
    };

    const context = await browser.newContext(options);
    const page = await context.newPage();
    const seen: Record<string, string[]> = {};
    const look = async () => {
      const title = await page.getByRole("heading", { level: 1 }).innerText();
      seen[title] = [...(seen[title] ?? []), ...(await faultsOf(page))];
    };
    const receipt = `/receipt?for=${licence.body.id}`;
    for (const [path, paid] of [
      ["", 0],
      [receipt, 0],
      [receipt, 1_000],
      [receipt, 8_000],
    ] as const) {
      if (paid > 0) await pay(licence.body.id, paid);
      await page.goto(api.url + given.path + path);
      await look();
    }
    await page.goto(api.url + given.path);
    await firm.post(`/v1/payment-requests/${fee.body.id}/cancel`);
    await page.getByRole("button", { name: "Pay £5.00" }).click();
    await page.getByRole("alert").waitFor();
    await look();
    await context.close();
    expect(Object.keys(seen)).toEqual([
      "Your page with Ledger & Sons",
      "Not paid yet",
      "Thank you for your payment",
      "Thank you, it is paid",
    ]);
    expect(Object.values(seen).flat()).toEqual([]);
  },
  PATIENCE_MS,
);

test(
  "a client answers by the keyboard alone, without JavaScript (I1, I2)",
  async () => {
    const given = await givenClientPage(api, firm);
    const asked = await given.ask({ stopRule: "done" });
    const context = await browser.newContext({ javaScriptEnabled: false });
    const page = await context.newPage();
    await page.goto(api.url + given.path);
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    await page.getByRole("status").waitFor();
    expect(await page.getByRole("status").innerText()).toBe("Thank you. It is noted as done.");
    expect(await asked.now()).toMatchObject({ state: "done" });
    await context.close();
  },
  PATIENCE_MS,
);

test(
  "a promise is made on a telephone: the field offers the days that are possible (B6, I2)",
  async () => {
    const given = await givenClientPage(api, firm);
    const asked = await given.ask({ stopRule: "done" });
    const page = await browser.newPage({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });
    await page.goto(api.url + given.path);
    await page.getByText("I need more time").tap();
    await page.getByLabel("By which day?").fill(dayFromNow(7));
    await page.getByRole("button", { name: "Ask for this day" }).tap();
    await page.getByText("Your day is noted").waitFor();
    expect(await asked.now()).toMatchObject({ hold: "promise" });
    await page.close();
  },
  PATIENCE_MS,
);
