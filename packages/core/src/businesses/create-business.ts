import { businessModes } from "@reminder-app/db/schema/businesses";
import { AppError } from "@reminder-app/platform/errors";
import { newId } from "@reminder-app/platform/ids";
import { zoneSchema } from "@reminder-app/schedule/zones";
import { z } from "zod";
import { recordAudit } from "../audit/record-audit.ts";
import { type Ctx, inTransaction } from "../ctx.ts";
import type { AccessClaims } from "../members/check-session.ts";
import { lockCaller } from "../members/lock-caller.ts";
import { signInRepo } from "../members/members.repo.ts";
import { line, localeSchema } from "../texts.ts";
import { type Business, businessRepo } from "./businesses.repo.ts";
import { insertOwnedBusiness } from "./insert-owned-business.ts";

const MOST_OWNED = 20;

export const CreateBusinessInput = z.strictObject({
  name: line(200),
  timeZone: zoneSchema,
  locale: localeSchema.default("en-GB"),
  mode: z.enum(businessModes).default("live").describe("Nothing leaves from a test business"),
});

/** Make another business that the caller owns. Throws `conflict` when they own 20 already. */
export async function createBusiness(
  ctx: Ctx,
  caller: AccessClaims,
  input: z.output<typeof CreateBusinessInput>,
): Promise<Business> {
  const { memberId } = caller;
  return inTransaction(ctx, async (here) => {
    await lockCaller(here, caller);
    const owned = (await signInRepo(here.db).businessesOf(memberId)).filter(({ role }) => role === "owner");
    if (owned.length >= MOST_OWNED) throw new AppError("conflict", `A member owns at most ${MOST_OWNED} businesses`);

    const made: Ctx = { ...here, businessId: newId(), actor: { kind: "member", memberId, role: "owner" } };
    await insertOwnedBusiness(made, memberId, input);
    await recordAudit(made, "business.created", { entityId: made.businessId, mode: input.mode });
    return businessRepo(made).get();
  });
}
