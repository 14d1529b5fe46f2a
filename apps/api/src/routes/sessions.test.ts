import { refreshSession } from "@reminder-app/core/members/refresh-session";
import { openDatabase } from "@reminder-app/db/database";
import { createVault } from "@reminder-app/platform/crypto";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { type GivenApi, givenApi, password } from "../given-api.ts";

let api: GivenApi;
let database: ReturnType<typeof openDatabase>;
beforeAll(async () => {
  api = await givenApi();
  database = openDatabase({ url: api.settings.DATABASE_URL, connections: 2 });
});
afterAll(() => Promise.all([api.close(), database.close()]));

const renew = (refreshToken: string) =>
  api.call("POST", "/v1/auth/token", { body: { grant_type: "refresh_token", refresh_token: refreshToken } });

/** Renew as the API does, with its clock turned on by some seconds; fetch calls itself "node". */
function renewLater(refreshToken: string, seconds: number, userAgent: string | null = "node") {
  const { ENCRYPTION_KEYS: encryptionKeys, LOOKUP_KEYS: lookupKeys } = api.settings;
  const vault = createVault({ encryptionKeys, lookupKeys });
  const system = { db: database.db, vault, now: () => new Date(Date.now() + seconds * 1_000) };
  return refreshSession(system, { refreshToken, userAgent });
}

test("a renewal that is repeated within seconds gets the same successor (S03)", async () => {
  const { refreshToken } = await api.firm();
  const first = await renew(refreshToken);
  expect((await renew(refreshToken)).body.refresh_token).toBe(first.body.refresh_token);
  expect((await renewLater(refreshToken, 8)).refreshToken).toBe(first.body.refresh_token);
});

test("a refresh token that comes back after 10 s was stolen: the session ends for both (S02)", async () => {
  const firm = await api.firm();
  const { body } = await renew(firm.refreshToken);
  await expect(renewLater(firm.refreshToken, 11)).rejects.toMatchObject({ code: "token_reused" });
  const after = await renew(body.refresh_token);
  expect([after.status, after.body.error]).toEqual([400, "invalid_grant"]);
  expect(after.body.error_description).toContain("token_revoked");
  const { body: again } = await api.call("POST", "/v1/auth/login", { body: { email: firm.email, password } });
  const trail = await api.call("GET", "/v1/audit", { token: again.accessToken });
  expect(trail.body.items.map(({ action }: { action: string }) => action)).toContain("session.reuse_detected");
  await vi.waitFor(
    async () => expect((await api.call("GET", "/v1/me", { token: body.access_token })).body.code).toBe("token_revoked"),
    5_000,
  );
});

test.each([["another program"], [null]])(
  "a replay by %j within 10 s was stolen all the same (S02, S03)",
  async (other) => {
    const firm = await api.firm();
    const { body } = await renew(firm.refreshToken);
    await expect(renewLater(firm.refreshToken, 2, other)).rejects.toMatchObject({ code: "token_reused" });
    expect((await renew(body.refresh_token)).body.error_description).toContain("token_revoked");
  },
);

test("a program that was updated goes on with its session, and replays as what it is now (S03)", async () => {
  const { refreshToken } = await api.firm();
  const first = await renewLater(refreshToken, 0, "app/2");
  expect((await renewLater(refreshToken, 1, "app/2")).refreshToken).toBe(first.refreshToken);
});

test("another session of the same member goes on when one was ended for reuse (S02)", async () => {
  const firm = await api.firm();
  const { body: other } = await api.call("POST", "/v1/auth/login", {
    body: { email: firm.email, password },
  });
  await renew(firm.refreshToken);
  await expect(renewLater(firm.refreshToken, 60)).rejects.toMatchObject({ code: "token_reused" });
  expect((await renew(other.refreshToken)).status).toBe(200);
});

test.each([
  ["7 days without use", 7],
  ["30 days", 30],
])("a session ends after %s (S04)", async (_what, days) => {
  // A minute more, for the database's clock, by which it was made, may be a little ahead of this one.
  const { refreshToken } = await api.firm();
  await expect(renewLater(refreshToken, days * 86_400 + 60)).rejects.toMatchObject({ code: "token_expired" });
});

test("a session that is used ends after 30 days all the same (S04)", async () => {
  let { refreshToken } = await api.firm();
  for (const day of [6, 12, 18, 24, 29.9]) ({ refreshToken } = await renewLater(refreshToken, day * 86_400));
  await expect(renewLater(refreshToken, 30 * 86_400 + 60)).rejects.toMatchObject({ code: "token_expired" });
});
