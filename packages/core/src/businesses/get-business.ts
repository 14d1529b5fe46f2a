import type { Ctx } from "../ctx.ts";
import { type Business, businessRepo } from "./businesses.repo.ts";

export function getBusiness(ctx: Ctx): Promise<Business> {
  return businessRepo(ctx).get();
}
