import type { Id } from "@reminder-app/platform/ids";
import type { z } from "zod";
import { type Ctx, requireRole } from "../ctx.ts";
import { type Page, type PageQuery, toPage } from "../page.ts";
import { memberEmailCell } from "./member-email.ts";
import { type Place, membershipRepo } from "./memberships.repo.ts";

/** A member as their business sees them. */
export interface MemberView extends Omit<Place, "email" | "emailVerifiedAt"> {
  readonly email: string;
  readonly emailVerified: boolean;
}

export function viewMember(ctx: Ctx, { email, emailVerifiedAt, ...place }: Place): MemberView {
  return { ...place, email: ctx.vault.open(email, memberEmailCell(place.id)), emailVerified: emailVerifiedAt !== null };
}

/** A page of who belongs to the business, those who registered first before the others. */
export async function pageMembers(ctx: Ctx, { limit, cursor }: z.output<typeof PageQuery>): Promise<Page<MemberView>> {
  requireRole(ctx, "admin", "see the members");
  const rows = await membershipRepo(ctx).page({ limit, cursor: cursor as Id<"Member"> | undefined });
  return toPage(
    rows.map((row) => viewMember(ctx, row)),
    limit,
  );
}
