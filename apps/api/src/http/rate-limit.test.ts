import { randomBytes } from "node:crypto";
import { afterEach, describe, expect, test } from "vitest";
import { type GivenApi, givenApi, password } from "../given-api.ts";

const open: GivenApi[] = [];
afterEach(() => Promise.all(open.splice(0).map((api) => api.close())));

/** Counters are found by this key, so a test that has its own shares them with no other. */
const ownKey = () => ({ LOOKUP_KEYS: `1:${randomBytes(32).toString("base64")}` });

/** An API with its limits on. */
async function limited(changes: Record<string, string> = {}): Promise<GivenApi> {
  const api = await givenApi({ ABUSE_LIMITS: "1", ...ownKey(), ...changes });
  open.push(api);
  return api;
}

const from = (address: string) => ({ "x-forwarded-for": address });
const guess = (api: GivenApi, email: string, headers = {}) =>
  api.call("POST", "/v1/auth/login", { body: { email, password: "not this one" }, headers });
const register = (api: GivenApi, headers = {}) => {
  const email = `${randomBytes(6).toString("hex")}@firms.example`;
  const body = { businessName: "Ledger & Sons", timeZone: "UTC", name: "Dana Lane", email, password };
  return api.call("POST", "/v1/auth/register", { body, headers });
};

test("the sixth guess has to wait, is told for how long, and even the right password is not tried (S12)", async () => {
  const api = await limited({ PROXY_HOPS: "1" });
  const { email } = await api.firm();
  for (let failed = 0; failed < 5; failed += 1) {
    expect((await guess(api, email, from(`203.0.113.${failed}`))).body.code).toBe("invalid_credentials");
  }
  const right = { body: { email, password }, headers: from("203.0.113.99") };
  const refused = await api.call("POST", "/v1/auth/login", right);
  expect([refused.status, refused.body.code, refused.headers.get("retry-after")]).toEqual([429, "rate_limited", "1"]);
});

test("an account that does not exist waits in the same way, so waiting tells nothing (S12, S14)", async () => {
  const api = await limited({ PROXY_HOPS: "1" });
  const { email } = await api.firm();
  const answers = async (address: string, net: number) => {
    const said: unknown[] = [];
    for (let failed = 0; failed < 6; failed += 1) {
      const { status, body, headers } = await guess(api, address, from(`198.51.${net}.${failed}`));
      said.push([status, { ...body, requestId: "" }, headers.get("retry-after")]);
    }
    return said;
  };
  expect(await answers("nobody@firms.example", 1)).toEqual(await answers(email, 2));
});

test("a stranger who guesses without end does not keep out an owner who reads the account's mail (S12)", async () => {
  const free = await givenApi();
  open.push(free);
  // With the key that its mails are found by; so the networks are of this run alone.
  const api = await limited({ PROXY_HOPS: "1", LOOKUP_KEYS: `1:${Buffer.alloc(32, 3).toString("base64")}` });
  const { email } = await free.firm();
  const run = randomBytes(2).toString("hex");
  for (let failed = 0; failed < 6; failed += 1) await guess(api, email, from(`2001:db8:${run}:${failed}::1`));
  const travelling = { headers: from(`2001:db8:${run}:ffff::1`) };
  const signIn = (secret: string) =>
    api.call("POST", "/v1/auth/login", { body: { email, password: secret }, ...travelling });
  expect((await signIn(password)).status).toBe(429);

  await api.mails(email);
  await api.call("POST", "/v1/auth/forgot-password", { body: { email }, ...travelling });
  const { token } = await api.mailTo(email);
  const changed = "staple the correct horse";
  await api.call("POST", "/v1/auth/reset-password", { body: { token, password: changed }, ...travelling });
  expect((await signIn(changed)).status).toBe(200);
});

test("the second factor and the password once more are guessed at as slowly (S12)", async () => {
  const api = await limited();
  const firm = await api.firm();
  const prove = (secret: string) => firm.post("/v1/auth/reauthenticate", { password: secret });
  for (let failed = 0; failed < 5; failed += 1) expect((await prove("guessed")).status).toBe(401);
  const refused = await prove(password);
  expect([refused.status, refused.headers.get("retry-after")]).toEqual([429, "1"]);
});

