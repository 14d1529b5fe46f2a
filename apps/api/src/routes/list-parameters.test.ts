import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type GivenApi, type GivenFirm, givenApi } from "../given-api.ts";
import { endpoints } from "./all.ts";

let api: GivenApi;
let firm: GivenFirm;
let ids: Record<string, string>;
beforeAll(async () => {
  api = await givenApi();
  firm = await api.firm();
  const clientId = await firm.client();
  const reminderId = await firm.reminder({ assignments: [{ clientId }] });
  const sent = await firm.post(`/v1/reminders/${reminderId}/send`, {});
  ids = { clientId, reminderId, occurrenceId: sent.body.occurrenceId };
});
afterAll(() => api.close());

const lists = endpoints.filter(({ query }) => query !== undefined);
const parameters = lists.flatMap(({ path, query }) => Object.keys(query?.shape ?? {}).map((name) => ({ path, name })));
const filled = (path: string) => path.replaceAll(/:(\w+)/g, (_all, name: string) => ids[name] ?? "");

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
    const { status, body } = await firm.get(`${filled(path)}?${name}=${encodeURIComponent(sent)}`);
    expect([status, body.items ?? []], `${path}?${name}`).toEqual([status === 200 ? 200 : 422, []]);
  }
});
