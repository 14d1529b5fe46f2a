import { SECOND_MS, after } from "@reminder-app/platform/clock";
import { givenBusiness } from "@reminder-app/testing/given-business";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type GivenWorkers, givenWorkers, log } from "./given-worker.ts";
import { sweepOnce } from "./sweep.ts";

let given: GivenWorkers;
beforeAll(async () => {
  given = await givenWorkers();
});
afterAll(() => given.close());

test("a timer that rang among many gets ten seconds of its lead before the sweep plans in its place (J15)", async () => {
  const now = new Date();
  const shop = await givenBusiness({ now: now.toISOString() });
  const at = after(now, 22 * SECOND_MS)
    .toISOString()
    .slice(0, 19);
  const { id, nextDueAt } = await shop.reminder({ schedule: { kind: "once", at, zone: "UTC" } });
  const sweepAt = async (secondsBefore: number) => {
    shop.clock.set(after(nextDueAt!, -secondsBefore * SECOND_MS));
    await sweepOnce({ system: shop.system, producer: given.producer, log });
    return (await given.producer.queue("reminders").getJob(`p${id}`)) !== undefined;
  };
  expect(await sweepAt(21)).toBe(false);
  expect(await sweepAt(19)).toBe(true);
});
