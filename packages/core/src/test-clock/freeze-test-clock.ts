import { AppError } from "@reminder-app/platform/errors";
import { z } from "zod";
import { recordAudit } from "../audit/record-audit.ts";
import { type Ctx, inTransaction, requireRole } from "../ctx.ts";
import { type TestClockView, getTestClock } from "./get-test-clock.ts";
import { atInstant } from "./on-test-clock.ts";
import { lockClock } from "./pass-moment.ts";
import { requireTestClock } from "./require-test-clock.ts";
import { testClockRepo } from "./test-clock.repo.ts";
import { instantOfClock, requireReachable } from "./clock-input.ts";

export const FreezeTestClockInput = z.strictObject({ at: instantOfClock });

/**
 * Set the clock of a test business to an instant without living through the time between: what came due there is late,
 * as after an outage. Throws `conflict` in a live business, and for an instant that is past once something was planned.
 */
export async function freezeTestClock(ctx: Ctx, { at }: z.output<typeof FreezeTestClockInput>): Promise<TestClockView> {
  requireRole(ctx, "admin", "set the test clock");
  requireTestClock(ctx);
  requireReachable("at", { from: ctx.now(), to: at });
  return inTransaction(ctx, async (tx) => {
    await lockClock(tx);
    if (at < tx.now() && (await testClockRepo(tx).isAnythingPlanned()))
      throw new AppError(
        "conflict",
        `Messages were planned up to ${tx.now().toISOString()}; the clock only goes forward`,
      );
    await testClockRepo(tx).moveTo(at);
    const view = await getTestClock(atInstant(tx, at));
    await recordAudit(tx, "test_clock.set", { entityId: tx.businessId, from: tx.now(), to: at });
    return view;
  });
}
