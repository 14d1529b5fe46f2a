import type { Role } from "@reminder-app/db/schema/members";
import { AppError } from "@reminder-app/platform/errors";
import type { Id } from "@reminder-app/platform/ids";
import type { Ctx } from "../ctx.ts";
import { memberEmailCell } from "./member-email.ts";
import { memberRepo, signInRepo } from "./members.repo.ts";
import { secondFactorRepo } from "./second-factor.repo.ts";

export interface Me {
  readonly id: Id<"Member">;
  readonly name: string;
  readonly email: string;
  readonly emailVerified: boolean;
  readonly role: Role;
  readonly businessId: Id<"Business">;
  /** Since when signing in needs a code as well; null when it does not. */
  readonly secondFactor: { readonly since: Date; readonly recoveryCodesLeft: number } | null;
  readonly businesses: readonly { readonly id: Id<"Business">; readonly name: string; readonly role: Role }[];
}

/** The signed-in member, and the businesses that they may act for. */
export async function getMe(ctx: Ctx): Promise<Me> {
  if (ctx.actor.kind !== "member") throw new AppError("forbidden", "Only a signed-in member can ask who they are");
  const membership = await memberRepo(ctx).findMembership(ctx.actor.memberId);
  // A check of a session is remembered for a second, in which the member can be removed.
  if (!membership) throw new AppError("token_revoked", "You were removed from this business; sign in again");
  const { member, role } = membership;
  return {
    id: member.id,
    name: member.name,
    email: ctx.vault.open(member.email, memberEmailCell(member.id)),
    emailVerified: member.emailVerifiedAt !== null,
    role,
    businessId: ctx.businessId,
    secondFactor: member.totpConfirmedAt && {
      since: member.totpConfirmedAt,
      recoveryCodesLeft: await secondFactorRepo(ctx.db, member.id).unusedRecoveryCodes(),
    },
    businesses: await signInRepo(ctx.db).businessesOf(member.id),
  };
}
