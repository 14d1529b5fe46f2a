import { AppError } from "@reminder-app/platform/errors";
import type { Ctx } from "../ctx.ts";
import { type Member, memberRepo } from "./members.repo.ts";

/**
 * The acting member. Throws `address_unverified` unless they have shown that their address is theirs, and `forbidden`
 * when it is no member that acts.
 */
export async function requireVerified(ctx: Ctx): Promise<Member> {
  const { actor } = ctx;
  const membership = actor.kind === "member" ? await memberRepo(ctx).findMembership(actor.memberId) : undefined;
  if (!membership) throw new AppError("forbidden", "Only a signed-in member of the business can do this");
  if (membership.member.emailVerifiedAt) return membership.member;
  throw new AppError(
    "address_unverified",
    "Confirm your e-mail address first: open the link that was mailed to you, or ask for a new one at POST /v1/me/verify-email",
  );
}
