import { testSettings } from "@reminder-app/testing/test-settings";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type GivenApi, givenApi, password } from "../given-api.ts";
import { createTokens } from "../http/tokens.ts";

let api: GivenApi;
beforeAll(async () => {
  api = await givenApi();
});
afterAll(() => api.close());

const renew = (refreshToken: string) =>
  api.call("POST", "/v1/auth/token", { body: { grant_type: "refresh_token", refresh_token: refreshToken } });

test("a firm registers, signs in and learns who it is (F1)", async () => {
  const firm = await api.firm();
  const { status, body } = await firm.get("/v1/me");
  expect(status).toBe(200);
  expect(body).toMatchObject({ name: "Dana Lane", email: firm.email, role: "owner" });
  expect(body.businesses).toEqual([{ id: body.businessId, name: "Ledger & Sons", role: "owner" }]);
});

test("registering an address twice is answered the same, and changes nothing (S14)", async () => {
  const { email } = await api.firm();
  const again = { businessName: "Rival", timeZone: "UTC", name: "Eve", email, password: "another long password" };
  const fresh = { ...again, email: `new-${email}` };
  const [known, unknown] = await Promise.all(
    [again, fresh].map((body) => api.call("POST", "/v1/auth/register", { body })),
  );
  expect([known?.status, known?.text]).toEqual([202, unknown?.text]);
  const refused = await api.call("POST", "/v1/auth/login", { body: { email, password: again.password } });
  expect([refused.status, refused.body.code]).toEqual([401, "invalid_credentials"]);
});

test("a wrong password and an unknown address are refused alike (S14)", async () => {
  const { email } = await api.firm();
  const wrong = await api.call("POST", "/v1/auth/login", { body: { email, password: "not this one" } });
  const unknown = await api.call("POST", "/v1/auth/login", { body: { email: "nobody@firms.example", password } });
  expect(wrong.status).toBe(401);
  expect({ ...unknown.body, requestId: "" }).toEqual({ ...wrong.body, requestId: "" });
});

test("answers with tokens are never kept by a cache (S04)", async () => {
  const { email, refreshToken } = await api.firm();
  const login = await api.call("POST", "/v1/auth/login", { body: { email, password } });
  const renewed = await renew(refreshToken);
  expect([login, renewed].map(({ headers }) => headers.get("cache-control"))).toEqual(["no-store", "no-store"]);
});

test("50 renewals with one refresh token give one successor, and the session stays (S03)", async () => {
  const { refreshToken } = await api.firm();
  const answers = await Promise.all(Array.from({ length: 50 }, () => renew(refreshToken)));
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
  const [successor, ...others] = new Set(answers.map(({ body }) => body.refresh_token as string));
  expect(others).toEqual([]);
  expect((await renew(successor!)).status).toBe(200);
});

test("the token endpoint reads forms, as RFC 6749 writes them (S08)", async () => {
  const { refreshToken } = await api.firm();
  const { status, body } = await api.call("POST", "/v1/auth/token", {
    body: new URLSearchParams({
      grant_type: "refresh_token",
      refresh_token: refreshToken,
      client_id: "app",
    }).toString(),
    headers: { "content-type": "application/x-www-form-urlencoded" },
  });
  expect(status).toBe(200);
  expect(body).toMatchObject({ token_type: "Bearer", expires_in: 900 });
  expect((await api.call("GET", "/v1/me", { token: body.access_token })).status).toBe(200);
});

test.each([
  ["an unknown token", { grant_type: "refresh_token", refresh_token: "unknown" }, "invalid_grant"],
  ["no token", { grant_type: "refresh_token" }, "invalid_request"],
  ["no grant", { refresh_token: "unknown" }, "invalid_request"],
  ["the password grant", { grant_type: "password", username: "a", password: "b" }, "unsupported_grant_type"],
  ["broken JSON", "{", "invalid_request"],
])("the token endpoint refuses %s in RFC 6749's form (S08)", async (_what, body, error) => {
  const answer = await api.call("POST", "/v1/auth/token", { body });
  expect([answer.status, answer.body]).toEqual([400, { error, error_description: expect.any(String) }]);
  expect(["cache-control", "pragma", "www-authenticate"].map((name) => answer.headers.get(name))).toEqual([
    "no-store",
    "no-cache",
    null,
  ]);
});

test("a request without a valid token is told how to sign in (S01, S08)", async () => {
  const settings = testSettings();
  const claims = (await api.firm()).token.split(".")[1]!;
  const unsigned = `${Buffer.from('{"alg":"none","kid":"1"}').toString("base64url")}.${claims}.`;
  const hourAgo = () => new Date(Date.now() - 3_600_000);
  const tokens = createTokens({ keys: settings.TOKEN_KEYS, issuer: settings.PUBLIC_URL, now: hourAgo });
  const late = await tokens.issue({
    businessId: "",
    memberId: "",
    sessionId: "",
    tokenVersion: 1,
    amr: ["pwd"],
  } as never);
  const codes = [];
  for (const token of [undefined, "nonsense", unsigned, late]) {
    const { status, headers, body } = await api.call("GET", "/v1/me", { token });
    const error = token ? `, error="invalid_token", error_description="${body.detail}"` : "";
    expect([status, headers.get("www-authenticate")]).toEqual([401, `Bearer realm="reminders"${error}`]);
    codes.push(body.code);
  }
  expect(codes).toEqual(["unauthenticated", "token_invalid", "token_invalid", "token_expired"]);
});
