import { DAY_MS, HOUR_MS, after } from "@reminder-app/platform/clock";
import { givenBusiness } from "@reminder-app/testing/given-business";
import { givenDue } from "@reminder-app/testing/given-delivery";
import { snapshotOf } from "@reminder-app/testing/given-rows";
import { expect, test } from "vitest";
import { changeBusiness } from "../businesses/change-business.ts";
import { decideSends } from "../outbox/decide-sends.ts";
import { forgetTextsOf } from "./forget-texts.ts";

/** A business with a message whose text staff have changed. */
async function givenChangedText() {
  const shop = await givenBusiness();
  const { deliveries } = await givenDue(shop);
  const sends = [{ assignmentId: deliveries[0]!.assignmentId, slotKey: "O:1" }];
  await decideSends(shop.ctx, { sends, decision: "edit", body: "quincunx" });
  const texts = async () => JSON.stringify((await snapshotOf(shop.ctx.businessId))["decided_sends"]);
  return { shop, texts, forget: () => forgetTextsOf(shop.system, shop.ctx.businessId) };
}

test("a text is deleted on the day after the business's retention ends, and not before (D7, S66)", async () => {
  const { shop, texts, forget } = await givenChangedText();
  await changeBusiness(shop.ctx, { retention: { textsDays: 30 } }, { sendsPerDay: 100 });
  const start = shop.clock.now();
  shop.clock.set(after(start, 30 * DAY_MS));
  expect(await forget()).toBe(0);
  expect(await texts()).toContain("quincunx");
  shop.clock.set(after(start, 30 * DAY_MS + HOUR_MS));
  expect(await forget()).toBe(1);
  expect(await texts()).not.toContain("quincunx");
  expect(await texts()).toContain("O:1");
});

test("a business that said nothing keeps its texts (D7)", async () => {
  const { shop, texts, forget } = await givenChangedText();
  shop.clock.advance(5_000 * DAY_MS);
  expect(await forget()).toBe(0);
  expect(await texts()).toContain("quincunx");
});
