import { type GivenBusiness, givenBusiness } from "@reminder-app/testing/given-business";
import { deliveriesOf, occurrencesOf, ring, scriptedChannel } from "@reminder-app/testing/given-delivery";
import { assignMany } from "@reminder-app/testing/given-many";
import { HOUR_MS, MINUTE_MS } from "@reminder-app/platform/clock";
import type { Id } from "@reminder-app/platform/ids";
import { expect, test } from "vitest";
import { closeAssignment } from "../assignments/change-assignment.ts";
import { holdAssignment } from "../assignments/hold-assignment.ts";
import { pauseBusiness } from "../businesses/pause-business.ts";
import { pauseClient } from "../clients/pause-client.ts";
import { type Ctx, inTransaction } from "../ctx.ts";
import { plan } from "../occurrences/plan.ts";
import { cancelReminder } from "../reminders/change-status.ts";
import { pauseReminder } from "../reminders/pause-reminder.ts";
import { templateSource } from "../reminders/template-source.ts";
import { claimDeliveries } from "./claim-deliveries.ts";
import { type Delivery, deliveryRepo } from "./deliveries.repo.ts";

const RACES = 200;
const WAVE = 20;
/** Nothing of what is claimed here runs out while tests go on beside it. */
const LEASE_MS = HOUR_MS;
/** Hundreds of transactions side by side, also where the machine has much else to do. */
const PATIENCE_MS = 240_000;

const templates = templateSource();

/** Claim deliveries and send nothing: from the claim on a delivery counts as started. */
async function claim({ ctx }: GivenBusiness, ids: readonly Id<"Delivery">[]): Promise<number> {
  const { channel } = scriptedChannel([]);
  const claims = await claimDeliveries(ctx, ids, {
    channel,
    leaseMs: LEASE_MS,
    sendsPerDay: 1_000_000,
    templates,
  });
  return claims.filter(({ kind }) => kind === "claimed").length;
}

/** Which of some deliveries have been claimed. */
async function claimedAmong(ctx: Ctx, ids: readonly Id<"Delivery">[]): Promise<Id<"Delivery">[]> {
  const rows = await deliveryRepo(ctx).peek(ids);
  return rows.filter(({ state }) => state === "sending").map(({ id }) => id);
}

type Stop = (tx: Ctx, delivery: Delivery) => Promise<{ readonly inFlight: number }>;

/**
 * Stop, and look from within the stop's own transaction, once it has written all that it will: whatever is claimed and is
 * not seen there was committed after that.
 */
async function stopAndLook<Answer>(
  shop: GivenBusiness,
  ids: readonly Id<"Delivery">[],
  stop: (tx: Ctx) => Promise<Answer>,
) {
  return inTransaction(shop.ctx, async (tx) => ({ answer: await stop(tx), started: await claimedAmong(tx, ids) }));
}

const keyOf = ({ reminderId, assignmentId }: Delivery) => ({ reminderId, assignmentId });

test.each([
  ["done because it was paid", (tx: Ctx, delivery: Delivery) => closeAssignment(tx, keyOf(delivery), "paid")],
  ["a hold", (tx: Ctx, delivery: Delivery) => holdAssignment(tx, keyOf(delivery), { reason: "dispute" })],
  ["a pause of the client", (tx: Ctx, delivery: Delivery) => pauseClient(tx, delivery.clientId, {})],
] as const)(
  "of 200 races of %s against a claim none commits a claim after the stop (B1, A15, B7)",
  async (_what, stop: Stop) => {
    const shop = await givenBusiness();
    const reminder = await shop.reminder({ type: "payment" });
    await assignMany(shop, reminder, RACES);
    const deliveries = await ring(shop, reminder);
    expect(deliveries).toHaveLength(RACES);

    const late: Delivery[] = [];
    let started = 0;
    const race = async (delivery: Delivery, index: number) => {
      const ids = [delivery.id];
      const claims = () => claim(shop, ids);
      const stops = () => stopAndLook(shop, ids, (tx) => stop(tx, delivery));
      const [first, second] = index % 2 === 0 ? [claims, stops] : [stops, claims];
      const results = await Promise.all([first(), second()]);
      const seen = results.find((result) => typeof result === "object");
      const claimed = await claimedAmong(shop.ctx, ids);
      started += claimed.length;
      if (claimed.length > (seen?.started.length ?? 0)) late.push(delivery);
      expect(seen?.answer.inFlight).toBe(seen?.started.length);
    };
    for (let from = 0; from < RACES; from += WAVE) await Promise.all(deliveries.slice(from, from + WAVE).map(race));
    expect(late).toEqual([]);
    expect(
      await claim(
        shop,
        deliveries.map(({ id }) => id),
      ),
    ).toBe(0);
    const states = Map.groupBy(await deliveriesOf(shop, reminder.id), ({ state }) => state);
    expect((states.get("sending") ?? []).length).toBe(started);
  },
  PATIENCE_MS,
);

