import { actFor } from "@reminder-app/core/ctx";
import { openCheckout } from "@reminder-app/core/payments/open-checkout";
import type { Id } from "@reminder-app/platform/ids";
import { connectProducer } from "@reminder-app/queues/connection";
import { createProducer } from "@reminder-app/queues/producer";
import { liveSystem } from "@reminder-app/testing/given-business";
import { checkoutsOf, paymentDeps } from "@reminder-app/testing/given-payable";
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

/** A request of 100.00 pounds whose page is open, and whether the page's review is queued. */
async function givenOpenPage(firm: GivenFirm) {
  const clientId = await firm.client();
  const items = [{ description: "VAT return", amount: 10_000 }];
  const owed = { clientId, title: "VAT return", currency: "GBP", items };
  const { id } = (await firm.post("/v1/payment-requests", owed)).body as { id: string };
  const ctx = actFor(liveSystem, (await businessOf(firm)) as Id<"Business">, "test");
  const opened = await openCheckout(ctx, paymentDeps(stripe), {
    clientId: clientId as Id<"Client">,
    parts: [{ paymentRequestId: id as Id<"PaymentRequest"> }],
    successUrl: "https://firm.example/paid",
    cancelUrl: "https://firm.example",
  });
  expect(opened.kind).toBe("open");
  const checkout = (await checkoutsOf({ shop: { ctx } })).at(-1);
  return { id, clientId, items, job: `rcheckout-${checkout?.id}` };
}

type Page = Awaited<ReturnType<typeof givenOpenPage>>;

const changes: readonly (readonly [what: string, change: (firm: GivenFirm, page: Page) => Promise<unknown>])[] = [
  [
    "paid by hand",
    (firm, { id, clientId }) => {
      const parts = [{ paymentRequestId: id, amount: 10_000 }];
      return firm.post("/v1/payments", { clientId, amount: 10_000, currency: "GBP", parts });
    },
  ],
  [
    "changed",
    (firm, { id, items }) =>
      firm.patch(`/v1/payment-requests/${id}`, { items: items.map((item) => ({ ...item, amount: 5_000 })) }),
  ],
  ["cancelled", (firm, { id }) => firm.post(`/v1/payment-requests/${id}/cancel`)],
];

test.each(changes)("the open page of a request that is %s is reviewed at once (H2)", async (_what, change) => {
  const firm = await api.firm();
  await firm.put("/v1/payment-account", { secretKey: stripe.ownAccount().secretKey });
  const page = await givenOpenPage(firm);
  const redis = connectProducer(api.settings.REDIS_URL, () => {});
  const producer = createProducer({ connection: redis, prefix: api.settings.QUEUE_PREFIX });
  await new Promise((resolve) => redis.once("ready", resolve));
  const queued = async () => (await producer.queue("events").getJob(page.job))?.name;
  expect(await queued()).toBeUndefined();
  await change(firm, page);
  expect(await queued()).toBe("review-payment");
  await producer.close();
  redis.disconnect();
});
