import { sealedColumns } from "@reminder-app/db/sealed-columns";
import type { Role } from "@reminder-app/db/schema/members";
import type { CellAddress } from "@reminder-app/platform/crypto";
import { invalid } from "@reminder-app/platform/errors";
import type { Ctx } from "../ctx.ts";
import type { Invitation } from "./invitations.repo.ts";

export type InvitationState = "open" | "accepted" | "revoked" | "expired";

export interface InvitationView extends Omit<Invitation, "businessId" | "email" | "emailHash" | "tokenHash"> {
  readonly email: string;
  readonly state: InvitationState;
}

/** An invitation as the business sees it. */
export function viewInvitation(ctx: Ctx, invitation: Invitation): InvitationView {
  const { email, emailHash: _hash, tokenHash: _token, businessId: _business, ...rest } = invitation;
  return {
    ...rest,
    email: ctx.vault.open(email, invitationCell(invitation)),
    state: stateOf(invitation, ctx.now()),
  };
}

export function stateOf({ acceptedAt, revokedAt, expiresAt }: Invitation, now: Date): InvitationState {
  if (acceptedAt) return "accepted";
  if (revokedAt) return "revoked";
  return expiresAt > now ? "open" : "expired";
}

/** Where the address of an invitation is kept. */
export function invitationCell(invitation: Pick<Invitation, "businessId" | "id">): CellAddress {
  return sealedColumns.invitationEmail.cell(invitation);
}

/** Throws unless only staff are limited to some clients: the other roles reach all of them. */
export function requireLimitable(role: Role, limitedToClients: boolean): void {
  if (limitedToClients && role !== "staff")
    throw invalid("limitedToClients", `Only staff can be limited to some clients; the role is ${role}`);
}
