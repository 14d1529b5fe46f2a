import { givenBusiness } from "@reminder-app/testing/given-business";
import {
  accepted,
  delivererFor,
  deliveriesOf,
  givenDue,
  ring,
  scriptedChannel,
} from "@reminder-app/testing/given-delivery";
import { expect, test } from "vitest";
import { changeBusiness } from "../businesses/change-business.ts";
import { sendNow, SendNowInput } from "../occurrences/send-now.ts";

const daily = { from: "09:00", to: "20:00" };
const everyDay = { mon: [daily], tue: [daily], wed: [daily], thu: [daily], fri: [daily], sat: [daily], sun: [daily] };
const sendWindows = { sms: everyDay };
const always = { ...scriptedChannel([]).channel, send: async () => accepted };
const byBoth = (n: number) => ({
  name: "Ada",
  addresses: { email: `ada.${n}@clients.example`, sms: `+4479460101${n}` },
});

/** A reminder by SMS and email that comes at 06:00 London time, and its deliveries as they were planned. */
async function givenEarly(profile = {}, client = {}) {
  const shop = await givenBusiness({ now: "2027-03-01T05:00:00Z", sendWindows, ...profile });
  const whom = await shop.client({ contacts: [byBoth(10)], ...client });
  const both = { channels: ["sms", "email"], channelMode: "all" as const };
  return { shop, ...(await givenDue(shop, [whom], both)) };
}

test("an SMS of 06:00 local goes at 09:00 local of the same day; the email of the same moment goes at once (A8)", async () => {
  const { shop, reminder, deliveries } = await givenEarly();
  const sms = deliveries.find(({ channel }) => channel === "sms")!;
  const email = deliveries.find(({ channel }) => channel === "email")!;
  expect(sms).toMatchObject({ nextAt: new Date("2027-03-01T09:00:00Z"), reason: "outside_window" });
  expect(email).toMatchObject({ nextAt: new Date("2027-03-01T06:00:00Z"), reason: null });
  const deliver = delivererFor(shop, always);
  await deliver(email);
  shop.clock.set("2027-03-01T08:59:59Z");
  expect(await deliver(sms)).toEqual({ kind: "wait", until: sms.nextAt });
  shop.clock.set("2027-03-01T09:00:00Z");
  await deliver(sms);
  expect((await deliveriesOf(shop, reminder.id)).map(({ state }) => state)).toEqual(["accepted", "accepted"]);
});

test("of recipients in two zones each waits for the opening on its own clocks (A8)", async () => {
  const { deliveries } = await givenEarly({}, { timeZone: "America/New_York" });
  expect(deliveries.find(({ channel }) => channel === "sms")).toMatchObject({
    nextAt: new Date("2027-03-01T14:00:00Z"),
  });
});

test("what would open after it makes sense is skipped, and says so (A8)", async () => {
  const { shop, reminder } = await givenEarly({ sendWindows: { sms: { wed: [daily] } } });
  const deliver = delivererFor(shop, always);
  for (const delivery of await deliveriesOf(shop, reminder.id)) await deliver(delivery);
  expect((await deliveriesOf(shop, reminder.id)).find(({ channel }) => channel === "sms")).toMatchObject({
    state: "skipped",
    reason: "window_expired",
  });
});

test("windows that were narrowed bind what is queued already (A8)", async () => {
  const { shop, deliveries } = await givenEarly({ sendWindows: null });
  const sms = deliveries.find(({ channel }) => channel === "sms")!;
  expect(sms.nextAt).toEqual(new Date("2027-03-01T06:00:00Z"));
  await changeBusiness(shop.ctx, { sendWindows }, { sendsPerDay: 100 });
  expect(await delivererFor(shop, always)(sms)).toEqual({ kind: "wait", until: new Date("2027-03-01T09:00:00Z") });
});

test("windows that were widened let go what waits for them (A8)", async () => {
  const { shop, reminder, deliveries } = await givenEarly();
  const sms = deliveries.find(({ channel }) => channel === "sms")!;
  shop.clock.set("2027-03-01T07:00:00Z");
  expect(await delivererFor(shop, always)(sms)).toMatchObject({ kind: "wait" });
  await changeBusiness(shop.ctx, { sendWindows: null }, { sendsPerDay: 100 });
  await delivererFor(shop, always)(sms);
  expect((await deliveriesOf(shop, reminder.id)).find(({ channel }) => channel === "sms")?.state).toBe("accepted");
});

test("what an admin sends by hand at once goes outside of windows, what is sent otherwise waits (A8, A16)", async () => {
  const shop = await givenBusiness({ now: "2027-03-01T05:00:00Z", sendWindows });
  const client = await shop.client({ contacts: [byBoth(20)] });
  const reminder = await shop.reminder({ channels: ["sms"] });
  await shop.assign(reminder, client);
  const send = (input: object) => sendNow(shop.ctx, reminder.id, SendNowInput.parse({ evenIfRecent: true, ...input }));
  await send({ evenInQuietHours: true });
  await send({});
  const deliver = delivererFor(shop, always);
  const results = [];
  for (const delivery of await deliveriesOf(shop, reminder.id)) results.push(await deliver(delivery));
  expect(results).toEqual([{ kind: "done" }, { kind: "wait", until: new Date("2027-03-01T09:00:00Z") }]);
  await ring(shop, reminder);
});
