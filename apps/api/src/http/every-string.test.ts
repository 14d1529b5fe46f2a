import { afterAll, beforeAll, expect, test } from "vitest";
import { type GivenApi, type GivenFirm, givenApi } from "../given-api.ts";
import { endpoints } from "../routes/all.ts";

let api: GivenApi;
let firm: GivenFirm;
beforeAll(async () => {
  api = await givenApi();
  firm = await api.firm();
});
afterAll(() => api.close());

type Path = readonly (string | number)[];

/** Where `value` has strings. */
function stringsIn(value: unknown, path: Path = []): Path[] {
  if (typeof value === "string") return [path];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => stringsIn(inner, [...path, key]));
}

function withString(value: unknown, [first, ...rest]: Path, text: string): unknown {
  if (first === undefined) return text;
  const changed = structuredClone(value) as Record<string | number, unknown>;
  changed[first] = withString(changed[first], rest, text);
  return changed;
}

const pathOf = (path: string) => path.replaceAll(/:\w+/g, "01980000-0000-7000-8000-000000000001");
const odd = [
  ["NUL", "a\u0000b"],
  ["the first half of a character", "a\ud83d"],
  ["the second half of one", "\ude00b"],
] as const;

const withBody = endpoints.filter(({ body, example, oauth }) => body && example !== undefined && !oauth);

test.each(withBody.map((endpoint) => [endpoint.operationId, endpoint] as const))(
  "no string that %s takes may have NUL or half a character, and the field is named (S30)",
  async (_id, { method, path, example }) => {
    const places = stringsIn(example);
    for (const place of places) {
      for (const [, text] of odd) {
        const body = withString(example, place, text);
        const answer = await api.call(method.toUpperCase(), pathOf(path), { token: firm.token, body });
        expect([answer.status, answer.body.code]).toEqual([422, "validation_failed"]);
        expect(answer.body.errors).toContainEqual({
          field: place.join("."),
          message: "must not contain NUL or half a character",
        });
      }
    }
  },
);

test.each(odd)("nor may the name of a field have %s, nor a query, nor a form (S30)", async (_what, text) => {
  const named = await firm.post("/v1/clients", { name: "Hill Ltd", [text]: 1 });
  expect([named.status, named.body.code]).toEqual([422, "validation_failed"]);
  const form = { grant_type: "refresh_token", refresh_token: text };
  const granted = await api.call("POST", "/v1/auth/token", { body: form });
  expect([granted.status, granted.body.error]).toEqual([400, "invalid_request"]);
});

test("nor may a query have NUL; half a character cannot be written in one (S30, S36)", async () => {
  const asked = await firm.get("/v1/clients?search=a%00b");
  expect([asked.status, asked.body.errors?.[0].field]).toEqual([422, "search"]);
});

test.each([
  ["as many items as there may be", Array.from({ length: 20 }, (_, index) => ({ name: `C${index}` })), 201],
  ["one item too many", Array.from({ length: 21 }, (_, index) => ({ name: `C${index}` })), 422],
  ["twenty thousand items", Array.from({ length: 20_000 }, () => 1), 422],
])("a list with %s (S30)", async (_what, contacts, status) => {
  expect((await firm.post("/v1/clients", { name: "Hill Ltd", contacts })).status).toBe(status);
});

test.each([
  ["1e999", 422],
  ["-1e999", 422],
  ["9007199254740993", 422],
  ["1.5", 422],
  ["-1", 422],
  ["0", 422],
  ["1e1", 200],
  [`1${"0".repeat(400)}`, 422],
  ['"5"', 422],
])("the number %s, as it is written, for how many moments to show (S30)", async (limit, status) => {
  const schedule = '{"kind":"recurring","start":"2027-01-31T09:00","zone":"UTC","rule":"FREQ=DAILY"}';
  const answer = await firm.post("/v1/schedules/preview", `{"schedule":${schedule},"limit":${limit}}`);
  expect(answer.status).toBe(status);
});

const nested = (depth: number) => `{"name":${"[".repeat(depth)}${"]".repeat(depth)}}`;
test.each([
  ["as deep as is read", nested(18), 422],
  ["one deeper", nested(20), 400],
  ["forty thousand deep", nested(40_000), 400],
  ["deep in objects", `${'{"a":'.repeat(10_000)}1${"}".repeat(10_000)}`, 400],
])("a body that is nested %s (S30)", async (_what, body, status) => {
  expect((await firm.post("/v1/clients", body)).status).toBe(status);
});
