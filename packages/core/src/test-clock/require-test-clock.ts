import { AppError } from "@reminder-app/platform/errors";
import { type Ctx, isOnTestClock } from "../ctx.ts";

/** Throws `conflict` in a live business, whose clock is everybody's. */
export function requireTestClock(ctx: Ctx): void {
  if (isOnTestClock(ctx)) return;
  const remedy = "make a business with the mode test by POST /v1/businesses, and switch to it";
  throw new AppError("conflict", `This is a live business, whose clock nobody moves; ${remedy}`);
}
