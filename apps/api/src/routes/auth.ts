import { refreshSession } from "@reminder-app/core/members/refresh-session";
import { RegisterInput, register } from "@reminder-app/core/members/register";
import { ReauthenticateInput, reauthenticate } from "@reminder-app/core/members/reauthenticate";
import { SignInInput, signIn } from "@reminder-app/core/members/sign-in";
import { signOut } from "@reminder-app/core/members/sign-out";
import { enqueueAccountMails } from "@reminder-app/queues/enqueue";
import { signOutEverywhere } from "@reminder-app/core/members/sign-out-everywhere";
import { SwitchBusinessInput, switchBusiness } from "@reminder-app/core/members/switch-business";
import { z } from "zod";
import { signedIn } from "../http/authenticate.ts";
import { endpoint } from "../http/endpoint.ts";
import { issueTokens } from "../http/issue-tokens.ts";
import { userAgentOf } from "../http/user-agent.ts";
import { instant, oauthTokensSchema, tokensSchema } from "../schemas.ts";

const tag = "Sign-in";

/** As RFC 6749 names them; what else a client library sends along is ignored, as it asks. */
const TokenInput = z.object({
  grant_type: z.literal("refresh_token", "must be refresh_token"),
  refresh_token: z.string("must be given").min(1).max(200),
});

export const authRoutes = [
  endpoint({
    method: "post",
    path: "/v1/auth/register",
    operationId: "register",
    summary: "Register a business with its owner",
    tag,
    access: "public",
    rate: "register",
    example: {
      businessName: "Harbour & Lane Accountants",
      timeZone: "Europe/London",
      name: "Dana Lane",
      email: "dana@harbour-lane.example",
      password: "correct horse battery",
    },
    body: RegisterInput,
    answer: { status: 202, schema: z.object({ message: z.string() }) },
    async handle({ deps, body }) {
      const mailId = await register(deps.system, body);
      return {
        body: { message: "A mail was sent to the address. If it was registered already, nothing was changed." },
        afterCommit: (producer) => enqueueAccountMails(producer, [mailId]),
      };
    },
  }),
  endpoint({
    method: "post",
    path: "/v1/auth/login",
    operationId: "login",
    summary: "Sign in with address and password",
    tag,
    access: "public",
    rate: "sign-in",
    body: SignInInput,
    example: { email: "dana@harbour-lane.example", password: "correct horse battery" },
    answer: { status: 200, schema: tokensSchema },
    async handle({ ctx, deps, body, req }) {
      return { body: await issueTokens(deps, await signIn(ctx, { ...body, userAgent: userAgentOf(req) })) };
    },
  }),
  endpoint({
    method: "post",
    path: "/v1/auth/token",
    operationId: "renewToken",
    summary: "Renew the access token (RFC 6749); the refresh token is replaced by a new one",
    tag,
    access: "public",
    rate: "renew",
    oauth: true,
    body: TokenInput,
    example: { grant_type: "refresh_token", refresh_token: "the one that signing in gave" },
    answer: { status: 200, schema: oauthTokensSchema },
    async handle({ ctx, deps, body, req }) {
      const renewal = { refreshToken: body.refresh_token, userAgent: userAgentOf(req) };
      const { accessToken, tokenType, expiresIn, refreshToken } = await issueTokens(
        deps,
        await refreshSession(ctx, renewal),
      );
      return {
        body: { access_token: accessToken, token_type: tokenType, expires_in: expiresIn, refresh_token: refreshToken },
      };
    },
  }),
  endpoint({
    method: "post",
    path: "/v1/auth/logout",
    operationId: "logout",
    summary: "End the session",
    tag,
    access: "viewer",
    scope: "members",
    answer: { status: 204 },
    async handle(call) {
      await signOut(call.ctx, signedIn(call));
      return {};
    },
  }),
  endpoint({
    method: "post",
    path: "/v1/auth/reauthenticate",
    operationId: "reauthenticate",
    summary: "Prove again who you are, before credentials are changed",
    tag,
    access: "viewer",
    scope: "members",
    rate: "proof",
    body: ReauthenticateInput,
    example: { password: "correct horse battery" },
    answer: { status: 200, schema: z.object({ recentUntil: instant }) },
    async handle(call) {
      return { body: { recentUntil: await reauthenticate(call.ctx, signedIn(call), call.body) } };
    },
  }),
  endpoint({
    method: "post",
    path: "/v1/auth/logout-everywhere",
    operationId: "logoutEverywhere",
    summary: "End all your sessions, in all your businesses",
    tag,
    access: "viewer",
    scope: "members",
    answer: { status: 204 },
    async handle(call) {
      await signOutEverywhere(call.ctx, signedIn(call));
      return {};
    },
  }),
  endpoint({
    method: "post",
    path: "/v1/auth/switch",
    operationId: "switchBusiness",
    summary: "Open a session for another of your businesses",
    tag,
    access: "viewer",
    scope: "members",
    body: SwitchBusinessInput,
    example: { businessId: "0198c5b2-7d3e-7a41-9c55-2f6f1c0f9b1d" },
    answer: { status: 200, schema: tokensSchema },
    async handle(call) {
      return { body: await issueTokens(call.deps, await switchBusiness(call.ctx, signedIn(call), call.body)) };
    },
  }),
];
