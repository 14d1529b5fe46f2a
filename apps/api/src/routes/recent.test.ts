import { randomUUID } from "node:crypto";
import { openDatabase } from "@reminder-app/db/database";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type GivenApi, type GivenFirm, givenApi, password } from "../given-api.ts";
import { endpoints } from "./all.ts";

let api: GivenApi;
let firm: GivenFirm;
let database: ReturnType<typeof openDatabase>;
beforeAll(async () => {
  api = await givenApi();
  database = openDatabase({ url: api.settings.DATABASE_URL, connections: 1 });
  firm = await api.firm();
});
afterAll(() => Promise.all([api.close(), database.close()]));

/** As if the firm's owner had last proven who they are so many seconds ago. */
async function provenAgo(seconds: number): Promise<void> {
  const { body } = await firm.get("/v1/me/sessions");
  await database.pool.query("update sessions set authenticated_at = ? where id = unhex(?)", [
    new Date(Date.now() - seconds * 1_000),
    body.items[0].id.replaceAll("-", ""),
  ]);
}

const guarded = endpoints
  .filter(({ recent }) => recent)
  .map(({ method, path, params }) => {
    const filled = path.replaceAll(/:(\w+)/g, (_, name: string) => String(params?.[name]?.options[0] ?? randomUUID()));
    return [`${method.toUpperCase()} ${path}`, method.toUpperCase(), filled] as const;
  });
const ask = (method: string, path: string) => api.call(method, path, { token: firm.token, body: { unknown: true } });

describe("credentials change only within 5 minutes of authentication (S17)", () => {
  test.each(guarded)("%s", async (_title, method, path) => {
    await provenAgo(301);
    const refused = await ask(method, path);
    expect([refused.status, refused.body.code]).toEqual([403, "reauthentication_required"]);
    await provenAgo(290);
    // An unknown field stops it then: nothing is changed by asking.
    expect((await ask(method, path)).status).toBe(422);
  });

  test("the password is among them, the address and the second factor", () => {
    expect(guarded.map(([title]) => title)).toEqual(
      expect.arrayContaining([
        "POST /v1/me/password",
        "POST /v1/me/email",
        "POST /v1/me/second-factor",
        "DELETE /v1/me/second-factor",
      ]),
    );
  });
});

test("proving it again opens them, a wrong password does not (S17)", async () => {
  await provenAgo(3_600);
  const wrong = await firm.post("/v1/auth/reauthenticate", { password: "not this one" });
  expect([wrong.status, wrong.body.code]).toEqual([401, "invalid_credentials"]);
  expect((await ask("POST", "/v1/me/password")).body.code).toBe("reauthentication_required");

  const right = await firm.post("/v1/auth/reauthenticate", { password });
  expect(right.status).toBe(200);
  const minutesLeft = (new Date(right.body.recentUntil).getTime() - Date.now()) / 60_000;
  expect(Math.round(minutesLeft)).toBe(5);
  expect((await ask("POST", "/v1/me/password")).status).toBe(422);
});

test("renewing a token is no authentication (S17)", async () => {
  await provenAgo(3_600);
  const { body } = await api.call("POST", "/v1/auth/token", {
    body: { grant_type: "refresh_token", refresh_token: firm.refreshToken },
  });
  const refused = await api.call("POST", "/v1/me/second-factor", { token: body.access_token });
  expect(refused.body.code).toBe("reauthentication_required");
});
