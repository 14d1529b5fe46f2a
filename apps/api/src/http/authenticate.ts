import type { Ctx } from "@reminder-app/core/ctx";
import { type AccessClaims, checkSession } from "@reminder-app/core/members/check-session";
import type { Role } from "@reminder-app/db/schema/members";
import { SECOND_MS } from "@reminder-app/platform/clock";
import { AppError } from "@reminder-app/platform/errors";
import type { Id } from "@reminder-app/platform/ids";
import type { Request } from "express";
import type { Deps } from "./endpoint.ts";

/** A revoked session is refused after this at the latest. */
const SESSION_CACHE_MS = SECOND_MS;
const CACHED = 10_000;

export interface Caller {
  readonly ctx: Ctx;
  readonly sessionId: Id<"Session">;
}

/** Who calls, by the bearer token. Throws `unauthenticated` or what is wrong with the token. */
export function createAuthenticate({ system, tokens }: Pick<Deps, "system" | "tokens">) {
  const sessions = new Map<string, { role: Role; until: number }>();

  async function roleOf(claims: AccessClaims): Promise<Role> {
    const key = `${claims.sessionId}:${claims.tokenVersion}`;
    const known = sessions.get(key);
    if (known && known.until > performance.now()) return known.role;
    sessions.delete(key);
    const role = await checkSession(system, claims);
    if (sessions.size >= CACHED) sessions.clear();
    sessions.set(key, { role, until: performance.now() + SESSION_CACHE_MS });
    return role;
  }

  return async (req: Request, requestId: string): Promise<Caller> => {
    const [scheme, token] = (req.get("authorization") ?? "").split(" ");
    if (scheme?.toLowerCase() !== "bearer" || !token) {
      throw new AppError("unauthenticated", "Send an access token: Authorization: Bearer …");
    }
    const claims = await tokens.verify(token);
    const actor = { kind: "member" as const, memberId: claims.memberId, role: await roleOf(claims) };
    return { ctx: { ...system, businessId: claims.businessId, actor, requestId }, sessionId: claims.sessionId };
  };
}
