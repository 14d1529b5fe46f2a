import type { Role } from "@reminder-app/db/schema/members";
import { markLink, plainText } from "../templates/merged-text.ts";
import type { AccountChange } from "./ask-for-mail.ts";

/** What a mail about an account says; the link in its text is marked. */
export interface Letter {
  readonly subject: string;
  readonly text: string;
  /** Who writes, and in which language; the app itself in English when left out. */
  readonly from?: { readonly name: string; readonly locale: string };
}

const NOT_YOU = "If it was not you, you need do nothing: without the link nothing happens.";

export function verifyLetter(link: string): Letter {
  return {
    subject: "Confirm your e-mail address",
    text: `This address was given to Reminder App for an account. Open this page to confirm that it is yours:

${markLink(link)}

The link works once, within an hour. ${NOT_YOU}`,
  };
}

export function alreadyRegisteredLetter(): Letter {
  return {
    subject: "You have an account already",
    text: `Somebody wanted to use this address for a Reminder App account, but it has one already. Nothing was changed.

If it was you: sign in with your password, or have a new one set if you forgot it. If it was not you, you need do nothing.`,
  };
}

export function resetLetter(link: string): Letter {
  return {
    subject: "Set a new password",
    text: `Somebody asked to set a new password for the Reminder App account of this address. Open this page to do it:

${markLink(link)}

The link works once, within an hour. Setting a new password signs you out everywhere. ${NOT_YOU}`,
  };
}

export function changeEmailLetter(link: string): Letter {
  return {
    subject: "Confirm your new e-mail address",
    text: `This address was given as the new one of a Reminder App account. Open this page to confirm that it is yours:

${markLink(link)}

The link works once, within an hour. ${NOT_YOU}`,
  };
}

export interface Invited {
  readonly link: string;
  readonly businessName: string;
  readonly inviterName: string;
  readonly role: Role;
}

export function invitationLetter({ link, businessName, inviterName, role }: Invited): Letter {
  const business = unlinked(businessName);
  return {
    subject: `Invitation to ${business}`,
    text: `${unlinked(inviterName)} invites you to work with ${business} in Reminder App, with the role ${role}. Open this page to accept:

${markLink(link)}

The link works once, within seven days. If you do not know them, you need do nothing.`,
  };
}

const changes: Readonly<Record<AccountChange, string>> = {
  password: "The password of your Reminder App account was changed, and you were signed out everywhere else.",
  email: "The address of your Reminder App account was changed. This address does not sign in any more.",
  second_factor_on: "Signing in to your Reminder App account asks for a second factor from now on.",
  second_factor_off: "Signing in to your Reminder App account does not ask for a second factor any more.",
  recovery_codes: "New recovery codes were made for your Reminder App account. The former ones do not work any more.",
};

export function changedLetter(change: AccountChange): Letter {
  return {
    subject: "Your account was changed",
    text: `${changes[change]}

If it was not you, have a new password set at once, and tell those you work with.`,
  };
}

/** A name that strangers chose must not become a link in a mail of ours, not even where a mail program looks for some. */
function unlinked(name: string): string {
  return plainText(name).replaceAll(/:\/\/|mailto:|tel:/gi, " ");
}
