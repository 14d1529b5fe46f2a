import { DAY_MS, after } from "@reminder-app/platform/clock";
import type { Id } from "@reminder-app/platform/ids";
import { businessRepo } from "../businesses/businesses.repo.ts";
import type { SystemCtx } from "../ctx.ts";
import { businessesWithRetention } from "../system/retaining-businesses.repo.ts";
import { oldTextRepo } from "./old-texts.repo.ts";

type Parts = Pick<SystemCtx, "db" | "now">;

const AT_ONCE = 500;

/** Delete texts that are older than their businesses keep them, some at a time. Answers how many. */
export async function forgetTexts(system: Parts): Promise<number> {
  let deleted = 0;
  for (const businessId of await businessesWithRetention(system.db)) deleted += await forgetTextsOf(system, businessId);
  return deleted;
}

/** The same for one business. */
export async function forgetTextsOf({ db, now }: Parts, businessId: Id<"Business">): Promise<number> {
  const scope = { db, businessId };
  const days = (await businessRepo(scope).get()).retention?.textsDays;
  return days === undefined ? 0 : oldTextRepo(scope).forget(after(now(), -days * DAY_MS), AT_ONCE);
}
