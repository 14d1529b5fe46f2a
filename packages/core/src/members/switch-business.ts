import { NotFoundError } from "@reminder-app/platform/errors";
import type { Id } from "@reminder-app/platform/ids";
import { z } from "zod";
import { recordAudit } from "../audit/record-audit.ts";
import { type Ctx, inTransaction } from "../ctx.ts";
import type { AccessClaims } from "./check-session.ts";
import { lockCaller } from "./lock-caller.ts";
import { isAllowedIn, memberRepo } from "./members.repo.ts";
import { type SignedIn, continuing, openSession } from "./open-session.ts";

export const SwitchBusinessInput = z.strictObject({ businessId: z.uuid() });

/**
 * Open a session for another business of the caller, which lasts no longer than the one that it goes on from. Throws
 * `not_found` when they may not act for it, as when there is no such business.
 */
export async function switchBusiness(
  ctx: Ctx,
  caller: AccessClaims,
  input: z.output<typeof SwitchBusinessInput>,
): Promise<SignedIn> {
  const businessId = input.businessId.toLowerCase() as Id<"Business">;
  return inTransaction(ctx, async (here) => {
    const { session } = await lockCaller(here, caller);
    const membership = await memberRepo({ ...here, businessId }).findMembership(caller.memberId);
    if (!isAllowedIn(membership)) throw new NotFoundError("Business", businessId);

    const { role } = membership;
    const there: Ctx = { ...here, businessId, actor: { kind: "member", memberId: caller.memberId, role } };
    const signedIn = await openSession(there, {
      ...continuing(session),
      role,
      tokenVersion: caller.tokenVersion,
    });
    await recordAudit(there, "member.switched", { entityId: caller.memberId });
    return signedIn;
  });
}
