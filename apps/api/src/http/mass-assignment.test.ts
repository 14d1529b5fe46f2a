import { everyColumnName, snapshotOf } from "@reminder-app/testing/given-rows";
import { afterAll, beforeAll, expect, test } from "vitest";
import { z } from "zod";
import { type GivenApi, type GivenFirm, givenApi } from "../given-api.ts";
import { businessOf, fill, makeBody, makeObjects } from "../given-objects.ts";
import { endpoints } from "../routes/all.ts";

let api: GivenApi;
let firm: GivenFirm;
let businessId: string;
let columns: readonly string[];
beforeAll(async () => {
  api = await givenApi();
  firm = await api.firm();
  await firm.verify();
  businessId = await businessOf(firm);
  columns = await everyColumnName();
});
afterAll(() => api.close());

interface ObjectSchema {
  readonly properties?: object;
  readonly anyOf?: readonly ObjectSchema[];
  readonly oneOf?: readonly ObjectSchema[];
  readonly allOf?: readonly ObjectSchema[];
}

/** The fields that a body may have. */
function fieldsOf({ properties = {}, anyOf = [], oneOf = [], allOf = [] }: ObjectSchema): string[] {
  return [...Object.keys(properties), ...[...anyOf, ...oneOf, ...allOf].flatMap(fieldsOf)];
}

// What else comes to the token endpoint is ignored, as RFC 6749 asks; it writes none of it.
const taking = endpoints.filter(({ body, oauth }) => body && !oauth);

test.each(taking.map((endpoint) => [endpoint.operationId, endpoint] as const))(
  "%s refuses every column that it does not name as its own, and changes nothing (S22)",
  async (_id, endpoint) => {
    const making = { firm, caller: firm, staff: [] };
    const made = await makeObjects(endpoint, making);
    const body = await makeBody(endpoint, { ...making, made });
    const known = fieldsOf(z.toJSONSchema(endpoint.body!, { io: "input", unrepresentable: "any" }));
    const strange = columns.filter((name) => !known.includes(name));
    const sent = { ...Object.fromEntries(strange.map((name) => [name, null])), ...(body as object) };
    const before = await snapshotOf(businessId);

    const answer = await api.call(endpoint.method.toUpperCase(), fill(endpoint.path, made), {
      token: firm.token,
      body: sent,
    });

    expect([answer.status, answer.body.code]).toEqual([422, "validation_failed"]);
    const refused = (answer.body.errors as { field: string; message: string }[])
      .filter(({ message }) => message === "is not a known field")
      .map(({ field }) => field);
    expect(refused.toSorted()).toEqual(strange.toSorted());
    expect(await snapshotOf(businessId)).toEqual(before);
  },
);

/** Fields that only the server may write, wherever in a body they stand. */
const owned = ["id", "businessId", "createdAt", "updatedAt", "state", "status", "fence"];

/** `value` with the server's fields in one of its inner objects at a time, and where that is. */
function* withOwned(value: unknown, path = ""): Generator<{ path: string; body: unknown }> {
  if (typeof value !== "object" || value === null) return;
  const entries = Object.entries(value);
  if (path !== "" && !Array.isArray(value))
    yield { path, body: { ...Object.fromEntries(owned.map((name) => [name, "x"])), ...value } };
  for (const [name, part] of entries) {
    for (const inner of withOwned(part, path === "" ? name : `${path}.${name}`)) {
      const body = Array.isArray(value) ? value.with(Number(name), inner.body) : { ...value, [name]: inner.body };
      yield { path: inner.path, body };
    }
  }
}

const nested = taking.flatMap((endpoint) =>
  [...withOwned(endpoint.example)].map(
    ({ path, body }) => [`${endpoint.operationId} ${path}`, endpoint, body] as const,
  ),
);

test.each(nested)("what the server owns cannot be written within %s (S22)", async (_where, endpoint, body) => {
  const made = await makeObjects(endpoint, { firm, caller: firm, staff: [] });
  const before = await snapshotOf(businessId);
  const answer = await api.call(endpoint.method.toUpperCase(), fill(endpoint.path, made), { token: firm.token, body });
  expect(answer.status).toBe(422);
  expect(await snapshotOf(businessId)).toEqual(before);
});

test.each([
  ["/v1/business", { id: "x" }, { status: "suspended" }, { mode: "test" }, { createdAt: "2020-01-01T00:00:00Z" }],
  ["/v1/clients/:clientId", { id: "x" }, { archivedAt: null }, { createdAt: "2020-01-01T00:00:00Z" }],
  [
    "/v1/reminders/:reminderId",
    { status: "active" },
    { revision: 9 },
    { nextDueAt: "2030-01-01T00:00:00Z" },
    { type: "custom" },
  ],
])("of %s what the server owns cannot be changed (S22)", async (path, ...changes) => {
  const made = await makeObjects({ path }, { firm, caller: firm, staff: [] });
  const before = await firm.get(fill(path, made));
  for (const change of changes) expect((await firm.patch(fill(path, made), change)).status).toBe(422);
  expect((await firm.get(fill(path, made))).body).toEqual(before.body);
});
