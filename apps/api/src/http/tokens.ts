import { type KeyObject, createSecretKey } from "node:crypto";
import type { AccessClaims } from "@reminder-app/core/members/check-session";
import type { SignedIn } from "@reminder-app/core/members/open-session";
import type { Clock } from "@reminder-app/platform/clock";
import { type KeyRing, sha256 } from "@reminder-app/platform/crypto";
import { AppError } from "@reminder-app/platform/errors";
import { type Id, newId } from "@reminder-app/platform/ids";
import { type JWTHeaderParameters, type JWTVerifyResult, SignJWT, errors, jwtVerify } from "jose";
import { z } from "zod";

export const ACCESS_SECONDS = 15 * 60;
/** How far the clocks of two processes may be apart. */
const SKEW_SECONDS = 5;
const ALGORITHM = "HS256";
/** RFC 9068's name for the media type, so that no other JWT of ours passes as an access token. */
const TYPE = "at+jwt";
const CACHED = 10_000;
/** Anything else in a header asks for keys or rules that are not ours. */
const headerNames = new Set(["alg", "kid", "typ"]);

const claimsOfBoth = {
  sub: z.uuid(),
  bid: z.uuid(),
  sid: z.uuid(),
  tv: z.int(),
  iat: z.int(),
  exp: z.int(),
  jti: z.uuid(),
};
/** Scheme 2 says how the member signed in (`amr`, RFC 8176); scheme 1 did not, and had no type in its header. */
const claimsSchema = z.discriminatedUnion("ver", [
  z.object({ ...claimsOfBoth, ver: z.literal(1) }),
  z.object({ ...claimsOfBoth, ver: z.literal(2), amr: z.array(z.string()).min(1) }),
]);

export interface TokenIssuer {
  issue(signedIn: Omit<SignedIn, "refreshToken" | "role">): Promise<string>;
  /** Throws `token_expired` or `token_invalid`. */
  verify(token: string): Promise<AccessClaims>;
}

export interface TokenOptions {
  readonly keys: KeyRing;
  readonly issuer: string;
  readonly now: Clock;
  /** Until when tokens of scheme 1 are accepted; not at all when left out. */
  readonly oldTokensUntil?: Date | undefined;
}

/** Access tokens: JWTs signed with HS256 by the newest key, verified by the key that they name (RFC 8725). */
export function createTokens({ keys, issuer, now, oldTokensUntil = new Date(0) }: TokenOptions): TokenIssuer {
  const secrets = new Map([...keys].map(([id, key]) => [String(id), createSecretKey(key)]));
  const [newest] = secrets;
  if (!newest) throw new TypeError("A key ring needs at least one key");
  const [kid, signingKey] = newest;
  const verified = new Map<string, { claims: AccessClaims; until: Date }>();
  const audience = `${issuer}/v1`;

  function check(token: string): Promise<JWTVerifyResult> {
    return jwtVerify(token, (header) => keyOf(header, secrets), {
      algorithms: [ALGORITHM],
      issuer,
      audience,
      requiredClaims: ["sub", "exp", "nbf", "iat", "jti"],
      currentDate: now(),
    });
  }

  return {
    issue({ businessId, memberId, sessionId, tokenVersion, amr }) {
      const at = Math.floor(now().getTime() / 1_000);
      return new SignJWT({ bid: businessId, sid: sessionId, tv: tokenVersion, ver: 2, amr })
        .setProtectedHeader({ alg: ALGORITHM, typ: TYPE, kid })
        .setIssuer(issuer)
        .setAudience(audience)
        .setSubject(memberId)
        .setIssuedAt(at)
        .setNotBefore(at - SKEW_SECONDS)
        .setExpirationTime(at + ACCESS_SECONDS)
        .setJti(newId())
        .sign(signingKey);
    },

    async verify(token) {
      const cacheKey = sha256(token).toString("base64");
      const known = verified.get(cacheKey);
      if (known && known.until > now()) return known.claims;
      verified.delete(cacheKey);
      const fresh = await check(token)
        .then((result) => readClaims(result, { now: now(), oldTokensUntil }))
        .catch(refuse);
      if (verified.size >= CACHED) verified.clear();
      verified.set(cacheKey, fresh);
      return fresh.claims;
    },
  };
}

function keyOf(header: JWTHeaderParameters, secrets: ReadonlyMap<string, KeyObject>): KeyObject {
  const key = header.kid === undefined ? undefined : secrets.get(header.kid);
  if (!Object.keys(header).every((name) => headerNames.has(name))) throw new errors.JWSInvalid("unknown header");
  if (!key) throw new errors.JWSInvalid("unknown kid");
  return key;
}

/** What a token whose signature is right says, and until when it may be believed. */
function readClaims(
  { payload, protectedHeader }: JWTVerifyResult,
  { now, oldTokensUntil }: { now: Date; oldTokensUntil: Date },
): { claims: AccessClaims; until: Date } {
  const said = claimsSchema.parse(payload);
  const expiresAt = new Date(said.exp * 1_000);
  if (protectedHeader.typ !== (said.ver === 1 ? undefined : TYPE)) throw new errors.JWSInvalid("wrong type");
  if (said.exp - said.iat > ACCESS_SECONDS) throw new errors.JWTInvalid("lives too long");
  if ((said.iat - SKEW_SECONDS) * 1_000 > now.getTime()) throw new errors.JWTInvalid("issued later");
  const until = said.ver === 1 && oldTokensUntil < expiresAt ? oldTokensUntil : expiresAt;
  if (until <= now) throw new AppError("token_expired", "The access token is of an older scheme; renew it");
  const claims = {
    memberId: said.sub as Id<"Member">,
    businessId: said.bid as Id<"Business">,
    sessionId: said.sid as Id<"Session">,
    tokenVersion: said.tv,
    tokenId: said.jti as Id<"AccessToken">,
    expiresAt,
  };
  return { claims, until };
}

function refuse(thrown: unknown): never {
  if (thrown instanceof AppError) throw thrown;
  if (thrown instanceof errors.JWTExpired)
    throw new AppError("token_expired", "The access token has expired; renew it");
  throw new AppError("token_invalid", "The access token is not valid", { cause: thrown });
}
