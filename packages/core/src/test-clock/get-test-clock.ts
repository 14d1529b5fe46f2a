import type { BusinessMode } from "@reminder-app/db/schema/businesses";
import { type Ctx, isOnTestClock } from "../ctx.ts";
import { nextMoment } from "./pass-moment.ts";

export interface TestClockView {
  readonly mode: BusinessMode;
  readonly now: Date;
  /** When there is something to do next, as far as it is planned; empty in a live business. */
  readonly next: Date | null;
}

/** Where the clock of a test business stands. A live one goes by real time. */
export async function getTestClock(ctx: Ctx): Promise<TestClockView> {
  if (!isOnTestClock(ctx)) return { mode: "live", now: ctx.now(), next: null };
  return { mode: "test", now: ctx.now(), next: await nextMoment(ctx) };
}
