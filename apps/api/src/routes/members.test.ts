import { setTimeout as sleep } from "node:timers/promises";
import { aContact } from "@reminder-app/testing/given-business";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type GivenApi, type GivenCaller, anAddress, givenApi, password } from "../given-api.ts";

let api: GivenApi;
beforeAll(async () => {
  api = await givenApi();
});
afterAll(() => api.close());

const A_SECOND = 1_000;
const someId = "01980000-0000-7000-8000-000000000001";
const renew = ({ refreshToken }: GivenCaller) =>
  api.call("POST", "/v1/auth/token", { body: { grant_type: "refresh_token", refresh_token: refreshToken } });

test.each(["viewer", "staff", "admin", "owner"] as const)(
  "a %s is invited, joins and has that role (S23, J7)",
  async (role) => {
    const firm = await api.firm();
    const member = await firm.member(role);
    expect((await member.get("/v1/me")).body).toMatchObject({ role, email: member.email, emailVerified: true });
    const { items } = (await firm.get("/v1/members")).body;
    expect(items.map(({ id, role: as }: { id: string; role: string }) => [id, as])).toEqual([
      [firm.id, "owner"],
      [member.id, role],
    ]);
  },
);

test.each([
  ["disabled", (firm: GivenCaller, id: string) => firm.patch(`/v1/members/${id}`, { disabled: true })],
  ["removed", (firm: GivenCaller, id: string) => firm.delete(`/v1/members/${id}`)],
])("a member who was %s is out within a second, in all API processes (S06)", async (_what, act) => {
  const firm = await api.firm();
  const member = await firm.member("staff");
  const second = await givenApi();
  const ask = () => Promise.all([api, second].map(({ call }) => call("GET", "/v1/me", { token: member.token })));
  expect((await ask()).map(({ status }) => status)).toEqual([200, 200]);

  expect((await act(firm, member.id)).status).toBeLessThan(300);
  await sleep(A_SECOND);
  expect((await ask()).map(({ body }) => body.code)).toEqual(["token_revoked", "token_revoked"]);
  expect((await renew(member)).status).toBe(400);
  await second.close();
});

test("a lesser role binds within a second, with the tokens that the member has (S06, J7)", async () => {
  const firm = await api.firm();
  const member = await firm.member("staff");
  const make = () => member.post("/v1/clients", { name: "Hill Ltd", contacts: [aContact()] });
  expect((await make()).status).toBe(201);
  await firm.patch(`/v1/members/${member.id}`, { role: "viewer" });
  await sleep(A_SECOND);
  expect((await make()).body.code).toBe("forbidden");
  expect((await member.get("/v1/clients")).status).toBe(200);
});

test("members and invitations are for admins and owners (S23)", async () => {
  const firm = await api.firm();
  for (const role of ["viewer", "staff"] as const) {
    const member = await firm.member(role);
    const answers = [
      await member.get("/v1/members"),
      await member.patch(`/v1/members/${firm.id}`, { role: "viewer" }),
      await member.delete(`/v1/members/${firm.id}`),
      await member.get("/v1/invitations"),
      await member.post("/v1/invitations", { email: anAddress("x"), role: "viewer" }),
      await member.delete(`/v1/invitations/${someId}`),
    ];
    expect(answers.map(({ status }) => status)).toEqual([403, 403, 403, 403, 403, 403]);
  }
});

test("the last owner stays: demoting, disabling and removing are refused (S23)", async () => {
  const firm = await api.firm();
  const admin = await firm.member("admin");
  const path = `/v1/members/${firm.id}`;
  for (const change of [{ role: "admin" }, { disabled: true }])
    expect((await admin.patch(path, change)).status).toBe(403);
  expect((await firm.patch(path, { role: "admin" })).status).toBe(403);
  expect((await firm.delete(path)).status).toBe(403);

  const second = await firm.member("owner");
  expect((await second.patch(path, { role: "viewer" })).status).toBe(200);
  expect((await admin.get("/v1/members")).body.items[0].role).toBe("viewer");
});

test("an invitation is listed, and taken back before it is accepted (S26)", async () => {
  const firm = await api.firm();
  await firm.verify();
  const email = anAddress("sam");
  const { body: invitation } = await firm.post("/v1/invitations", { email, role: "admin" });
  const { token } = await api.mailTo(email);
  expect((await firm.get("/v1/invitations")).body.items).toMatchObject([{ id: invitation.id, email, state: "open" }]);
  expect((await firm.delete(`/v1/invitations/${invitation.id}`)).status).toBe(204);
  const body = { token, name: "Sam", password };
  const accepted = await api.call("POST", "/v1/auth/accept-invitation", { body });
  expect([accepted.status, accepted.body.code]).toEqual([422, "link_invalid"]);
});

test("no answer has the token of an invitation or its hash (S22)", async () => {
  const firm = await api.firm();
  await firm.verify();
  const email = anAddress("sam");
  const made = await firm.post("/v1/invitations", { email, role: "staff" });
  const { token } = await api.mailTo(email);
  for (const { text } of [made, await firm.get("/v1/invitations")]) {
    expect(text).not.toContain(token);
    expect(text).not.toMatch(/hash/i);
  }
});

test("an invitation that is repeated with its Idempotency-Key is one (J9)", async () => {
  const firm = await api.firm();
  await firm.verify();
  const email = anAddress("sam");
  const invite = () => firm.post("/v1/invitations", { email, role: "staff" }, { "idempotency-key": "invite-sam" });
  const [first, second] = [await invite(), await invite()];
  expect([first.status, second.body.id]).toEqual([201, first.body.id]);
  expect(await api.mails(email)).toHaveLength(1);
});

test("a member who was invited to a second business works for both, each with its role (J7)", async () => {
  const [firm, other] = [await api.firm(), await api.firm()];
  const admin = await firm.member("admin");
  await other.verify();
  await other.post("/v1/invitations", { email: admin.email, role: "viewer" });
  const { token } = await api.mailTo(admin.email);
  const joined = await api.call("POST", "/v1/auth/accept-invitation", { body: { token } });
  expect(joined.body.role).toBe("viewer");
  const login = { email: admin.email, password, businessId: joined.body.businessId };
  const { body } = await api.call("POST", "/v1/auth/login", { body: login });
  const there = (await api.call("GET", "/v1/me", { token: body.accessToken })).body;
  expect([there.role, there.businessId]).toEqual(["viewer", joined.body.businessId]);
  expect((await admin.get("/v1/me")).body.role).toBe("admin");
});
