import { sessionRepo } from "@reminder-app/core/members/sessions.repo";
import { liveSystem } from "@reminder-app/testing/given-business";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type GivenApi, type GivenCaller, anAddress, givenApi, password } from "../given-api.ts";

let api: GivenApi;
beforeAll(async () => {
  api = await givenApi();
});
afterAll(() => api.close());

const newPassword = "staple battery horse";
const post = (path: string, body: object) => api.call("POST", path, { body });

/** The session was opened so long ago. */
async function signedInAgo(caller: GivenCaller, minutes: number): Promise<void> {
  const claims = JSON.parse(Buffer.from(caller.token.split(".")[1]!, "base64url").toString());
  const scope = { db: liveSystem.db, businessId: claims.bid };
  await sessionRepo(scope).update(claims.sid, { authenticatedAt: new Date(Date.now() - minutes * 60_000) });
}

test("who registers works at once, and verifies by the link in the mail (S15)", async () => {
  const firm = await api.firm();
  await firm.client();
  expect((await firm.get("/v1/me")).body.emailVerified).toBe(false);
  const invite = () => firm.post("/v1/invitations", { email: anAddress("sam"), role: "staff" });
  const refused = await invite();
  expect([refused.status, refused.body.code]).toEqual([403, "address_unverified"]);

  const { token } = await api.mailTo(firm.email);
  expect((await post("/v1/auth/verify-email", { token })).status).toBe(204);
  expect((await firm.get("/v1/me")).body.emailVerified).toBe(true);
  expect((await invite()).status).toBe(201);
});

test("the mail that verifies can be asked for again, until the address is verified (S15)", async () => {
  const firm = await api.firm();
  const first = await api.mailTo(firm.email);
  expect((await firm.post("/v1/me/verify-email")).status).toBe(202);
  const second = await api.mailTo(firm.email);
  const refused = await post("/v1/auth/verify-email", { token: first.token });
  expect([refused.status, refused.body.code]).toEqual([422, "link_invalid"]);
  expect((await post("/v1/auth/verify-email", { token: second.token })).status).toBe(204);
  expect((await firm.post("/v1/me/verify-email")).status).toBe(409);
});

test("who registers a known address gets no business; its owner gets a mail without a link (S14)", async () => {
  const firm = await api.firm();
  await api.mails(firm.email);
  const again = { businessName: "Rival", timeZone: "UTC", name: "Eve", email: firm.email, password: newPassword };
  expect((await post("/v1/auth/register", again)).status).toBe(202);
  expect(await api.mails(firm.email)).toMatchObject([{ subject: "You have an account already", token: "" }]);
  expect((await firm.get("/v1/me")).body.businesses).toHaveLength(1);
});

test("a forgotten password is set by the link in the mail, and ends all sessions (S15, S06)", async () => {
  const firm = await api.firm();
  await api.mails(firm.email);
  expect((await post("/v1/auth/forgot-password", { email: firm.email.toUpperCase() })).status).toBe(202);
  const { token } = await api.mailTo(firm.email);
  expect((await post("/v1/auth/reset-password", { token, password: "short" })).status).toBe(422);
  expect((await post("/v1/auth/reset-password", { token, password: newPassword })).status).toBe(200);
  const login = (word: string) => post("/v1/auth/login", { email: firm.email, password: word });
  expect([(await login(password)).status, (await login(newPassword)).status]).toEqual([401, 200]);
  const renewed = { grant_type: "refresh_token", refresh_token: firm.refreshToken };
  expect((await post("/v1/auth/token", renewed)).body.error).toBe("invalid_grant");
});

test.each([
  ["/v1/auth/verify-email", {}],
  ["/v1/auth/reset-password", { password: newPassword }],
  ["/v1/auth/confirm-email", {}],
  ["/v1/auth/accept-invitation", {}],
])("%s refuses a token that was guessed, and one of another form (S15)", async (path, rest) => {
  const guessed = await post(path, { token: "A".repeat(43), ...rest });
  expect([guessed.status, guessed.body.code]).toEqual([422, "link_invalid"]);
  const malformed = await post(path, { token: "1", ...rest });
  expect([malformed.status, malformed.body.code]).toEqual([422, "validation_failed"]);
});

test("an address changes within 5 minutes of signing in, and not later (S17)", async () => {
  const firm = await api.firm();
  const change = () => firm.post("/v1/me/email", { email: anAddress("next") });
  await signedInAgo(firm, 6);
  const late = await change();
  expect([late.status, late.body.code]).toEqual([403, "reauthentication_required"]);
  await signedInAgo(firm, 4);
  expect((await change()).status).toBe(202);
});

test("a change of address is refused to itself, and answered alike whether the address has an account (S14)", async () => {
  const [firm, other] = [await api.firm(), await api.firm()];
  expect((await firm.post("/v1/me/email", { email: firm.email })).status).toBe(422);
  const [taken, free] = [other.email, anAddress("free")];
  const answers = [await firm.post("/v1/me/email", { email: taken }), await firm.post("/v1/me/email", { email: free })];
  expect(answers.map(({ status, text }) => [status, text])).toEqual([
    [202, answers[0]?.text],
    [202, answers[0]?.text],
  ]);
});
