import { type KeyHolder, checkApiKey } from "@reminder-app/core/api-keys/check-api-key";
import type { Ctx } from "@reminder-app/core/ctx";
import { type AccessClaims, type SessionHolder, checkSession } from "@reminder-app/core/members/check-session";
import type { BusinessMode } from "@reminder-app/db/schema/businesses";
import { SECOND_MS } from "@reminder-app/platform/clock";
import { sha256 } from "@reminder-app/platform/crypto";
import { AppError } from "@reminder-app/platform/errors";
import type { Id } from "@reminder-app/platform/ids";
import type { Request } from "express";
import type { Deps } from "./endpoint.ts";
import { createFreshCache } from "./fresh-cache.ts";

/** What was revoked is refused within a second by every process; a little is left for the look-up itself. */
const CHECKED_FOR_MS = 0.9 * SECOND_MS;
const KEY_PREFIX = "rk_";

export interface Caller {
  readonly ctx: Ctx;
  /** Of the business for which they act. */
  readonly mode: BusinessMode;
  /** Empty when an API key calls. */
  readonly sessionId: Id<"Session">;
  /** What the access token says; absent where nobody signed in. */
  readonly claims?: AccessClaims;
}

/** The access token's claims, for routes that are about the member themselves. Throws `forbidden` for anyone else. */
export function signedIn({ claims }: Pick<Caller, "claims">): AccessClaims {
  if (!claims) throw new AppError("forbidden", "Only a signed-in member can do this, for it is about themselves");
  return claims;
}

/** Who calls, by the bearer token or API key. Throws `unauthenticated` or what is wrong with it. */
export function createAuthenticate({ system, tokens }: Pick<Deps, "system" | "tokens">) {
  const sessions = createFreshCache<SessionHolder>(CHECKED_FOR_MS);
  const keys = createFreshCache<KeyHolder>(CHECKED_FOR_MS);

  async function byToken(token: string, requestId: string): Promise<Caller> {
    const claims = await tokens.verify(token);
    const { mode, ...holder } = await sessions(claims.tokenId, () => checkSession(system, claims));
    return { ctx: { ...system, ...holder, requestId }, mode, sessionId: claims.sessionId, claims };
  }

  async function byKey(key: string, requestId: string): Promise<Caller> {
    const { mode, ...holder } = await keys(sha256(key).toString("base64"), () => checkApiKey(system, key));
    return { ctx: { ...system, ...holder, requestId }, mode, sessionId: "" as Id<"Session"> };
  }

  return async (req: Request, requestId: string): Promise<Caller> => {
    const [scheme, credential] = (req.get("authorization") ?? "").split(" ");
    if (scheme?.toLowerCase() !== "bearer" || !credential) {
      throw new AppError("unauthenticated", "Send an access token or an API key: Authorization: Bearer …");
    }
    return credential.startsWith(KEY_PREFIX) ? byKey(credential, requestId) : byToken(credential, requestId);
  };
}
