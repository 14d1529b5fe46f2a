import { randomUUID } from "node:crypto";
import { freePort } from "@reminder-app/testing/free-port";
import { anAccountId, givenPaymentAccount, paymentEventsOf } from "@reminder-app/testing/given-payment-account";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type GivenApi, givenApi } from "../given-api.ts";
import { businessOf } from "../given-objects.ts";
import { databaseUrlAt, openDatabaseAt } from "../given-wire.ts";
import { postStripe, stripeEvent } from "./given-stripe-event.ts";

let api: GivenApi;
beforeAll(async () => {
  api = await givenApi({ STRIPE_WEBHOOK_SECRET_OLD: "platform-secret-before" });
});
afterAll(() => api.close());

type Account = Parameters<typeof givenPaymentAccount>[1];

/** A firm with a payment account, and what is stored of it. */
async function givenFirm(account: Account = {}) {
  const businessId = await businessOf(await api.firm());
  return {
    businessId,
    account: await givenPaymentAccount(businessId, account),
    stored: async () => (await paymentEventsOf(businessId)).map(({ eventKey }) => eventKey),
  };
}

const ownKey = (webhookSecret = `whsec_${randomUUID()}`) => ({ kind: "own_key", webhookSecret }) as const;

test("an event is stored once before it is answered, with what it is about, however often it comes (S51, S54, H3)", async () => {
  const { businessId, account } = await givenFirm();
  const event = stripeEvent({ account });
  for (const post of [1, 2, 3]) expect([post, (await postStripe(api, event)).status]).toEqual([post, 200]);
  expect(await paymentEventsOf(businessId)).toEqual([
    { eventKey: event.id, type: "payment", objectId: event.data.object.id, accountId: account, result: null },
  ]);
});

test("an event that is forged, altered, unsigned or older than 300 s is refused, and nothing is stored (S50, S51)", async () => {
  const { account, stored } = await givenFirm();
  const event = stripeEvent({ account });
  const altered = (body: string) => body.replace(event.data.object.id, "pi_of_somebody_else");
  expect((await postStripe(api, event, { secret: "guessed" })).status).toBe(403);
  expect((await postStripe(api, event, { altered })).status).toBe(403);
  expect((await postStripe(api, event, { ageSeconds: 330 })).status).toBe(403);
  const body = JSON.stringify(event);
  expect((await api.call("POST", "/webhooks/stripe", { body })).status).toBe(403);
  expect(await stored()).toEqual([]);
  expect((await postStripe(api, event, { ageSeconds: 240 })).status).toBe(200);
  expect(await stored()).toEqual([event.id]);
});

test("an event of the other mode, or of an account that nobody has, is answered and left out (S51)", async () => {
  const [tests, live] = [await givenFirm(), await givenFirm({ liveMode: true })];
  expect((await postStripe(api, stripeEvent({ account: tests.account, livemode: true }))).status).toBe(200);
  expect((await postStripe(api, stripeEvent({ account: live.account }))).status).toBe(200);
  expect((await postStripe(api, stripeEvent({ account: anAccountId() }))).status).toBe(200);
  expect((await postStripe(api, stripeEvent())).status).toBe(200);
  expect([await tests.stored(), await live.stored()]).toEqual([[], []]);
  const wanted = stripeEvent({ account: live.account, livemode: true });
  await postStripe(api, wanted);
  expect(await live.stored()).toEqual([wanted.id]);
});

test("while the platform's secret is changed both are believed, and no third (S50)", async () => {
  const { account, stored } = await givenFirm();
  const event = stripeEvent({ account });
  expect((await postStripe(api, event, { secret: "platform-secret-before" })).status).toBe(200);
  expect((await postStripe(api, stripeEvent({ account }), { secret: "platform-secret-never" })).status).toBe(403);
  expect(await stored()).toEqual([event.id]);
});

test("events of a business's own account are believed by its own secret, at its own address (H7, S51)", async () => {
  const account = ownKey();
  const firm = await givenFirm(account);
  const path = `/webhooks/stripe/${firm.businessId}`;
  const event = stripeEvent();
  expect((await postStripe(api, event, { path })).status).toBe(403);
  expect((await postStripe(api, event, { path, secret: "guessed" })).status).toBe(403);
  expect((await postStripe(api, event, { path, secret: account.webhookSecret })).status).toBe(200);
  expect(await firm.stored()).toEqual([event.id]);
  for (const nobody of [randomUUID(), "nobody", (await givenFirm()).businessId])
    expect((await postStripe(api, event, { path: `/webhooks/stripe/${nobody}` })).status).toBe(404);
});

test("whoever holds one business's secret can say nothing about another business (H7, S51, J6)", async () => {
  const [mine, theirs] = [ownKey(), ownKey()];
  const [firm, rival] = [await givenFirm(mine), await givenFirm(theirs)];
  const about = (account: string) => stripeEvent({ account });
  const post = (to: { businessId: string }, event: object) =>
    postStripe(api, event, { path: `/webhooks/stripe/${to.businessId}`, secret: mine.webhookSecret });
  expect((await post(rival, about(rival.account))).status).toBe(403);
  expect((await post(firm, about(rival.account))).status).toBe(200);
  expect((await postStripe(api, about(rival.account))).status).toBe(200);
  expect([await firm.stored(), await rival.stored()]).toEqual([[], []]);
  expect((await post(firm, about(firm.account))).status).toBe(200);
  expect(await firm.stored()).toHaveLength(1);
});

test("what is about nothing that we keep is answered and left out, and what is no event is refused (S50)", async () => {
  const { account, stored } = await givenFirm();
  const product = stripeEvent({ account, data: { object: { id: "prod_1", object: "product" } } });
  expect((await postStripe(api, product)).status).toBe(200);
  expect((await postStripe(api, { account, hello: "world" })).status).toBe(400);
  const huge = stripeEvent({ account, padding: "x".repeat(1_100_000) });
  expect((await postStripe(api, huge)).status).toBe(413);
  expect(await stored()).toEqual([]);
});

test("without a platform here its address is none (S50)", async () => {
  const bare = await givenApi({ STRIPE_SECRET_KEY: "", STRIPE_WEBHOOK_SECRET: "" });
  expect((await postStripe(bare, stripeEvent())).status).toBe(404);
  await bare.close();
});

test("while the database is away an event is told to come again, and is stored when it does (S54)", async () => {
  const { account, stored } = await givenFirm();
  const port = await freePort();
  const wire = await openDatabaseAt(port);
  const cutOff = await givenApi({ DATABASE_URL: databaseUrlAt(port) });
  const event = stripeEvent({ account });
  wire.cut();
  const answer = await postStripe(cutOff, event);
  expect([answer.status, answer.headers.get("retry-after")]).toEqual([503, "5"]);
  const again = await openDatabaseAt(port);
  expect((await postStripe(cutOff, event)).status).toBe(200);
  expect(await stored()).toEqual([event.id]);
  await cutOff.close();
  again.cut();
});
