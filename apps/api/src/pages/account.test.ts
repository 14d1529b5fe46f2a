import { afterAll, beforeAll, expect, test } from "vitest";
import { type GivenApi, anAddress, givenApi, password } from "../given-api.ts";

let api: GivenApi;
const lines: string[] = [];
beforeAll(async () => {
  api = await givenApi({}, { write: (line) => void lines.push(line) });
});
afterAll(() => api.close());

const form = { "content-type": "application/x-www-form-urlencoded" };
const post = (path: string, fields: Readonly<Record<string, string>> = {}) =>
  api.call("POST", path, { body: new URLSearchParams(fields).toString(), headers: form });
const isVerified = async (firm: { get(path: string): ReturnType<GivenApi["call"]> }) =>
  (await firm.get("/v1/me")).body.emailVerified as boolean;

async function resetLink(email: string): Promise<string> {
  await api.mails(email);
  await api.call("POST", "/v1/auth/forgot-password", { body: { email } });
  return `/account/reset/${(await api.mailTo(email)).token}`;
}

test("a scanner that opens a link twenty times uses nothing up; sending the form does, once (G4, S26, S15)", async () => {
  const firm = await api.firm();
  const path = `/account/verify/${(await api.mailTo(firm.email)).token}`;
  const opened = await Promise.all(Array.from({ length: 20 }, (_, at) => api.call(at % 2 ? "HEAD" : "GET", path)));
  expect(new Set(opened.map(({ status }) => status))).toEqual(new Set([200]));
  expect(await isVerified(firm)).toBe(false);

  const done = await post(path);
  expect([done.status, done.text.includes("Your address is confirmed")]).toEqual([200, true]);
  expect(await isVerified(firm)).toBe(true);
  for (const again of [await post(path), await api.call("GET", path)])
    expect([again.status, again.text.includes("This link does not work")]).toEqual([422, true]);
});

test("a page with a link is not kept, indexed or framed, tells no referrer and loads nothing from elsewhere (S26, S60)", async () => {
  const { email } = await api.firm();
  const { headers, text } = await api.call("GET", await resetLink(email));
  expect(Object.fromEntries(headers)).toMatchObject({
    "cache-control": "no-store",
    "referrer-policy": "no-referrer",
    "x-robots-tag": "noindex",
    "x-frame-options": "DENY",
    "x-content-type-options": "nosniff",
  });
  expect(headers.get("content-security-policy")).toMatch(
    /^default-src 'none'; style-src 'self'; form-action 'self';.*frame-ancestors 'none'$/,
  );
  expect(text).not.toMatch(/<script|\son\w+=|\sstyle=/i);
  expect([...text.matchAll(/<label for="(\w+)"/g)].map(([, id]) => id)).toEqual(["password"]);
});

test("a password that is too short is told on the form, which then takes a better one (S15)", async () => {
  const { email } = await api.firm();
  const path = await resetLink(email);
  const short = await post(path, { password: "short" });
  expect([short.status, short.text.includes('name="password"')]).toEqual([422, true]);
  expect(short.text).toContain("Password must have at least 15 characters.");

  const done = await post(path, { password: "staple battery horse" });
  expect([done.status, done.text.includes("Your password was set")]).toEqual([200, true]);
  const login = (word: string) => api.call("POST", "/v1/auth/login", { body: { email, password: word } });
  expect([(await login(password)).status, (await login("staple battery horse")).status]).toEqual([401, 200]);
  expect((await api.mailTo(email)).subject).toBe("Your account was changed");
});

test("somebody new joins with name and password, on a page that shows the names as text (S15, E6)", async () => {
  const firm = await api.firm();
  await firm.verify();
  await firm.patch("/v1/business", { name: "<b>Ledger & Sons" });
  const email = anAddress("sam");
  await firm.post("/v1/invitations", { email, role: "staff" });
  const path = `/account/invitation/${(await api.mailTo(email)).token}`;
  const shown = await api.call("GET", path);
  expect(shown.text).toContain("&lt;b&gt;Ledger &amp; Sons");
  expect(shown.text).not.toContain("<b>Ledger");
  expect(shown.text).toMatch(/name="name"[\s\S]*name="password"/);

  expect((await post(path, { name: "", password })).text).toContain("Name must not be empty.");
  const short = await post(path, { name: 'Sam "Sammy" Reed', password: "short" });
  expect([short.status, short.text.includes('value="Sam &quot;Sammy&quot; Reed"')]).toEqual([422, true]);
  const joined = await post(path, { name: "Sam Reed", password });
  expect([joined.status, joined.text.includes("You joined")]).toEqual([200, true]);
  const login = await api.call("POST", "/v1/auth/login", { body: { email, password } });
  expect(login.status).toBe(200);
});

test("who has an account joins by one button (S15)", async () => {
  const [firm, other] = [await api.firm(), await api.firm()];
  await Promise.all([firm.verify(), other.verify()]);
  await firm.post("/v1/invitations", { email: other.email, role: "admin" });
  const path = `/account/invitation/${(await api.mailTo(other.email)).token}`;
  const { text } = await api.call("GET", path);
  expect(text).not.toContain("<input");
  expect((await post(path)).status).toBe(200);
  const businesses = (await other.get("/v1/me")).body.businesses as { role: string }[];
  expect(businesses.map(({ role }) => role)).toEqual(["owner", "admin"]);
});

test("a new address is confirmed on its page (S15)", async () => {
  const firm = await api.firm();
  await firm.verify();
  const next = anAddress("new");
  await firm.post("/v1/me/email", { email: next });
  const path = `/account/email/${(await api.mailTo(next)).token}`;
  expect((await api.call("GET", path)).status).toBe(200);
  expect((await api.call("POST", "/v1/auth/login", { body: { email: next, password } })).status).toBe(401);
  expect((await post(path)).text).toContain("Your address was changed");
  expect((await api.call("POST", "/v1/auth/login", { body: { email: next, password } })).status).toBe(200);
});

test.each(["verify", "reset", "invitation", "email"])(
  "a link to %s that was guessed or cut short is a page that says so (S26, S43)",
  async (page) => {
    for (const token of ["x", "A".repeat(43), "%00", "a".repeat(5_000)]) {
      for (const answer of [
        await api.call("GET", `/account/${page}/${token}`),
        await post(`/account/${page}/${token}`),
      ]) {
        expect([answer.status, answer.headers.get("content-type")]).toEqual([422, "text/html; charset=utf-8"]);
        expect(answer.text).toContain("This link does not work");
      }
    }
  },
);

test("a form over 8 KB is refused, and its link stays good (S38)", async () => {
  const { email } = await api.firm();
  const path = await resetLink(email);
  expect((await post(path, { password: "x".repeat(9_000) })).status).toBe(413);
  expect((await post(path, { password: "staple battery horse" })).status).toBe(200);
});

test("no log has the token of a link (S42)", async () => {
  const { email } = await api.firm();
  const path = await resetLink(email);
  await api.call("GET", path);
  await post(path, { password: "short" });
  const logged = lines.join("\n");
  expect(logged).toContain("POST /account/reset/:token");
  expect(logged).not.toContain(path.slice(-43));
});
