import { businessRepo } from "../businesses/businesses.repo.ts";
import { type Ctx, realNow } from "../ctx.ts";

/** The context of a test business, on its own clock as it stands now. */
export async function onTestClock(ctx: Ctx): Promise<Ctx> {
  return atInstant(ctx, await businessRepo(ctx).testClock(realNow(ctx)));
}

/** The context by the clock that its business goes by. */
export async function byItsClock(ctx: Ctx): Promise<Ctx> {
  return (await isTestBusiness(ctx)) ? onTestClock(ctx) : ctx;
}

/** The same context at another instant of its test clock. */
export function atInstant(ctx: Ctx, at: Date): Ctx {
  return { ...ctx, now: () => at, real: ctx.real ?? ctx.now };
}

/** Whether it is a test business, which is planned when its clock is moved, and at no other time. */
export async function isTestBusiness(ctx: Ctx): Promise<boolean> {
  return (await businessRepo(ctx).mode()) === "test";
}
