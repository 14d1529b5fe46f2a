import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type GivenApi, type GivenFirm, givenApi } from "../given-api.ts";
import { fill, makeObjects } from "../given-objects.ts";
import { endpoints } from "../routes/all.ts";

const LIMIT = 6;
const opened: GivenApi[] = [];
afterAll(() => Promise.all(opened.map((api) => api.close())));

/** An API process that counts, with counters of its own unless `changes` say otherwise. */
async function givenCounting(changes: Readonly<Record<string, string>> = {}): Promise<GivenApi> {
  const api = await givenApi({
    ABUSE_LIMITS: "1",
    BUSINESS_REQUESTS_PER_MINUTE: `${LIMIT}`,
    LOOKUP_KEYS: `1:${randomBytes(32).toString("base64")}`,
    ...changes,
  });
  opened.push(api);
  return api;
}

/** More requests than two windows hold, for a window may end meanwhile. */
async function askOften(apis: readonly GivenApi[], { token }: GivenFirm) {
  const answers = [];
  for (let asked = 0; asked <= 2 * LIMIT; asked += 1)
    answers.push(await apis[asked % apis.length]!.call("GET", "/v1/business", { token }));
  return answers;
}

test("a business's requests are limited a minute, over all processes together, and others' are not (S28)", async () => {
  const shared = { QUEUE_PREFIX: `test-${randomBytes(4).toString("hex")}` };
  const apis = [await givenCounting(shared), await givenCounting(shared)];
  const [firm, other] = [await apis[0]!.firm(), await apis[0]!.firm()];
  const answers = await askOften(apis, firm);
  const refused = answers.find(({ status }) => status === 429);
  expect(refused?.body.code).toBe("rate_limited");
  expect(Number(refused?.headers.get("retry-after"))).toBeGreaterThan(0);
  expect(Number(refused?.headers.get("retry-after"))).toBeLessThanOrEqual(60);
  expect(refused?.headers.get("ratelimit")).toMatch(/^"business";r=0;t=\d+$/);
  expect(refused?.headers.get("ratelimit-policy")).toBe(`"business";q=${LIMIT};w=60`);
  expect(answers[0]?.headers.get("ratelimit")).toMatch(new RegExp(`^"business";r=${LIMIT - 1};t=\\d+$`));
  expect(answers.filter(({ status }) => status === 200).length).toBeGreaterThanOrEqual(LIMIT);
  expect((await apis[1]!.call("GET", "/v1/business", { token: other.token })).status).toBe(200);
});

test("what a caller without a right asks counts for nobody (S28)", async () => {
  const api = await givenCounting();
  const firm = await api.firm();
  for (let asked = 0; asked <= 2 * LIMIT; asked += 1) await api.call("GET", "/v1/business");
  expect((await firm.get("/v1/business")).headers.get("ratelimit")).toContain(`r=${LIMIT - 1}`);
});

test("while Redis is away all requests are let through (S28)", async () => {
  const api = await givenCounting({ REDIS_URL: "redis://127.0.0.1:1" });
  const answers = await askOften([api], await api.firm());
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
});

let api: GivenApi;
let firm: GivenFirm;
beforeAll(async () => {
  api = await givenApi();
  opened.push(api);
  firm = await api.firm();
});

const lists = endpoints.filter(({ query }) => query && "limit" in query.shape).map(({ path }) => path);

test.each(lists)("a page of %s has 100 items at most (S28)", async (path) => {
  const filled = fill(path, await makeObjects({ path }, { firm, caller: firm, staff: [] }));
  expect((await firm.get(`${filled}?limit=100`)).status).toBe(200);
  const { status, body } = await firm.get(`${filled}?limit=101`);
  expect([status, body.errors[0].field]).toEqual([422, "limit"]);
});

test("an owner lowers how many messages leave in a day, and raises it to what the installation allows (S28)", async () => {
  const most = api.settings.BUSINESS_SENDS_PER_DAY;
  for (const dailySends of [10, most, null]) {
    const { status, body } = await firm.patch("/v1/business", { dailySends });
    expect([status, body.dailySends]).toEqual([200, dailySends]);
  }
  for (const dailySends of [most + 1, 0, -1, 1.5, "10"]) {
    const { status, body } = await firm.patch("/v1/business", { dailySends });
    expect([status, body.errors[0].field]).toEqual([422, "dailySends"]);
  }
  const admin = await firm.member("admin");
  expect((await admin.patch("/v1/business", { dailySends: 10 })).body.code).toBe("forbidden");
  expect((await firm.get("/v1/business")).body.dailySends).toBeNull();
});

test.each([
  [["gb", "FR", "GB"], 200, ["FR", "GB"]],
  [null, 200, null],
  [[], 422, undefined],
  [["ZZ"], 422, undefined],
  [["GBR"], 422, undefined],
  ["GB", 422, undefined],
])("the countries that get SMS can be %j: %i (S28)", async (smsCountries, status, kept) => {
  const answer = await firm.patch("/v1/business", { smsCountries });
  expect([answer.status, answer.body.smsCountries]).toEqual([status, kept]);
});
