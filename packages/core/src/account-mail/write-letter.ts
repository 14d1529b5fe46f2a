import type { AccountMailKind } from "@reminder-app/db/schema/members";
import { AppError } from "@reminder-app/platform/errors";
import type { Id } from "@reminder-app/platform/ids";
import { businessRepo } from "../businesses/businesses.repo.ts";
import { type SystemCtx, actFor } from "../ctx.ts";
import { stateOf } from "../invitations/invitation.ts";
import { invitationRepo } from "../invitations/invitations.repo.ts";
import { issueMailedToken, newMailedToken } from "../members/mailed-token.ts";
import { memberEmailCell, memberEmailHashes } from "../members/member-email.ts";
import { memberRepo, signInRepo } from "../members/members.repo.ts";
import { linkUrl } from "../links/link-token.ts";
import { renewLink } from "../links/renew-link.ts";
import type { AccountMail } from "./account-mails.repo.ts";
import type { AccountChange } from "./ask-for-mail.ts";
import { clientLinkLetter } from "./client-link-letter.ts";
import {
  type Letter,
  alreadyRegisteredLetter,
  changeEmailLetter,
  changedLetter,
  invitationLetter,
  resetLetter,
  verifyLetter,
} from "./letters.ts";

interface Desk {
  readonly system: SystemCtx;
  readonly publicUrl: string;
}

interface Addressed extends Pick<AccountMail, "kind" | "subjectId" | "businessId"> {
  readonly email: string;
}

interface Written {
  readonly to: string;
  readonly letter: Letter;
}

type Writer = (desk: Desk, mail: Addressed) => Promise<Written | undefined>;

const writers: Readonly<Record<AccountMailKind, Writer>> = {
  async verify_email(desk, { email }) {
    const person = await personAt(desk, email);
    if (!person || person.isVerified) return undefined;
    const token = await issueMailedToken(desk.system, { memberId: person.id, purpose: "verify_email" });
    return { to: person.email, letter: verifyLetter(linkTo(desk, "verify", token)) };
  },

  async already_registered(desk, { email }) {
    const person = await personAt(desk, email);
    return person && { to: person.email, letter: alreadyRegisteredLetter() };
  },

  async reset_password(desk, { email }) {
    const person = await personAt(desk, email);
    if (!person) return undefined;
    const token = await issueMailedToken(desk.system, { memberId: person.id, purpose: "reset_password" });
    return { to: person.email, letter: resetLetter(linkTo(desk, "reset", token)) };
  },

  async change_email(desk, { email, subjectId }) {
    const taken = await personAt(desk, email);
    if (taken) return { to: taken.email, letter: alreadyRegisteredLetter() };
    const memberId = subjectId as Id<"Member">;
    const token = await issueMailedToken(desk.system, { memberId, purpose: "change_email", newEmail: email });
    return { to: email, letter: changeEmailLetter(linkTo(desk, "email", token)) };
  },

  invitation: writeInvitation,

  account_changed: async (_desk, { email, subjectId }) => ({
    to: email,
    letter: changedLetter(subjectId as AccountChange),
  }),

  client_link: writeClientLink,
};

/** What a mail says and to whom, with the link that is made for it now. Undefined when there is nobody to tell. */
export async function writeLetter(desk: Desk, mail: Addressed): Promise<Written | undefined> {
  return writers[mail.kind](desk, mail);
}

async function writeInvitation(desk: Desk, { email, subjectId, businessId }: Addressed): Promise<Written | undefined> {
  if (!businessId) throw new AppError("internal", "An invitation names its business");
  const ctx = actFor(desk.system, businessId, "account-mail");
  const invitation = await invitationRepo(ctx).find(subjectId as Id<"Invitation">);
  if (!invitation || stateOf(invitation, ctx.now()) !== "open") return undefined;
  const inviter = await memberRepo(ctx).findMembership(invitation.invitedBy);
  if (!inviter) return undefined;

  const { token, tokenHash } = newMailedToken();
  await invitationRepo(ctx).setTokenHash(invitation.id, tokenHash);
  const { name: businessName } = await businessRepo(ctx).get();
  const link = linkTo(desk, "invitation", token);
  const letter = invitationLetter({ link, businessName, inviterName: inviter.member.name, role: invitation.role });
  return { to: email, letter };
}

/** A new link to the page of a contact whose former one has expired. */
async function writeClientLink(desk: Desk, { email, subjectId, businessId }: Addressed): Promise<Written | undefined> {
  if (!businessId) throw new AppError("internal", "A link names its business");
  const ctx = actFor(desk.system, businessId, "account-mail");
  const renewed = await renewLink(ctx, subjectId as Id<"ClientLink">);
  if (!renewed) return undefined;
  const { token, business, locale } = renewed;
  return {
    to: email,
    letter: clientLinkLetter(linkUrl(desk.publicUrl, token), { businessName: business.name, locale }),
  };
}

/**
 * Who has an address, unless they may not sign in. Mail goes to the address as it is stored, never as somebody wrote
 * it: addresses that are found as equal need not reach the same mailbox.
 */
async function personAt({ system }: Desk, email: string) {
  const member = await signInRepo(system.db).findMemberByEmail(memberEmailHashes(system.vault, email));
  if (!member || member.disabledAt) return undefined;
  const { id, emailVerifiedAt } = member;
  return { id, email: system.vault.open(member.email, memberEmailCell(id)), isVerified: emailVerifiedAt !== null };
}

function linkTo({ publicUrl }: Desk, page: string, token: string): string {
  return `${publicUrl.replace(/\/$/, "")}/account/${page}/${token}`;
}
