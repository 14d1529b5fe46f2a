import type { Role } from "@reminder-app/db/schema/members";
import { sha256 } from "@reminder-app/platform/crypto";
import { AppError, type Issue, invalid } from "@reminder-app/platform/errors";
import { type Id, newId } from "@reminder-app/platform/ids";
import { z } from "zod";
import { recordAudit } from "../audit/record-audit.ts";
import { businessRepo } from "../businesses/businesses.repo.ts";
import { type Ctx, type SystemCtx, actFor, inTransaction, lesserRole } from "../ctx.ts";
import { passwordSchema, requireUnguessable } from "../members/credentials.ts";
import { MailedToken, linkInvalid } from "../members/mailed-token.ts";
import { isAddressTaken, memberEmailCell, memberEmailHashes, newAddressHash } from "../members/member-email.ts";
import { type Member, signInRepo } from "../members/members.repo.ts";
import { membershipRepo } from "../members/memberships.repo.ts";
import { hashPassword } from "../members/password.ts";
import { takeOverAccount } from "../members/take-over-account.ts";
import { line } from "../texts.ts";
import { invitationCell, stateOf } from "./invitation.ts";
import { type Invitation, findInvitationByToken, invitationRepo } from "./invitations.repo.ts";

export const AcceptInvitationInput = z.strictObject({
  token: MailedToken,
  name: line(200).optional().describe("For a person without an account"),
  password: passwordSchema.optional().describe("For a person without an account"),
});

/** An offer that its link still opens. */
export interface Offer {
  readonly ctx: Ctx;
  readonly invitation: Invitation;
  readonly email: string;
  /** Who has that address and has shown that it is theirs; they join with the account that they have. */
  readonly member: Member | undefined;
  /** Who registered that address without showing that it is theirs. */
  readonly claimant: Member | undefined;
}

/** What the link of an invitation is about, without accepting it. Throws `link_invalid`. */
export async function findOffer(system: SystemCtx, token: string): Promise<Offer> {
  const found = await findInvitationByToken(system.db, sha256(token));
  if (!found) throw linkInvalid();
  const ctx = actFor(system, found.businessId, "accept-invitation");
  const invitation = await invitationRepo(ctx).get(found.id);
  if (stateOf(invitation, ctx.now()) !== "open") throw linkInvalid();
  await requireStillGranted(ctx, invitation);

  const email = ctx.vault.open(invitation.email, invitationCell(invitation));
  const person = await signInRepo(ctx.db).findMemberByEmail(memberEmailHashes(ctx.vault, email));
  if (person?.disabledAt) throw linkInvalid();
  const isTheirs = person?.emailVerifiedAt !== null;
  return { ctx, invitation, email, member: isTheirs ? person : undefined, claimant: isTheirs ? undefined : person };
}

/** An invitation is worth what its sender may still give: nothing once they left, were disabled or lost their role. */
async function requireStillGranted(ctx: Ctx, { invitedBy, role }: Invitation): Promise<void> {
  const sender = await membershipRepo(ctx).find(invitedBy);
  const mayInvite = sender && !sender.disabledAt && lesserRole("admin", sender.role) === "admin";
  if (!mayInvite || lesserRole(role, sender.role) !== role) throw linkInvalid();
}

/**
 * Join a business by the link of an invitation. A person with an account joins with it and gives nothing else; another
 * gives a name and a password, and their address counts as verified. Throws `link_invalid`.
 */
export async function acceptInvitation(
  system: SystemCtx,
  { token, name, password }: z.output<typeof AcceptInvitationInput>,
): Promise<{ businessId: Id<"Business">; role: Role }> {
  const offer = await findOffer(system, token);
  const { member, claimant } = offer;
  if (member) {
    if (name !== undefined || password !== undefined) throw hasAccount();
    return join(offer, token, async () => member.id);
  }
  const { name: newName, password: newPassword } = requirePerson(name, password);
  const { name: businessName } = await businessRepo(offer.ctx).get();
  requireUnguessable(newPassword, { email: offer.email, names: [newName, businessName] });
  const passwordHash = await hashPassword(newPassword);
  const person = { name: newName, passwordHash };
  return join(offer, token, (tx) =>
    claimant ? takeOverAccount(tx, claimant.id, person) : insertPerson(tx, offer.email, person),
  ).catch((thrown: unknown) => {
    throw isAddressTaken(thrown) ? hasAccount() : thrown;
  });
}

function join(
  { ctx, invitation }: Offer,
  token: string,
  findPerson: (tx: Ctx) => Promise<Id<"Member">>,
): Promise<{ businessId: Id<"Business">; role: Role }> {
  return inTransaction(ctx, async (tx) => {
    if (!(await invitationRepo(tx).accept(invitation.id, sha256(token), tx.now()))) throw linkInvalid();
    const memberId = await findPerson(tx);
    const { role, limitedToClients } = invitation;
    await membershipRepo(tx).insertOnce({ memberId, role, limitedToClients, createdAt: tx.now() });
    const actor = { kind: "member" as const, memberId, role };
    await recordAudit({ ...tx, actor }, "member.joined", { entityId: memberId, role, invitationId: invitation.id });
    return { businessId: tx.businessId, role };
  });
}

async function insertPerson(
  tx: Ctx,
  email: string,
  person: { readonly name: string; readonly passwordHash: string },
): Promise<Id<"Member">> {
  const id = newId<"Member">();
  const now = tx.now();
  await signInRepo(tx.db).insertMember({
    ...person,
    id,
    email: tx.vault.seal(email, memberEmailCell(id)),
    emailHash: await newAddressHash(tx, email),
    emailVerifiedAt: now,
    tokenVersion: 1,
    createdAt: now,
  });
  return id;
}

function requirePerson(name: string | undefined, password: string | undefined): { name: string; password: string } {
  if (name !== undefined && password !== undefined) return { name, password };
  const issues: Issue[] = [];
  if (name === undefined) issues.push({ field: "name", message: "must be given, for the address has no account yet" });
  if (password === undefined)
    issues.push({ field: "password", message: "must be given, for the address has no account yet" });
  throw new AppError("validation_failed", "A person without an account gives a name and a password", { issues });
}

function hasAccount(): AppError {
  return invalid("password", "You have an account already: leave name and password out, and sign in with yours");
}
