import type { AccountMailKind } from "@reminder-app/db/schema/members";
import { AppError } from "@reminder-app/platform/errors";
import type { Id } from "@reminder-app/platform/ids";
import { businessRepo } from "../businesses/businesses.repo.ts";
import { type SystemCtx, actFor } from "../ctx.ts";
import { stateOf } from "../invitations/invitation.ts";
import { invitationRepo } from "../invitations/invitations.repo.ts";
import { emailLookup } from "../members/credentials.ts";
import { issueMailedToken, newMailedToken } from "../members/mailed-token.ts";
import { type Member, memberRepo, signInRepo } from "../members/members.repo.ts";
import type { AccountMail } from "./account-mails.repo.ts";
import type { AccountChange } from "./ask-for-mail.ts";
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

type Writer = (desk: Desk, mail: Addressed) => Promise<Letter | undefined>;

const writers: Readonly<Record<AccountMailKind, Writer>> = {
  async verify_email(desk, { email }) {
    const member = await memberAt(desk, email);
    if (!member || member.emailVerifiedAt) return undefined;
    const token = await issueMailedToken(desk.system, { memberId: member.id, purpose: "verify_email" });
    return verifyLetter(linkTo(desk, "verify", token));
  },

  async already_registered(desk, { email }) {
    return (await memberAt(desk, email)) && alreadyRegisteredLetter();
  },

  async reset_password(desk, { email }) {
    const member = await memberAt(desk, email);
    if (!member) return undefined;
    const token = await issueMailedToken(desk.system, { memberId: member.id, purpose: "reset_password" });
    return resetLetter(linkTo(desk, "reset", token));
  },

  async change_email(desk, { email, subjectId }) {
    if (await memberAt(desk, email)) return alreadyRegisteredLetter();
    const memberId = subjectId as Id<"Member">;
    const token = await issueMailedToken(desk.system, { memberId, purpose: "change_email", newEmail: email });
    return changeEmailLetter(linkTo(desk, "email", token));
  },

  invitation: writeInvitation,

  account_changed: async (_desk, { subjectId }) => changedLetter(subjectId as AccountChange),
};

/** What a mail says, with the link that is made for it now. Undefined when there is nobody to tell. */
export async function writeLetter(desk: Desk, mail: Addressed): Promise<Letter | undefined> {
  return writers[mail.kind](desk, mail);
}

async function writeInvitation(desk: Desk, { subjectId, businessId }: Addressed): Promise<Letter | undefined> {
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
  return invitationLetter({ link, businessName, inviterName: inviter.member.name, role: invitation.role });
}

/** Whom mail about an account may go to: nobody who may not sign in. */
async function memberAt({ system }: Desk, email: string): Promise<Member | undefined> {
  const emailHash = system.vault.lookup("member-email", emailLookup(email));
  const member = await signInRepo(system.db).findMemberByEmail(emailHash);
  return member?.disabledAt ? undefined : member;
}

function linkTo({ publicUrl }: Desk, page: string, token: string): string {
  return `${publicUrl.replace(/\/$/, "")}/account/${page}/${token}`;
}
