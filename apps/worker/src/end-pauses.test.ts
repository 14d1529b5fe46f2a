import { assignmentRepo } from "@reminder-app/core/assignments/assignments.repo";
import { holdAssignment, HoldInput } from "@reminder-app/core/assignments/hold-assignment";
import { pauseReminder } from "@reminder-app/core/reminders/pause-reminder";
import { reminderRepo } from "@reminder-app/core/reminders/reminders.repo";
import { pageTasks, PageTasksQuery } from "@reminder-app/core/tasks/page-tasks";
import { DAY_MS, HOUR_MS, after } from "@reminder-app/platform/clock";
import { givenBusiness, liveSystem } from "@reminder-app/testing/given-business";
import { expect, test } from "vitest";
import { endPauses } from "./end-pauses.ts";
import { log } from "./given-worker.ts";

const day = (at: Date) => at.toISOString().slice(0, 10);

/** A live or test business of three days ago, with a promise that is broken by now, and pauses that are and are not over. */
async function givenPaused(mode: "live" | "test") {
  const past = after(new Date(), -3 * DAY_MS);
  const shop = await givenBusiness({ now: past.toISOString(), mode, timeZone: "UTC" });
  const daily = { kind: "recurring", start: `${day(past)}T00:00`, zone: "UTC", rule: "FREQ=DAILY" } as const;
  const [over, lasting, promised] = [
    await shop.reminder({ schedule: daily }),
    await shop.reminder({ schedule: daily }),
    await shop.reminder({ schedule: daily }),
  ];
  await pauseReminder(shop.ctx, over.id, { until: after(past, HOUR_MS).toISOString() });
  await pauseReminder(shop.ctx, lasting.id, { until: after(past, 30 * DAY_MS).toISOString() });
  const [assignment] = await shop.assign(promised, await shop.client());
  const key = { reminderId: promised.id, assignmentId: assignment!.id };
  await holdAssignment(shop.ctx, key, HoldInput.parse({ reason: "promise", until: day(past), graceDays: 1 }));
  return { shop, over, lasting, key };
}

test.each([
  ["live", "active", null, 1],
  ["test", "paused", "promise", 0],
] as const)(
  "the sweep ends what is over of a %s business, and nothing of what lasts (A15, B6, J12)",
  async (mode, status, hold, tasks) => {
    const { shop, over, lasting, key } = await givenPaused(mode);
    await endPauses({ system: liveSystem, log });
    await endPauses({ system: liveSystem, log });
    expect((await reminderRepo(shop.ctx).get(over.id)).status).toBe(status);
    expect((await reminderRepo(shop.ctx).get(lasting.id)).status).toBe("paused");
    expect((await assignmentRepo(shop.ctx).get(key.reminderId, key.assignmentId)).hold).toBe(hold);
    const { items } = await pageTasks(shop.ctx, PageTasksQuery.parse({ kind: "broken_promise" }));
    expect(items.map(({ count }) => count)).toEqual(Array.from({ length: tasks }, () => 1));
  },
);
