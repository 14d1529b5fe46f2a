import { getMe } from "@reminder-app/core/members/get-me";
import { refreshSession } from "@reminder-app/core/members/refresh-session";
import { RegisterInput, register } from "@reminder-app/core/members/register";
import { SignInInput, type SignedIn, signIn } from "@reminder-app/core/members/sign-in";
import { signOut } from "@reminder-app/core/members/sign-out";
import { z } from "zod";
import { type Deps, type Reply, endpoint } from "../http/endpoint.ts";
import { ACCESS_SECONDS } from "../http/tokens.ts";
import { meSchema, tokensSchema } from "../schemas.ts";

const tag = "Sign-in";
const RefreshInput = z.strictObject({ refreshToken: z.string().min(1).max(200) });

export const authRoutes = [
  endpoint({
    method: "post",
    path: "/v1/auth/register",
    operationId: "register",
    summary: "Register a business with its owner",
    tag,
    access: "public",
    rate: "sign-in",
    body: RegisterInput,
    answer: { status: 202, schema: z.object({ message: z.string() }) },
    async handle({ deps, body }) {
      await register(deps.system, body);
      return { body: { message: "You can sign in now. If the address was registered already, nothing was changed." } };
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
    answer: { status: 200, schema: tokensSchema },
    handle: async ({ deps, body }) => tokenReply(deps, await signIn(deps.system, body)),
  }),
  endpoint({
    method: "post",
    path: "/v1/auth/refresh",
    operationId: "refresh",
    summary: "Renew the access token; the refresh token is replaced by a new one",
    tag,
    access: "public",
    rate: "sign-in",
    body: RefreshInput,
    answer: { status: 200, schema: tokensSchema },
    handle: async ({ deps, body }) => tokenReply(deps, await refreshSession(deps.system, body.refreshToken)),
  }),
  endpoint({
    method: "post",
    path: "/v1/auth/logout",
    operationId: "logout",
    summary: "End the session",
    tag,
    access: "viewer",
    answer: { status: 204 },
    async handle({ ctx, sessionId }) {
      await signOut(ctx, sessionId);
      return {};
    },
  }),
  endpoint({
    method: "get",
    path: "/v1/me",
    operationId: "getMe",
    summary: "Who is signed in",
    tag,
    access: "viewer",
    answer: { status: 200, schema: meSchema },
    handle: async ({ ctx }) => ({ body: await getMe(ctx) }),
  }),
];

async function tokenReply({ tokens }: Deps, signedIn: SignedIn): Promise<Reply> {
  return {
    headers: { "Cache-Control": "no-store" },
    body: {
      accessToken: await tokens.issue(signedIn),
      tokenType: "Bearer",
      expiresIn: ACCESS_SECONDS,
      refreshToken: signedIn.refreshToken,
    },
  };
}
