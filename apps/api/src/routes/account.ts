import {
  ChangeEmailInput,
  ConfirmEmailInput,
  changeEmail,
  confirmEmail,
} from "@reminder-app/core/members/change-email";
import {
  ForgotPasswordInput,
  ResetPasswordInput,
  forgotPassword,
  resetPassword,
} from "@reminder-app/core/members/reset-password";
import { VerifyEmailInput, askToVerify, verifyEmail } from "@reminder-app/core/members/verify-email";
import type { Id } from "@reminder-app/platform/ids";
import { enqueueAccountMails } from "@reminder-app/queues/enqueue";
import { type Reply, endpoint } from "../http/endpoint.ts";
import { networkOf } from "../http/network.ts";
import { noticeSchema } from "../schemas/members.ts";

const tag = "Account";
const token = "the-43-characters-at-the-end-of-the-link-xx";

export const accountRoutes = [
  endpoint({
    method: "post",
    path: "/v1/auth/verify-email",
    operationId: "verifyEmail",
    summary: "Show that an address is one's own, by the link that was mailed to it",
    tag,
    access: "public",
    rate: "mail",
    body: VerifyEmailInput,
    example: { token },
    answer: { status: 204 },
    async handle({ deps, body }) {
      await verifyEmail(deps.system, body);
      return {};
    },
  }),
  endpoint({
    method: "post",
    path: "/v1/me/verify-email",
    operationId: "askToVerifyEmail",
    summary: "Ask again for the mail that verifies one's address",
    tag,
    access: "viewer",
    scope: "members",
    rate: "mail",
    idempotent: true,
    answer: { status: 202, schema: noticeSchema },
    handle: async ({ ctx }) => mailed(await askToVerify(ctx), "Look into your mailbox, and open the link"),
  }),
  endpoint({
    method: "post",
    path: "/v1/auth/forgot-password",
    operationId: "forgotPassword",
    summary: "Ask for a link that sets a new password",
    tag,
    access: "public",
    rate: "mail",
    body: ForgotPasswordInput,
    example: { email: "dana@harbour-lane.example" },
    answer: { status: 202, schema: noticeSchema },
    handle: async ({ deps, body }) =>
      mailed(await forgotPassword(deps.system, body), "If the address has an account, a link was mailed to it"),
  }),
  endpoint({
    method: "post",
    path: "/v1/auth/reset-password",
    operationId: "resetPassword",
    summary: "Set a new password by the link that was mailed; it ends all sessions",
    tag,
    access: "public",
    rate: "mail",
    body: ResetPasswordInput,
    example: { token, password: "battery staple horse" },
    answer: { status: 200, schema: noticeSchema },
    handle: async ({ deps, body, req }) =>
      mailed(
        await resetPassword(deps.system, { ...body, network: networkOf(req) }),
        "Sign in with the new password; all sessions were ended",
      ),
  }),
  endpoint({
    method: "post",
    path: "/v1/me/email",
    operationId: "changeEmail",
    summary: "Ask to sign in with another address; a link is mailed to it",
    tag,
    access: "viewer",
    scope: "members",
    recent: true,
    rate: "mail",
    body: ChangeEmailInput,
    example: { email: "dana.lane@harbour-lane.example" },
    answer: { status: 202, schema: noticeSchema },
    handle: async ({ ctx, body }) =>
      mailed(await changeEmail(ctx, body), "Look into the mailbox of the new address, and open the link"),
  }),
  endpoint({
    method: "post",
    path: "/v1/auth/confirm-email",
    operationId: "confirmEmail",
    summary: "Sign in with the new address from now on, by the link that was mailed to it; it ends all sessions",
    tag,
    access: "public",
    rate: "mail",
    body: ConfirmEmailInput,
    example: { token },
    answer: { status: 200, schema: noticeSchema },
    handle: async ({ deps, body }) =>
      mailed(await confirmEmail(deps.system, body), "Sign in with the new address; all sessions were ended"),
  }),
];

function mailed(mailId: Id<"AccountMail">, message: string): Reply {
  return { body: { message }, afterCommit: (producer) => enqueueAccountMails(producer, [mailId]) };
}
