import { DAY_MS, after } from "@reminder-app/platform/clock";
import type { Id } from "@reminder-app/platform/ids";
import type { SystemCtx } from "../ctx.ts";
import { businessRepo } from "../businesses/businesses.repo.ts";
import { businessesWithWebhooks } from "../system/webhook-businesses.repo.ts";
import { webhookEndpointRepo } from "./webhook-endpoints.repo.ts";
import { webhookLogRepo } from "./webhook-log.repo.ts";

const STANDARD_DAYS = 30;
/** A call is tried for three days, and is on record as long. */
const LEAST_DAYS = 4;
const AT_ONCE = 500;

type Parts = Pick<SystemCtx, "db" | "now">;

/** Delete what is older than the log of each business is kept, some at a time. Answers how many events. */
export async function forgetWebhookLog(system: Parts): Promise<number> {
  let deleted = 0;
  for (const businessId of await businessesWithWebhooks(system.db)) deleted += await forgetLogOf(system, businessId);
  return deleted;
}

/** The same for one business. */
export async function forgetLogOf({ db, now }: Parts, businessId: Id<"Business">): Promise<number> {
  const scope = { db, businessId };
  const { retention } = await businessRepo(scope).get();
  const days = Math.max(LEAST_DAYS, retention?.logsDays ?? STANDARD_DAYS);
  const deleted = await webhookLogRepo(scope).forget(after(now(), -days * DAY_MS), AT_ONCE);
  await webhookEndpointRepo(scope).forgetRemoved();
  return deleted;
}
