import { HOUR_MS } from "@reminder-app/platform/clock";
import { type GivenBusiness, givenBusiness } from "@reminder-app/testing/given-business";
import { accepted, delivererFor, givenDue, scriptedChannel } from "@reminder-app/testing/given-delivery";
import { expect, test } from "vitest";
import { closeAssignment, reopenAssignment } from "../assignments/change-assignment.ts";
import type { Delivery } from "../deliveries/deliveries.repo.ts";
import { type completionGroups, reportCompletions } from "./report-completions.ts";

const period = { from: "2027-02-15", to: "2027-03-31" };
type Group = (typeof completionGroups)[number];

/** A business whose messages go on a Monday at noon and all arrive, one for each of `hours`, after which its work is done. */
async function givenDone(hours: readonly (number | undefined)[], input = {}) {
  const shop = await givenBusiness({ timeZone: "UTC", now: "2027-03-01T11:00:00Z" });
  const clients = await Promise.all(hours.map(() => shop.client()));
  const { reminder, deliveries } = await givenDue(shop, clients, input);
  for (const delivery of deliveries) await delivererFor(shop, scriptedChannel([accepted]).channel)(delivery);
  const sentAt = shop.clock.now();
  for (const [index, after] of hours.entries()) {
    if (after === undefined) continue;
    shop.clock.set(new Date(sentAt.getTime() + after * HOUR_MS));
    await closeAssignment(shop.ctx, deliveries[index] as Delivery, "done");
  }
  return { shop, reminder, deliveries };
}

async function linesBy({ ctx }: GivenBusiness, by: Group) {
  return (await reportCompletions(ctx, { ...period, by })).lines;
}

test("work that is done within 72 hours of its last message counts for the message, and later work does not (K5)", async () => {
  const { shop, reminder } = await givenDone([1, 71.9, 72.1, undefined]);
  shop.clock.set("2027-03-20T12:00:00Z");
  const line = { sent: 4, done: 2, share: 0.5 };
  expect(await linesBy(shop, "step")).toEqual([{ reminderId: reminder.id, stepId: null, ...line }]);
  expect(await linesBy(shop, "channel")).toEqual([{ channel: "email", ...line }]);
  expect(await linesBy(shop, "weekday")).toEqual([{ weekday: 1, ...line }]);
  expect(await linesBy(shop, "hour")).toEqual([{ hour: 12, ...line }]);
});

test("work that is open again is not done, and what was done before any message counts for none (K5)", async () => {
  const { shop, deliveries } = await givenDone([1]);
  await reopenAssignment(shop.ctx, deliveries[0]!);
  const other = await shop.reminder();
  const [never] = await shop.assign(other, await shop.client());
  await closeAssignment(shop.ctx, { reminderId: other.id, assignmentId: never!.id }, "done");
  expect(await linesBy(shop, "channel")).toEqual([{ channel: "email", sent: 1, done: 0, share: 0 }]);
});

test("a report about documents leaves other reminders out (K5)", async () => {
  const { shop } = await givenDone([1], { type: "document" });
  const { deliveries } = await givenDue(shop);
  await delivererFor(shop, scriptedChannel([accepted]).channel)(deliveries[0]!);
  const report = await reportCompletions(shop.ctx, { ...period, by: "channel", type: "document" });
  expect(report.lines).toEqual([{ channel: "email", sent: 1, done: 1, share: 1 }]);
  expect(await linesBy(shop, "channel")).toEqual([{ channel: "email", sent: 2, done: 1, share: 0.5 }]);
});
