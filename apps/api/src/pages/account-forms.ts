import { acceptInvitation, AcceptInvitationInput } from "@reminder-app/core/invitations/accept-invitation";
import { describeOffer } from "@reminder-app/core/invitations/describe-offer";
import type { SystemCtx } from "@reminder-app/core/ctx";
import { confirmEmail } from "@reminder-app/core/members/change-email";
import { requireMailedToken } from "@reminder-app/core/members/mailed-token";
import { ResetPasswordInput, resetPassword } from "@reminder-app/core/members/reset-password";
import { verifyEmail } from "@reminder-app/core/members/verify-email";
import type { Id } from "@reminder-app/platform/ids";
import { type Html, html } from "./page.ts";

export interface Shown {
  readonly title: string;
  readonly content: Html;
}

export interface Done extends Shown {
  /** A mail that was asked for on the way. */
  readonly mailId?: Id<"AccountMail">;
}

/** A form that came back. */
export interface Sent {
  readonly fields: Readonly<Record<string, unknown>>;
  readonly network: string;
}

/** What was sent before, and why it was refused. */
export interface Refused {
  readonly faults: Html;
  readonly fields: Readonly<Record<string, unknown>>;
}

/** What a link in a mail about an account opens: looking at it changes nothing, sending its form does. */
export interface AccountForm {
  /** Where it is: `/account/<name>/<token>`. */
  readonly name: string;
  /** The page with the form; what was refused is told on it. Throws `link_invalid`. */
  show(system: SystemCtx, token: string, refused?: Refused): Promise<Shown>;
  /** Throws `link_invalid`, or what is wrong with the fields. */
  act(system: SystemCtx, token: string, sent: Sent): Promise<Done>;
}

const verify: AccountForm = {
  name: "verify",
  async show(system, token) {
    await requireMailedToken(system, "verify_email", token);
    return { title: "Is this your e-mail address?", content: button("Yes, it is mine") };
  },
  async act(system, token) {
    await verifyEmail(system, { token });
    return { title: "Your address is confirmed", content: html`<p>Thank you. You can close this page.</p>` };
  },
};

const email: AccountForm = {
  name: "email",
  async show(system, token) {
    await requireMailedToken(system, "change_email", token);
    const content = html`<p>From then on you sign in with this address, and you are signed out everywhere.</p>
      ${button("Yes, use this address")}`;
    return { title: "Sign in with this address?", content };
  },
  async act(system, token) {
    const mailId = await confirmEmail(system, { token });
    const content = html`<p>Sign in with the new address from now on. The old one was told.</p>`;
    return { title: "Your address was changed", content, mailId };
  },
};

const reset: AccountForm = {
  name: "reset",
  async show(system, token, refused) {
    await requireMailedToken(system, "reset_password", token);
    const content = html`${refused?.faults}
      <form method="post">
        ${passwordField("New password")}
        <button type="submit">Set the password</button>
      </form>
      <p>You are signed out everywhere.</p>`;
    return { title: "Set a new password", content };
  },
  async act(system, token, { fields, network }) {
    const input = ResetPasswordInput.parse({ token, password: fields["password"] });
    const mailId = await resetPassword(system, { ...input, network });
    return { title: "Your password was set", content: html`<p>Sign in with it from now on.</p>`, mailId };
  },
};

const invitation: AccountForm = {
  name: "invitation",
  async show(system, token, refused) {
    const { businessName, role, email: address, hasAccount } = await describeOffer(system, token);
    const content = html`<p>You are invited to work with <b>${businessName}</b>, with the role ${role}.</p>
      <p>
        ${hasAccount ? "You join with the account that you have:" : "You will sign in with this address:"} ${address}
      </p>
      ${refused?.faults}
      <form method="post">
        ${hasAccount ? undefined : html`${nameField(refused)} ${passwordField("Password")}`}
        <button type="submit">Join ${businessName}</button>
      </form>`;
    return { title: "Join a business", content };
  },
  async act(system, token, { fields: { name, password } }) {
    const { businessName } = await describeOffer(system, token);
    await acceptInvitation(system, AcceptInvitationInput.parse({ token, name, password }));
    return { title: `You joined ${businessName}`, content: html`<p>Sign in with your address and your password.</p>` };
  },
};

export const accountForms: readonly AccountForm[] = [verify, email, reset, invitation];

function nameField(refused: Refused | undefined): Html {
  const name = refused?.fields["name"];
  return html`<label for="name">Your name</label>
    <input
      id="name"
      name="name"
      type="text"
      autocomplete="name"
      maxlength="200"
      value="${typeof name === "string" ? name : ""}"
      required
    />`;
}

function passwordField(label: string): Html {
  return html`<label for="password">${label}</label>
    <input id="password" name="password" type="password" autocomplete="new-password" aria-describedby="hint" required />
    <p class="hint" id="hint">
      At least 15 characters. A few words that do not belong together are easy to remember.
    </p>`;
}

function button(label: string): Html {
  return html`<form method="post"><button type="submit">${label}</button></form>`;
}