test("two processes count together, and an emptied Redis changes nothing (S13)", async () => {
  const shared = ownKey();
  const [one, two] = [await limited(shared), await limited(shared)];
  for (let failed = 0; failed < 5; failed += 1) await guess(failed % 2 ? one : two, `somebody@firms.example`);
  expect((await guess(one, "somebody@firms.example")).status).toBe(429);
  const registered = await Promise.all([one, two, one, two, one, two].map((api) => register(api)));
  expect(registered.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([202, 202, 202, 202, 202, 429]);

  // Each process has its own prefix, so to this new one Redis is empty.
  const fresh = await limited(shared);
  expect((await register(fresh)).status).toBe(429);
});

test("a network registers five times, and is told when it may again (S12)", async () => {
  const api = await limited();
  for (let place = 0; place < 5; place += 1) expect((await register(api)).status).toBe(202);
  const { status, body, headers } = await register(api);
  expect([status, body.code]).toEqual([429, "rate_limited"]);
  expect(Number(headers.get("retry-after"))).toBeGreaterThan(3_500);
});

test("a registration that is wrong takes no place (S12)", async () => {
  const api = await limited();
  const wrong = () => api.call("POST", "/v1/auth/register", { body: { email: "dana" } });
  for (let tried = 0; tried < 7; tried += 1) expect((await wrong()).status).toBe(422);
  expect((await register(api)).status).toBe(202);
});

describe("the network of a request", () => {
  /** Whether registrations with these X-Forwarded-For were counted for one network. */
  async function isOneNetwork(api: GivenApi, addresses: readonly string[]): Promise<boolean> {
    const answers = [];
    for (const address of addresses) answers.push((await register(api, from(address))).status);
    return answers.at(-1) === 429;
  }
  const six = (address: (index: number) => string) => Array.from({ length: 6 }, (_none, index) => address(index));

  test("is the connection's own when no proxy is configured, whatever X-Forwarded-For says (S16)", async () => {
    expect(
      await isOneNetwork(
        await limited(),
        six((index) => `203.0.113.${index}`),
      ),
    ).toBe(true);
  });

  test("is what the last of one proxy has seen, not what the caller wrote before it (S16)", async () => {
    const api = await limited({ PROXY_HOPS: "1" });
    expect(
      await isOneNetwork(
        api,
        six((index) => `203.0.113.${index}, 198.51.100.7`),
      ),
    ).toBe(true);
    expect(
      await isOneNetwork(
        api,
        six((index) => `198.51.100.7, 203.0.113.${index}`),
      ),
    ).toBe(false);
  });

  test("is a /64 of IPv6, and IPv4 is the same when it is written as IPv6 (S12, S16)", async () => {
    const api = await limited({ PROXY_HOPS: "1" });
    expect(
      await isOneNetwork(
        api,
        six((index) => `2001:db8:1:2:${index}::1`),
      ),
    ).toBe(true);
    expect(
      await isOneNetwork(
        api,
        six((index) => `2001:db8:1:${index + 3}::1`),
      ),
    ).toBe(false);
    const both = six((index) => (index % 2 ? "192.0.2.1" : "::ffff:192.0.2.1"));
    expect(await isOneNetwork(api, both)).toBe(true);
  });

  test("is the proxy's own when what it passes on is no address (S16)", async () => {
    const api = await limited({ PROXY_HOPS: "1" });
    expect(
      await isOneNetwork(
        api,
        six((index) => `nonsense-${index}`),
      ),
    ).toBe(true);
  });
});

test("renewing tokens is limited for each network (S12)", async () => {
  const api = await limited();
  const body = { grant_type: "refresh_token", refresh_token: "unknown" };
  const answers = await Promise.all(Array.from({ length: 61 }, () => api.call("POST", "/v1/auth/token", { body })));
  const refused = answers.filter(({ status }) => status === 429);
  expect(refused.map(({ body: { error } }) => error)).toEqual(["temporarily_unavailable"]);
  expect(refused[0]?.headers.get("retry-after")).toMatch(/^\d+$/);
});
