import { type GivenStripe, givenStripe } from "@reminder-app/testing/given-stripe";
import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type GivenApi, type GivenFirm, givenApi } from "../given-api.ts";
import { endpoints } from "../routes/all.ts";

let stripe: GivenStripe;
let api: GivenApi;
let firm: GivenFirm;
let ids: Record<string, string>;
beforeAll(async () => {
  stripe = await givenStripe();
  api = await givenApi(stripe.settings);
  firm = await api.firm();
  const [clientId, reminderId] = [await firm.client(), await firm.reminder()];
  ids = { clientId, reminderId };
});
afterAll(async () => {
  await api.close();
  stripe.close();
});

const odd: readonly unknown[] = [
  null,
  true,
  -1,
  1.5,
  9_007_199_254_740_992,
  "",
  "\u0000",
  "\ud800",
  "😀".repeat(300),
  [],
  [[]],
  {},
  "9999-12-31T23:59",
  "FREQ=YEARLY;INTERVAL=1000;BYMONTH=2;BYMONTHDAY=29",
  "{{ client.constructor }}",
  "{% for i in (1..99999999) %}x{% endfor %}",
];

/** `value` with one part of it at a time replaced by something odd, or left out. */
function* mutationsOf(value: unknown): Generator {
  yield* odd;
  if (Array.isArray(value)) {
    for (const [index, part] of value.entries())
      for (const mutation of mutationsOf(part)) yield value.with(index, mutation);
  } else if (typeof value === "object" && value !== null) {
    for (const [name, part] of Object.entries(value)) {
      yield Object.fromEntries(Object.entries(value).filter(([other]) => other !== name));
      for (const mutation of mutationsOf(part)) yield { ...value, [name]: mutation };
    }
  }
}

/** Whose body is JSON: files are tried with the imports. */
const withExample = endpoints.filter(
  ({ example, path, upload }) => example !== undefined && upload === undefined && !path.startsWith("/v1/auth/"),
);

test.each(withExample.map((endpoint) => [endpoint.operationId, endpoint] as const))(
  "whatever part of its body is odd, %s answers what it documents, and never a 5xx (S30)",
  async (_id, { method, path, example }) => {
    const filled = path.replaceAll(/:(\w+)/g, (_all, name: string) => ids[name] ?? randomUUID());
    // What members do to their own account can end their sessions.
    const { token } = path.startsWith("/v1/me/") ? await api.firm() : firm;
    const statuses = new Set<number>();
    for (const body of mutationsOf(example)) {
      const answer = await api.call(method.toUpperCase(), filled, { token, body });
      statuses.add(answer.status);
    }
    expect([...statuses].filter((status) => status >= 500)).toEqual([]);
    expect(statuses).toContain(422);
  },
);
