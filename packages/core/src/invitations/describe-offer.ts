import type { Role } from "@reminder-app/db/schema/members";
import { businessRepo } from "../businesses/businesses.repo.ts";
import type { SystemCtx } from "../ctx.ts";
import { findOffer } from "./accept-invitation.ts";

export interface OfferView {
  readonly businessName: string;
  readonly role: Role;
  readonly email: string;
  /** Whether the address has an account, so that neither name nor password are asked for. */
  readonly hasAccount: boolean;
}

/** What somebody sees who opened the link of an invitation. Throws `link_invalid`. */
export async function describeOffer(system: SystemCtx, token: string): Promise<OfferView> {
  const { ctx, invitation, email, member } = await findOffer(system, token);
  const { name: businessName } = await businessRepo(ctx).get();
  return { businessName, role: invitation.role, email, hasAccount: member !== undefined };
}
