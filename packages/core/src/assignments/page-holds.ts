import { holdReasons } from "@reminder-app/db/schema/reminders";
import type { Id } from "@reminder-app/platform/ids";
import { z } from "zod";
import type { Ctx } from "../ctx.ts";
import { type Page, PageQuery, toPage } from "../page.ts";
import type { Assignment } from "./assignments.repo.ts";
import { holdRepo } from "./holds.repo.ts";

export const PageHoldsQuery = PageQuery.extend({ reason: z.enum(holdReasons).optional() });

/** A page of the assignments that are held at present, the oldest first. */
export async function pageHolds(
  ctx: Ctx,
  { reason, limit, cursor }: z.output<typeof PageHoldsQuery>,
): Promise<Page<Assignment>> {
  const rows = await holdRepo(ctx).page(
    { reason, now: ctx.now() },
    { limit, cursor: cursor as Id<"Assignment"> | undefined },
  );
  return toPage(rows, limit);
}
