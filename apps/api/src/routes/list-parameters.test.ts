import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type GivenApi, type GivenFirm, givenApi } from "../given-api.ts";
import { fill, makeObjects } from "../given-objects.ts";
import { endpoints } from "./all.ts";

let api: GivenApi;
let firm: GivenFirm;
let paths: ReadonlyMap<string, string>;
beforeAll(async () => {
  api = await givenApi();
  firm = await api.firm();
  const made = lists.map(async (list) => {
    const objects = await makeObjects(list, { firm, caller: firm, staff: [] });
    return [list.path, fill(list.path, objects)] as const;
  });
  paths = new Map(await Promise.all(made));
});
afterAll(() => api.close());

const lists = endpoints.filter(({ query }) => query !== undefined);
const parameters = lists.flatMap(({ path, query }) => Object.keys(query?.shape ?? {}).map((name) => ({ path, name })));
const filled = (path: string) => paths.get(path) ?? "";

describe.each(lists.map(({ operationId, path }) => ({ operationId, path })))("$operationId", ({ path }) => {
  test.each(["sort", "order", "orderBy", "filter", "where", "fields", "groupBy"])(
    "sorts and filters by nothing that the caller words: %s (S31)",
    async (name) => {
      const { status, body } = await firm.get(`${filled(path)}?${name}=name%3B%20drop%20table%20clients`);
      expect([status, body.errors]).toEqual([422, [{ field: name, message: "is not a known field" }]]);
    },
  );
});

const injections = [
  "' or '1'='1",
  '" or ""="',
  "%",
  "_",
  "\\",
  "') union select email from members -- ",
  "0x41",
  "1; select sleep(9)",
];

test.each(injections)("a parameter of a list is a value: %s is refused, or found nowhere (S31)", async (text) => {
  expect(parameters.length).toBeGreaterThan(10);
  for (const { path, name } of parameters) {
    const sent = name === "address" ? `${text}@x.example` : text;
    const { status, body, text: csv } = await firm.get(`${filled(path)}?${name}=${encodeURIComponent(sent)}`);
    const items = body ? (body.items ?? []) : csv.trim().split("\r\n").slice(1);
    expect([status, items], `${path}?${name}`).toEqual([status === 200 ? 200 : 422, []]);
  }
});
