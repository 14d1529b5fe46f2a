import { type GivenBusiness, givenBusiness } from "@reminder-app/testing/given-business";
import { accepted, delivererFor, deliveriesOf, givenDue, scriptedChannel } from "@reminder-app/testing/given-delivery";
import { passTime, sentAt } from "@reminder-app/testing/pass-time";
import { HOUR_MS, after } from "@reminder-app/platform/clock";
import type { Id } from "@reminder-app/platform/ids";
import { expect, test } from "vitest";
import { AssignClientsInput, assignClients } from "../assignments/assign-clients.ts";
import { pauseBusiness, resumeBusiness } from "../businesses/pause-business.ts";
import type { Pause } from "../deliveries/pause-end.ts";
import { sendNow, SendNowInput } from "../occurrences/send-now.ts";
import { pauseClient, resumeClient } from "./pause-client.ts";

const daily = { kind: "recurring", start: "2027-03-01T09:00", zone: "Europe/London", rule: "FREQ=DAILY" } as const;
const steps = Array.from({ length: 10 }, (_, days) => ({ id: `t+${days}`, days, time: "09:00" }));
const sequence = { kind: "sequence", zone: "Europe/London", steps } as const;

const pausing = {
  client: {
    reason: "client_paused",
    pause: ({ ctx }: GivenBusiness, clientId: Id<"Client">, pause: Pause) => pauseClient(ctx, clientId, pause),
    resume: ({ ctx }: GivenBusiness, clientId: Id<"Client">) => resumeClient(ctx, clientId),
  },
  business: {
    reason: "business_paused",
    pause: ({ ctx }: GivenBusiness, _clientId: Id<"Client">, pause: Pause) => pauseBusiness(ctx, pause),
    resume: ({ ctx }: GivenBusiness) => resumeBusiness(ctx),
  },
} as const;

const both = [
  ["client", "recurring", daily],
  ["client", "sequence", sequence],
  ["business", "recurring", daily],
  ["business", "sequence", sequence],
] as const;

test.each(both)(
  "a %s that is paused for three days gets nothing of a %s reminder, and goes on by itself without making up for it (A15)",
  async (who, _kind, schedule) => {
    const shop = await givenBusiness({ now: "2027-03-01T08:00:00Z" });
    const reminder = await shop.reminder({ schedule: structuredClone(schedule) as never });
    const { id: clientId } = await shop.client();
    const input = { assignments: [{ clientId, dueOn: "2027-03-01" }] };
    await assignClients(shop.ctx, reminder.id, AssignClientsInput.parse(input));
    await passTime(shop, reminder.id, 2);
    await pausing[who].pause(shop, clientId, { until: "2027-03-05" });
    await passTime(shop, reminder.id, 4 * 24);

    expect(await sentAt(shop, reminder.id)).toEqual(["2027-03-01T09:00", "2027-03-05T09:00"]);
    const skipped = (await deliveriesOf(shop, reminder.id)).filter(({ state }) => state === "skipped");
    expect(skipped.map(({ reason }) => reason)).toEqual(Array.from({ length: 3 }, () => pausing[who].reason));
  },
);

test.each(["client", "business"] as const)(
  "what was queued for a %s waits for the end of its pause, and is let go when that is taken back (A15)",
  async (who) => {
    const shop = await givenBusiness();
    const { reminder, deliveries } = await givenDue(shop);
    const [delivery] = deliveries;
    const other = await shop.client();
    const { channel, calls } = scriptedChannel([accepted]);
    const deliver = delivererFor(shop, channel);
    const until = after(shop.clock.now(), HOUR_MS);
    const paused = await pausing[who].pause(shop, delivery!.clientId, { until: until.toISOString() });
    expect(paused).toMatchObject({
      postponed: 1,
      inFlight: 0,
      [who]: { pausedAt: shop.clock.now(), pausedUntil: until },
    });
    expect(await deliver(delivery!)).toEqual({ kind: "wait", until });
    await resumeClient(shop.ctx, other.id);
    expect(calls).toEqual([]);

    expect(await pausing[who].resume(shop, delivery!.clientId)).toMatchObject({ pausedAt: null, pausedUntil: null });
    await deliver(delivery!);
    expect(calls).toHaveLength(1);
    expect(await deliveriesOf(shop, reminder.id)).toMatchObject([{ state: "accepted" }]);
  },
);

test("a pause of one client leaves the others alone (A15)", async () => {
  const shop = await givenBusiness();
  const clients = [await shop.client(), await shop.client()];
  const { deliveries } = await givenDue(shop, clients);
  await pauseClient(shop.ctx, clients[0]!.id, {});
  const { channel, calls } = scriptedChannel([accepted]);
  for (const delivery of deliveries) await delivererFor(shop, channel)(delivery);
  expect(calls).toHaveLength(1);
});

test.each(["client", "business"] as const)(
  "nothing goes by hand to a paused %s either, also when it is urgent (A15)",
  async (who) => {
    const shop = await givenBusiness();
    const { reminder, deliveries } = await givenDue(shop);
    await pausing[who].pause(shop, deliveries[0]!.clientId, {});
    const input = SendNowInput.parse({ evenIfRecent: true, evenInQuietHours: true });
    expect((await sendNow(shop.ctx, reminder.id, input)).clients).toMatchObject([
      { outcome: "skipped", reason: pausing[who].reason },
    ]);
  },
);

test.each(["client", "business"] as const)(
  "a pause of a %s until a past date is refused, and changes nothing (A15)",
  async (who) => {
    const shop = await givenBusiness({ now: "2027-03-01T08:00:00Z" });
    const { id } = await shop.client();
    await expect(pausing[who].pause(shop, id, { until: "2027-03-01" })).rejects.toMatchObject({
      code: "validation_failed",
    });
    expect(await pausing[who].resume(shop, id)).toMatchObject({ pausedAt: null });
    expect(await shop.auditTrail()).toEqual(["client.created"]);
  },
);

test("a pause that is over does not count as begun when a new one is set (A15)", async () => {
  const shop = await givenBusiness({ now: "2027-03-01T08:00:00Z" });
  const { id } = await shop.client();
  await pauseClient(shop.ctx, id, { until: "2027-03-02" });
  shop.clock.set("2027-03-01T20:00:00Z");
  expect((await pauseClient(shop.ctx, id, {})).client.pausedAt).toEqual(new Date("2027-03-01T08:00:00Z"));
  await pauseClient(shop.ctx, id, { until: "2027-03-02" });
  shop.clock.set("2027-03-03T08:00:00Z");
  expect((await pauseClient(shop.ctx, id, {})).client.pausedAt).toEqual(shop.clock.now());
});
