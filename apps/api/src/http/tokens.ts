import { createSecretKey } from "node:crypto";
import type { SignedIn } from "@reminder-app/core/members/sign-in";
import type { AccessClaims } from "@reminder-app/core/members/check-session";
import type { Clock } from "@reminder-app/platform/clock";
import { type KeyRing, sha256 } from "@reminder-app/platform/crypto";
import { AppError } from "@reminder-app/platform/errors";
import { type Id, newId } from "@reminder-app/platform/ids";
import { type JWTHeaderParameters, SignJWT, errors, jwtVerify } from "jose";
import { z } from "zod";

export const ACCESS_SECONDS = 15 * 60;
const ALGORITHM = "HS256";
const SCHEME_VERSION = 1;
const CACHED = 10_000;
/** Anything else in a header asks for keys or rules that are not ours. */
const headerNames = new Set(["alg", "kid", "typ"]);

const claimsSchema = z.object({
  sub: z.uuid(),
  bid: z.uuid(),
  sid: z.uuid(),
  tv: z.int(),
  ver: z.literal(SCHEME_VERSION),
  exp: z.int(),
  jti: z.string(),
});

export interface TokenIssuer {
  issue(signedIn: Omit<SignedIn, "refreshToken" | "role">): Promise<string>;
  /** Throws `token_expired` or `token_invalid`. */
  verify(token: string): Promise<AccessClaims>;
}

/** Access tokens: JWTs signed with HS256 by the newest key, verified by the key that they name (RFC 8725). */
export function createTokens({ keys, issuer, now }: { keys: KeyRing; issuer: string; now: Clock }): TokenIssuer {
  const secrets = new Map([...keys].map(([id, key]) => [String(id), createSecretKey(key)]));
  const [newest] = secrets;
  if (!newest) throw new TypeError("A key ring needs at least one key");
  const [kid, signingKey] = newest;
  const verified = new Map<string, { claims: AccessClaims; exp: number }>();
  const audience = `${issuer}/v1`;

  async function check(token: string): Promise<{ claims: AccessClaims; exp: number }> {
    const { payload } = await jwtVerify(token, keyOf, {
      algorithms: [ALGORITHM],
      issuer,
      audience,
      requiredClaims: ["sub", "exp", "nbf", "iat", "jti"],
      currentDate: now(),
    });
    const { sub, bid, sid, tv, exp } = claimsSchema.parse(payload);
    const claims = {
      memberId: sub as Id<"Member">,
      businessId: bid as Id<"Business">,
      sessionId: sid as Id<"Session">,
      tokenVersion: tv,
    };
    return { claims, exp };
  }

  function keyOf(header: JWTHeaderParameters) {
    const key = header.kid === undefined ? undefined : secrets.get(header.kid);
    if (!Object.keys(header).every((name) => headerNames.has(name))) throw new errors.JWSInvalid("unknown header");
    if (!key) throw new errors.JWSInvalid("unknown kid");
    return key;
  }

  return {
    issue({ businessId, memberId, sessionId, tokenVersion }) {
      const at = Math.floor(now().getTime() / 1_000);
      return new SignJWT({ bid: businessId, sid: sessionId, tv: tokenVersion, ver: SCHEME_VERSION })
        .setProtectedHeader({ alg: ALGORITHM, kid })
        .setIssuer(issuer)
        .setAudience(audience)
        .setSubject(memberId)
        .setIssuedAt(at)
        .setNotBefore(at - 5)
        .setExpirationTime(at + ACCESS_SECONDS)
        .setJti(newId())
        .sign(signingKey);
    },

    async verify(token) {
      const cacheKey = sha256(token).toString("base64");
      const known = verified.get(cacheKey);
      if (known && known.exp * 1_000 > now().getTime()) return known.claims;
      verified.delete(cacheKey);
      const fresh = await check(token).catch(refuse);
      if (verified.size >= CACHED) verified.clear();
      verified.set(cacheKey, fresh);
      return fresh.claims;
    },
  };
}

function refuse(thrown: unknown): never {
  if (thrown instanceof errors.JWTExpired)
    throw new AppError("token_expired", "The access token has expired; renew it");
  throw new AppError("token_invalid", "The access token is not valid", { cause: thrown });
}
