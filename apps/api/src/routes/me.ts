import { addSecondFactor } from "@reminder-app/core/members/add-second-factor";
import { ChangePasswordInput, changePassword } from "@reminder-app/core/members/change-password";
import { ConfirmSecondFactorInput, confirmSecondFactor } from "@reminder-app/core/members/confirm-second-factor";
import { endSession } from "@reminder-app/core/members/end-session";
import { getMe } from "@reminder-app/core/members/get-me";
import { pageSessions } from "@reminder-app/core/members/page-sessions";
import { RemoveSecondFactorInput, removeSecondFactor } from "@reminder-app/core/members/remove-second-factor";
import { renewRecoveryCodes } from "@reminder-app/core/members/renew-recovery-codes";
import { PageQuery } from "@reminder-app/core/page";
import type { Id } from "@reminder-app/platform/ids";
import type { Producer } from "@reminder-app/queues/producer";
import { enqueueAccountMails } from "@reminder-app/queues/enqueue";
import { signedIn } from "../http/authenticate.ts";
import { endpoint } from "../http/endpoint.ts";
import { issueTokens } from "../http/issue-tokens.ts";
import { meSchema, pageOf, tokensSchema } from "../schemas.ts";
import { newSecondFactorSchema, recoveryCodesSchema, sessionSchema } from "../schemas/account.ts";

const tag = "Account";

/** What members do about themselves; no API key may. */
export const meRoutes = [
  endpoint({
    method: "get",
    path: "/v1/me",
    operationId: "getMe",
    summary: "Who is signed in",
    tag,
    access: "viewer",
    scope: "members",
    answer: { status: 200, schema: meSchema },
    handle: async ({ ctx }) => ({ body: await getMe(ctx) }),
  }),
  endpoint({
    method: "get",
    path: "/v1/me/sessions",
    operationId: "listSessions",
    summary: "Where you are signed in to this business",
    tag,
    access: "viewer",
    scope: "members",
    query: PageQuery,
    answer: { status: 200, schema: pageOf(sessionSchema) },
    handle: async (call) => ({ body: await pageSessions(call.ctx, signedIn(call), call.query) }),
  }),
  endpoint({
    method: "delete",
    path: "/v1/me/sessions/:sessionId",
    operationId: "endSession",
    summary: "End one of your sessions",
    tag,
    access: "viewer",
    scope: "members",
    answer: { status: 204 },
    async handle(call) {
      await endSession(call.ctx, signedIn(call), call.params["sessionId"] as Id<"Session">);
      return {};
    },
  }),
  endpoint({
    method: "post",
    path: "/v1/me/password",
    operationId: "changePassword",
    summary: "Change your password; all other sessions end",
    tag,
    access: "viewer",
    scope: "members",
    recent: true,
    body: ChangePasswordInput,
    example: { password: "staple the correct horse" },
    answer: { status: 200, schema: tokensSchema },
    async handle(call) {
      const { signedIn: now, mailId } = await changePassword(call.ctx, signedIn(call), call.body);
      return { body: await issueTokens(call.deps, now), afterCommit: toldBy(mailId) };
    },
  }),
  endpoint({
    method: "post",
    path: "/v1/me/second-factor",
    operationId: "addSecondFactor",
    summary: "Get a secret for an authenticator; it is asked for once it is confirmed",
    tag,
    access: "viewer",
    scope: "members",
    recent: true,
    answer: { status: 201, schema: newSecondFactorSchema },
    handle: async (call) => ({ body: await addSecondFactor(call.ctx, signedIn(call)) }),
  }),
  endpoint({
    method: "post",
    path: "/v1/me/second-factor/confirm",
    operationId: "confirmSecondFactor",
    summary: "Confirm the authenticator with a code, and get recovery codes",
    tag,
    access: "viewer",
    scope: "members",
    rate: "proof",
    body: ConfirmSecondFactorInput,
    example: { code: "123456" },
    answer: { status: 200, schema: recoveryCodesSchema },
    async handle(call) {
      const { recoveryCodes, mailId } = await confirmSecondFactor(call.ctx, signedIn(call), call.body);
      return { body: { recoveryCodes }, afterCommit: toldBy(mailId) };
    },
  }),
  endpoint({
    method: "post",
    path: "/v1/me/second-factor/recovery-codes",
    operationId: "renewRecoveryCodes",
    summary: "Get new recovery codes; the former ones serve no more",
    tag,
    access: "viewer",
    scope: "members",
    recent: true,
    answer: { status: 200, schema: recoveryCodesSchema },
    async handle(call) {
      const { recoveryCodes, mailId } = await renewRecoveryCodes(call.ctx, signedIn(call));
      return { body: { recoveryCodes }, afterCommit: toldBy(mailId) };
    },
  }),
  endpoint({
    method: "delete",
    path: "/v1/me/second-factor",
    operationId: "removeSecondFactor",
    summary: "Sign in without a second factor from now on",
    tag,
    access: "viewer",
    scope: "members",
    recent: true,
    rate: "proof",
    body: RemoveSecondFactorInput,
    example: { password: "correct horse battery", code: "123456" },
    answer: { status: 204 },
    async handle(call) {
      const mailId = await removeSecondFactor(call.ctx, signedIn(call), call.body);
      return { afterCommit: toldBy(mailId) };
    },
  }),
];

/** The mail that tells a member what changed, on its way. */
function toldBy(mailId: Id<"AccountMail">) {
  return (producer: Producer) => enqueueAccountMails(producer, [mailId]);
}
