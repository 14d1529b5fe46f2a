import type { SendResult } from "@reminder-app/channels/channel";
import { HOUR_MS } from "@reminder-app/platform/clock";
import type { Id } from "@reminder-app/platform/ids";
import { type GivenBusiness, givenBusiness } from "@reminder-app/testing/given-business";
import { accepted, delivererFor, givenDue, scriptedChannel } from "@reminder-app/testing/given-delivery";
import { allDeliveries } from "@reminder-app/testing/given-ledger";
import { civilDateIn } from "@reminder-app/schedule/civil-date";
import fc from "fast-check";
import { expect, test } from "vitest";
import { closeAssignment } from "../assignments/change-assignment.ts";
import { businessRepo } from "../businesses/businesses.repo.ts";
import type { Delivery } from "../deliveries/deliveries.repo.ts";
import { DeliveryReportQuery, deliveryGroups, reportDeliveries } from "./report-deliveries.ts";

const refused: SendResult = { kind: "refused", code: "smtp/550", reason: "no such mailbox" };
const period = { from: "2027-02-01", to: "2027-05-31" };

/** Let a business live: moments come due, messages go, are refused, or are stopped, and time passes. */
async function live(shop: GivenBusiness, act: number, waiting: Delivery[]): Promise<void> {
  const { ctx, clock } = shop;
  const kind = act % 5;
  const next = waiting[act % Math.max(waiting.length, 1)];
  if (kind === 0) {
    const clients = await Promise.all(Array.from({ length: 1 + (act % 3) }, () => shop.client()));
    waiting.push(...(await givenDue(shop, clients)).deliveries);
  } else if (kind <= 2 && next) {
    await delivererFor(shop, scriptedChannel([kind === 1 ? accepted : refused]).channel)(next);
  } else if (kind === 3 && next) {
    await closeAssignment(ctx, next, "done").catch(() => undefined);
  } else clock.advance((1 + (act % 30)) * HOUR_MS);
}

const sum = (lines: readonly { total: number }[]) => lines.reduce((all, { total }) => all + total, 0);

test("whatever happened, and whenever it is asked, a report's sums are the ledger's, line by line too (K2)", async () => {
  const zones = ["Europe/London", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe"];
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...zones),
      fc.array(fc.nat(1_000), { minLength: 8, maxLength: 24 }),
      async (timeZone, acts) => {
        const shop = await givenBusiness({ timeZone, now: "2027-03-10T20:00:00Z" });
        const waiting: Delivery[] = [];
        for (const [index, act] of acts.entries()) {
          await live(shop, act, waiting);
          if (index % 6 === 5) await reportDeliveries(shop.ctx, DeliveryReportQuery.parse(period));
        }
        const ledger = await allDeliveries(shop);
        for (const by of deliveryGroups) {
          const { all, lines } = await reportDeliveries(shop.ctx, { ...period, by });
          expect(all.total).toBe(ledger.length);
          expect(all.waiting + all.sent + all.failed + all.notSent).toBe(all.total);
          expect(sum(lines)).toBe(all.total);
          for (const line of lines) {
            const same = ledger.filter(
              (row) =>
                (line.day === undefined || civilDateIn(timeZone, row.createdAt) === line.day) &&
                (line.channel === undefined || row.channel === line.channel) &&
                (line.reminderId === undefined || row.reminderId === line.reminderId) &&
                (line.state === undefined || row.state === line.state) &&
                (line.reason === undefined || row.reason === line.reason),
            );
            expect([by, line.total]).toEqual([by, same.length]);
          }
        }
      },
    ),
    { numRuns: 6 },
  );
});

test("another zone of the business moves messages to the days of that zone (K2)", async () => {
  const shop = await givenBusiness({ timeZone: "UTC", now: "2027-03-10T21:30:00Z" });
  await givenDue(shop);
  const days = async () => (await reportDeliveries(shop.ctx, { ...period, by: "day" })).lines.map(({ day }) => day);
  expect(await days()).toEqual(["2027-03-10"]);
  await businessRepo(shop.ctx).update({ timeZone: "Asia/Tokyo" });
  expect(await days()).toEqual(["2027-03-11"]);
});

test("a reason is told in plain words beside its code (K2)", async () => {
  const shop = await givenBusiness();
  const { deliveries } = await givenDue(shop);
  await closeAssignment(shop.ctx, deliveries[0]!, "done");
  const { lines } = await reportDeliveries(shop.ctx, { ...period, by: "reason" });
  expect(lines).toMatchObject([
    { state: "cancelled", reason: "done", sentence: "The work was done, so nothing more was sent.", notSent: 1 },
  ]);
});

test("one firm's messages are in no other firm's report, and staff who work with some clients see theirs alone (K2)", async () => {
  const [shop, rival] = await Promise.all([givenBusiness(), givenBusiness()]);
  await givenDue(rival);
  await givenDue(shop);
  expect((await reportDeliveries(shop.ctx, { ...period, by: "channel" })).all.total).toBe(1);
  const limited = { ...shop.ctx, clientsOf: shop.ctx.businessId as unknown as Id<"Member"> };
  expect((await reportDeliveries(limited, { ...period, by: "channel" })).all.total).toBe(0);
});

test.each([
  ["from after to", { from: "2027-03-02", to: "2027-03-01" }],
  ["more than a year", { from: "2025-01-01", to: "2027-03-01" }],
])("a period of %s is refused with the reason (K2)", async (_what, days) => {
  const { ctx } = await givenBusiness();
  await expect(reportDeliveries(ctx, { ...days, by: "day" })).rejects.toMatchObject({ code: "validation_failed" });
});
