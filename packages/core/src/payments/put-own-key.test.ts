import { sealedColumns } from "@reminder-app/db/sealed-columns";
import { newId } from "@reminder-app/platform/ids";
import { givenBusiness } from "@reminder-app/testing/given-business";
import { givenPayable, paymentDeps } from "@reminder-app/testing/given-payable";
import { type GivenStripe, givenStripe } from "@reminder-app/testing/given-stripe";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Ctx } from "../ctx.ts";
import { findGatewayAccount } from "./gateway-account.ts";
import { paymentAccountRepo } from "./payment-accounts.repo.ts";
import { OwnKeyInput, putOwnKey } from "./put-own-key.ts";
import { removePaymentAccount } from "./remove-payment-account.ts";
import { startOnboarding } from "./start-onboarding.ts";

let stripe: GivenStripe;
beforeAll(async () => {
  stripe = await givenStripe();
});
afterAll(() => stripe.close());

/** As in production: a live business takes no play money. */
const strict = () => ({ ...paymentDeps(stripe), takesTestAccounts: false });
const put = (ctx: Ctx, secretKey: string, deps = strict()) => putOwnKey(ctx, deps, OwnKeyInput.parse({ secretKey }));
const urls = { returnUrl: "https://firm.example/done", refreshUrl: "https://firm.example/again" };

test("a test business takes keys of test mode alone, a live one those of live mode (H7, S51)", async () => {
  const [rehearsal, live] = [await givenBusiness({ mode: "test" }), await givenBusiness()];
  const [test, real] = [stripe.ownAccount("test").secretKey, stripe.ownAccount("live").secretKey];
  await expect(put(rehearsal.ctx, real)).rejects.toMatchObject({ code: "validation_failed" });
  await expect(put(live.ctx, test)).rejects.toMatchObject({ code: "validation_failed" });
  expect(await put(rehearsal.ctx, test)).toMatchObject({ mode: "test" });
  expect(await put(live.ctx, real)).toMatchObject({ mode: "live" });
});

test("the platform's mode counts as the key's does, and where no real money moves live businesses try it (H7)", async () => {
  const { ctx } = await givenBusiness();
  await expect(startOnboarding(ctx, strict(), urls)).rejects.toMatchObject({ code: "validation_failed" });
  expect(await paymentAccountRepo(ctx).find()).toBeUndefined();
  expect((await startOnboarding(ctx, paymentDeps(stripe), urls)).url).toContain("/setup/");
});

test("two modes of one account may belong to a firm's live and its test business, one mode to one business (H7)", async () => {
  const [rehearsal, live, other] = [
    await givenBusiness({ mode: "test" }),
    await givenBusiness(),
    await givenBusiness({ mode: "test" }),
  ];
  const { secretKey: test } = stripe.ownAccount("test");
  const real = test.replace("_test_", "_live_");
  const [one, two] = [await put(rehearsal.ctx, test), await put(live.ctx, real)];
  expect(one.accountId).toBe(two.accountId);
  await expect(put(other.ctx, test)).rejects.toMatchObject({ code: "conflict" });
});

test("the key is sealed for its row alone, and the audit trail tells neither it nor the secrets (S64, S22)", async () => {
  const shop = await givenBusiness();
  const { secretKey } = stripe.ownAccount("live");
  const webhookSecret = "whsec_that_nobody_reads";
  await putOwnKey(shop.ctx, strict(), OwnKeyInput.parse({ secretKey, webhookSecret }));
  const row = await paymentAccountRepo(shop.ctx).find();
  expect(row?.secretKey?.includes(secretKey)).toBe(false);
  expect(await findGatewayAccount(shop.ctx)).toMatchObject({ kind: "own_key", secretKey });
  const rival = await givenBusiness();
  const elsewhere = sealedColumns.paymentKey.cell(rival.ctx);
  expect(() => shop.ctx.vault.open(row?.secretKey ?? Buffer.alloc(0), elsewhere)).toThrow("could not be decrypted");
  expect(await shop.auditTrail()).toEqual(["payment_account.set"]);
});

test("only owners and admins say where money arrives (S24)", async () => {
  const { ctx, deps } = await givenPayable(stripe);
  const staff: Ctx = { ...ctx, actor: { kind: "member", memberId: newId(), role: "staff" } };
  const { secretKey } = stripe.ownAccount();
  for (const refused of [
    put(staff, secretKey, deps),
    removePaymentAccount(staff, deps),
    startOnboarding(staff, deps, urls),
  ])
    await expect(refused).rejects.toMatchObject({ code: "forbidden" });
});

test("an account that cannot take payments yet is not kept (H7)", async () => {
  const { ctx } = await givenBusiness();
  const { secretKey, accountId } = stripe.ownAccount("test");
  await stripe.setCharges(accountId, false);
  await expect(put(ctx, secretKey, paymentDeps(stripe))).rejects.toThrow("finish its activation");
});
