import { givenBusiness } from "@reminder-app/testing/given-business";
import { givenDue } from "@reminder-app/testing/given-delivery";
import { HOUR_MS, after } from "@reminder-app/platform/clock";
import { expect, test } from "vitest";
import { overdueRepo } from "./overdue.repo.ts";

const MANY = 100_000;

test.each(["live", "test"] as const)(
  "what is overdue of a %s business is found only if it is a live one (J12)",
  async (mode) => {
    const shop = await givenBusiness({ mode });
    await givenDue(shop);
    const waiting = await shop.reminder();
    const overdue = overdueRepo(shop.system.db);
    const later = after(shop.clock.now(), 3 * HOUR_MS);
    const ours = <Row extends { businessId: string }>(rows: readonly Row[]) =>
      rows.filter(({ businessId }) => businessId === shop.ctx.businessId).length;

    const found = mode === "live" ? 1 : 0;
    expect(ours(await overdue.deliveriesToSend(later, MANY))).toBe(found);
    expect(ours(await overdue.remindersToPlan(waiting.nextDueAt ?? later, MANY))).toBe(found);
  },
);
