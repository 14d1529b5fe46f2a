import type { Id } from "@reminder-app/platform/ids";
import type { Ctx } from "../ctx.ts";
import { checkoutRepo } from "./checkouts.repo.ts";

/** The pages at which some of these requests can be paid now; to be reviewed when the requests have changed. */
export async function liveCheckouts(
  ctx: Ctx,
  requestIds: readonly Id<"PaymentRequest">[],
): Promise<{ readonly businessId: Id<"Business">; readonly id: Id<"Checkout"> }[]> {
  return (await checkoutRepo(ctx).liveOf(requestIds)).map(({ businessId, id }) => ({ businessId, id }));
}