test.each([
  ["cancel of the reminder", (tx: Ctx, { reminderId }: Delivery) => cancelReminder(tx, reminderId)],
  ["a pause of the reminder", (tx: Ctx, { reminderId }: Delivery) => pauseReminder(tx, reminderId)],
  ["a pause of the business", (tx: Ctx) => pauseBusiness(tx, {})],
] satisfies [string, Stop][])(
  "%s raced against 200 claims lets none commit after it (A15, B5)",
  async (_what, stop: Stop) => {
    const shop = await givenBusiness();
    const reminder = await shop.reminder();
    await assignMany(shop, reminder, RACES);
    const deliveries = await ring(shop, reminder);
    const ids = deliveries.map(({ id }) => id);

    let stopping: ReturnType<typeof stopAndLook<{ readonly inFlight: number }>> | undefined;
    for (let from = 0; from < RACES; from += WAVE) {
      const wave = ids.slice(from, from + WAVE).map((id) => claim(shop, [id]));
      if (from === RACES / 2) stopping = stopAndLook(shop, ids, (tx) => stop(tx, deliveries[0]!));
      await Promise.all(wave);
    }
    const { answer, started } = (await stopping)!;
    expect((await claimedAmong(shop.ctx, ids)).toSorted()).toEqual(started.toSorted());
    expect(answer.inFlight).toBe(started.length);
    expect(started.length).toBeGreaterThanOrEqual(RACES / 2);
    expect(await claim(shop, ids)).toBe(0);
  },
);

test(
  "cancelling in the middle of a fan-out to 10,000 clients ends it: nothing is claimed after, and the answer says what was in flight (B5)",
  async () => {
    const shop = await givenBusiness();
    const reminder = await shop.reminder();
    await assignMany(shop, reminder, 10_000);
    shop.clock.set(new Date(reminder.nextDueAt!.getTime() - MINUTE_MS / 2));
    const chunks = plan(shop.ctx, reminder.id, MINUTE_MS);
    const made: Id<"Delivery">[] = [];
    for (let chunk = 0; chunk < 2; chunk += 1) {
      const { value, done } = await chunks.next();
      if (!done) made.push(...value.map(({ id }) => id));
    }
    shop.clock.set(reminder.nextDueAt!);

    const fanOut = (async () => {
      for await (const queued of chunks) made.push(...queued.map(({ id }) => id));
    })();
    const claims = Promise.all(
      Array.from({ length: 10 }, (_, index) => claim(shop, made.slice(index * 50, index * 50 + 50))),
    );
    const { answer, started } = await stopAndLook(shop, made, (tx) => cancelReminder(tx, reminder.id));
    await Promise.all([fanOut, claims]);

    expect(await occurrencesOf(shop, reminder.id)).toMatchObject([
      { state: "cancelled", reason: "reminder_cancelled" },
    ]);
    expect(made.length).toBeLessThan(10_000);
    expect(answer.inFlight).toBe(started.length);
    expect(answer.cancelled + answer.inFlight).toBe(made.length);
    for (let from = 0; from < made.length; from += 500) expect(await claim(shop, made.slice(from, from + 500))).toBe(0);
    expect((await claimedAmong(shop.ctx, made)).toSorted()).toEqual(started.toSorted());
  },
  PATIENCE_MS,
);
