import { after } from "@reminder-app/platform/clock";
import { givenBusiness } from "@reminder-app/testing/given-business";
import { accepted, delivererFor, deliveriesOf, givenDue, scriptedChannel } from "@reminder-app/testing/given-delivery";
import { expect, test } from "vitest";
import { decideDelivery } from "./decide-delivery.ts";
import { dailyUsageRepo } from "./daily-usage.repo.ts";
import { deliveryRowsRepo } from "./delivery-rows.repo.ts";

const refusedForNow = { kind: "throttled", code: "smtp/451", reason: "busy" } as const;
const always = { ...scriptedChannel([]).channel, send: async () => accepted };

/** A business that may send `dailySends` messages a day, with one due delivery to each of `clients` clients. */
async function givenLimited(dailySends: number, clients: number, reminder = {}) {
  const shop = await givenBusiness({ dailySends });
  const whom = await Promise.all(Array.from({ length: clients }, () => shop.client()));
  return { shop, ...(await givenDue(shop, whom, reminder)) };
}

const statesOf = async ({ shop, reminder }: Awaited<ReturnType<typeof givenLimited>>) =>
  (await deliveriesOf(shop, reminder.id))
    .map(({ state, reason }) => [state, reason].filter(Boolean).join(" "))
    .toSorted();

test("nothing leaves from a test business, and the ledger says why (S28)", async () => {
  const shop = await givenBusiness({ mode: "test" });
  const { reminder, deliveries } = await givenDue(shop);
  const { channel, calls } = scriptedChannel([]);
  await delivererFor(shop, channel)(deliveries[0]!);
  expect(calls).toEqual([]);
  expect(await deliveriesOf(shop, reminder.id)).toMatchObject([{ state: "skipped", reason: "test_mode", tries: 0 }]);
});

test("of what is due at once as many leave as the day allows, exactly, whoever sends (S28)", async () => {
  const given = await givenLimited(7, 20);
  const workers = Array.from({ length: 10 }, () => delivererFor(given.shop, always));
  await Promise.all(given.deliveries.map((delivery, index) => workers[index % 10]!(delivery)));
  expect(await statesOf(given)).toEqual([...Array(7).fill("accepted"), ...Array(13).fill("queued daily_limit")]);
});

test("what is over the limit goes on the next day by UTC (S28)", async () => {
  const given = await givenLimited(1, 3, { graceMinutes: 3 * 24 * 60 });
  const deliver = delivererFor(given.shop, always);
  const tomorrow = new Date("2027-03-02T00:00:00Z");
  const results = [];
  for (const delivery of given.deliveries) results.push(await deliver(delivery));
  expect(results).toEqual([{ kind: "done" }, { kind: "wait", until: tomorrow }, { kind: "wait", until: tomorrow }]);
  given.shop.clock.set(after(tomorrow, -1));
  expect(await deliver(given.deliveries[1]!)).toEqual({ kind: "wait", until: tomorrow });
  given.shop.clock.set(tomorrow);
  await Promise.all(given.deliveries.map(deliver));
  expect(await statesOf(given)).toEqual(["accepted", "accepted", "queued daily_limit"]);
});

test("what would be too late on the next day expires (S28)", async () => {
  const given = await givenLimited(1, 2, { graceMinutes: 60 });
  const deliver = delivererFor(given.shop, always);
  for (const delivery of given.deliveries) await deliver(delivery);
  expect(await statesOf(given)).toEqual(["accepted", "expired daily_limit"]);
});

test("a message counts once however often it is tried, and again when it is sent again (S28)", async () => {
  const given = await givenLimited(1, 1);
  const [delivery] = given.deliveries;
  const { channel } = scriptedChannel([refusedForNow, refusedForNow, { ...refusedForNow, kind: "refused" }]);
  const deliver = delivererFor(given.shop, channel);
  for (let tried = 0; tried < 3; tried += 1) {
    await deliver(delivery!);
    given.shop.clock.advance(60_000);
  }
  expect(await statesOf(given)).toEqual(["failed smtp/451"]);
  await decideDelivery(given.shop.ctx, delivery!.id, { decision: "send_again" });
  expect(await deliver(delivery!)).toEqual({ kind: "wait", until: new Date("2027-03-02T00:00:00Z") });
});

test("the installation's own limit holds where the business has none, or a higher one (S28)", async () => {
  for (const profile of [{}, { dailySends: 5 }]) {
    const shop = await givenBusiness(profile);
    const { reminder, deliveries } = await givenDue(shop, [await shop.client(), await shop.client()]);
    const deliver = delivererFor(shop, always, { sendsPerDay: 1 });
    for (const delivery of deliveries) await deliver(delivery);
    expect(await statesOf({ shop, reminder, deliveries })).toEqual(["accepted", "queued daily_limit"]);
  }
});

test("counting together never counts more than the limit, and all that fits (S28)", async () => {
  const { ctx } = await givenBusiness();
  const repo = dailyUsageRepo(ctx);
  const counted = await Promise.all(
    Array.from({ length: 30 }, () => repo.take("2027-03-01", { wanted: 3, limit: 50 })),
  );
  expect(counted.reduce((sum, some) => sum + some, 0)).toBe(50);
  expect(await repo.take("2027-03-01", { wanted: 1, limit: 40 })).toBe(0);
  expect(await repo.take("2027-03-01", { wanted: 5, limit: 52 })).toBe(2);
  expect(await repo.take("2027-03-02", { wanted: 3, limit: 2 })).toBe(2);
});

test.each([
  ["sms", "+442079460101", ["GB"], "accepted"],
  ["sms", "+34912345678", ["GB"], "skipped country_not_allowed"],
  ["whatsapp", "+34912345678", ["GB", "FR"], "skipped country_not_allowed"],
  ["whatsapp", "+34912345678", ["ES"], "accepted"],
  // The same +44, and another country.
  ["sms", "+447781123456", ["GB"], "skipped country_not_allowed"],
  ["sms", "+80012345678", ["GB"], "skipped country_not_allowed"],
  ["sms", "+34912345678", null, "accepted"],
] as const)(
  "a message by %s to %s, where numbers of %j may be written to, is %s (S28)",
  async (kind, number, countries, outcome) => {
    const shop = await givenBusiness({ smsCountries: countries && [...countries] });
    const client = await shop.client({ contacts: [{ name: "Ada", addresses: { [kind]: number } }] });
    const { reminder, deliveries } = await givenDue(shop, [client], { channels: [kind] });
    await delivererFor(shop, { ...always, kind })(deliveries[0]!);
    expect(await statesOf({ shop, reminder, deliveries })).toEqual([outcome]);
  },
);

test("email goes whatever the countries of numbers (S28)", async () => {
  const shop = await givenBusiness({ smsCountries: ["GB"] });
  const { deliveries } = await givenDue(shop);
  await delivererFor(shop, always)(deliveries[0]!);
  expect(await deliveryRowsRepo(shop.ctx).page({ state: "accepted" }, { limit: 5 })).toHaveLength(1);
});
