import { createSecretKey } from "node:crypto";
import { newId } from "@reminder-app/platform/ids";
import { testSettings } from "@reminder-app/testing/test-settings";
import { SignJWT } from "jose";
import { describe, expect, test } from "vitest";
import { ACCESS_SECONDS, createTokens } from "./tokens.ts";

const { TOKEN_KEYS: keys } = testSettings();
const issuer = "https://api.example";
let at = new Date("2027-03-01T12:00:00Z");
const now = () => at;
const tokens = createTokens({ keys, issuer, now });
const member = {
  businessId: newId<"Business">(),
  memberId: newId<"Member">(),
  sessionId: newId<"Session">(),
  tokenVersion: 3,
};
const amr = ["pwd", "otp"] as const;

test("a token that was issued is read back, until its 15 minutes have passed (S01)", async () => {
  const token = await tokens.issue({ ...member, amr });
  const claims = { ...member, tokenId: expect.any(String), expiresAt: new Date("2027-03-01T12:15:00Z") };
  expect(await tokens.verify(token)).toEqual(claims);
  const issuedAt = at;
  at = new Date(issuedAt.getTime() + ACCESS_SECONDS * 1_000 - 1);
  expect(await tokens.verify(token)).toEqual(claims);
  at = new Date(issuedAt.getTime() + ACCESS_SECONDS * 1_000);
  await expect(tokens.verify(token)).rejects.toMatchObject({ code: "token_expired" });
  at = issuedAt;
});

interface Forged {
  readonly header?: object;
  readonly claims?: Readonly<Record<string, unknown>>;
  readonly key?: Uint8Array;
}

/** What `issue` would sign, but for what is changed; undefined takes a claim or a header away. */
function forge({ header = {}, claims = {}, key = new Uint8Array([...keys.values()][0]!) }: Forged): Promise<string> {
  const iat = now().getTime() / 1_000;
  const right = {
    iss: issuer,
    aud: `${issuer}/v1`,
    sub: member.memberId,
    bid: member.businessId,
    sid: member.sessionId,
    tv: 3,
    ver: 2,
    amr,
    jti: newId(),
    iat,
    nbf: iat,
    exp: iat + 60,
  };
  return new SignJWT({ ...right, ...claims })
    .setProtectedHeader({ alg: "HS256", kid: "1", typ: "at+jwt", ...header })
    .sign(createSecretKey(key));
}
/** A token of the scheme before. */
const forgeOld = () => forge({ header: { typ: undefined }, claims: { ver: 1, amr: undefined } });
const seconds = (later: number) => now().getTime() / 1_000 + later;

const encoded = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");

describe("a forged token is refused (S01, S07)", () => {
  test("what is changed nowhere is accepted, so each change below is what is refused", async () => {
    expect(await tokens.verify(await forge({}))).toMatchObject(member);
  });

  test.each<[string, Forged]>([
    ["signed with another key", { key: new Uint8Array(32).fill(9) }],
    ["naming an unknown key", { header: { kid: "2" } }],
    ["naming no key", { header: { kid: undefined } }],
    ["signed with another algorithm", { header: { alg: "HS512" }, key: new Uint8Array(64).fill(1) }],
    ["with an extension that must be understood", { header: { crit: ["b64"], b64: true } }],
    ["of another type", { header: { typ: "JWT" } }],
    ["of no type", { header: { typ: undefined } }],
    ["for another audience", { claims: { aud: `${issuer}/v2` } }],
    ["for nobody in particular", { claims: { aud: undefined } }],
    ["of another issuer", { claims: { iss: "https://evil.example" } }],
    ["of no issuer", { claims: { iss: undefined } }],
    ["that begins later", { claims: { nbf: seconds(60) } }],
    ["without a beginning", { claims: { nbf: undefined } }],
    ["that was issued later", { claims: { iat: seconds(60), exp: seconds(90) } }],
    ["without when it was issued", { claims: { iat: undefined } }],
    ["without an end", { claims: { exp: undefined } }],
    ["that lives longer than 15 minutes", { claims: { exp: seconds(ACCESS_SECONDS + 1) } }],
    ["without an id", { claims: { jti: undefined } }],
    ["whose id is none", { claims: { jti: "1" } }],
    ["without a member", { claims: { sub: undefined } }],
    ["whose member is no id", { claims: { sub: "admin" } }],
    ["whose business is no id", { claims: { bid: "1' or '1'='1" } }],
    ["without a business", { claims: { bid: undefined } }],
    ["without a session", { claims: { sid: undefined } }],
    ["without a token version", { claims: { tv: undefined } }],
    ["whose token version is text", { claims: { tv: "3" } }],
    ["that does not say how its member signed in", { claims: { amr: undefined } }],
    ["of a scheme to come", { claims: { ver: 3 } }],
    ["of a scheme that is text", { claims: { ver: "2" } }],
    ["of no scheme", { claims: { ver: undefined } }],
  ])("%s", async (_what, forged) => {
    await expect(forge(forged).then((token) => tokens.verify(token))).rejects.toMatchObject({ code: "token_invalid" });
  });

  test.each(["none", "None", "HS256"])("without a signature, by %s", async (alg) => {
    const [, claims = ""] = (await forge({})).split(".");
    await expect(tokens.verify(`${encoded({ alg, kid: "1" })}.${claims}.`)).rejects.toMatchObject({
      code: "token_invalid",
    });
  });

  test.each([
    ["jku", "https://evil.example/keys"],
    ["x5u", "https://evil.example/certificate"],
    ["jwk", { kty: "oct", k: Buffer.alloc(32, 1).toString("base64url") }],
  ])("whose header %s names a key, even when it is the right one", async (name, value) => {
    const token = await forge({ header: { [name]: value } });
    await expect(tokens.verify(token)).rejects.toMatchObject({ code: "token_invalid" });
  });

  test("whose claims were changed after it was signed, also when the real one was just accepted", async () => {
    const token = await forge({});
    await tokens.verify(token);
    const [header, , signature] = token.split(".");
    const changed = `${header}.${encoded({ sub: newId() })}.${signature}`;
    await expect(tokens.verify(changed)).rejects.toMatchObject({ code: "token_invalid" });
  });
});

test("a token of the scheme before is accepted until the configured instant, and renewed after it (S07)", async () => {
  const start = at;
  const until = new Date(start.getTime() + 30_000);
  const lenient = createTokens({ keys, issuer, now, oldTokensUntil: until });
  const [old, present, unknown] = [await forgeOld(), await forge({}), await forge({ claims: { ver: 3 } })];
  expect(await lenient.verify(old)).toMatchObject(member);
  at = new Date(until.getTime() - 1);
  expect(await lenient.verify(old)).toMatchObject(member);
  await expect(lenient.verify(unknown)).rejects.toMatchObject({ code: "token_invalid" });
  at = until;
  await expect(lenient.verify(old)).rejects.toMatchObject({ code: "token_expired" });
  expect(await lenient.verify(present)).toMatchObject(member);
  at = start;
});

test("without a configured instant no token of the scheme before is accepted (S07)", async () => {
  await expect(tokens.verify(await forgeOld())).rejects.toMatchObject({ code: "token_expired" });
});
