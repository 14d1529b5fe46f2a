import { expect, test } from "vitest";
import { endpoints } from "../routes/all.ts";
import type { Endpoint } from "./endpoint.ts";
import { requireAllowed, requirePolicies } from "./policy.ts";

const route = {
  operationId: "readTea",
  summary: "Read the tea leaves",
  access: "staff",
  scope: "clients:read",
} as const;
const without = (...names: string[]) =>
  Object.fromEntries(Object.entries(route).filter(([name]) => !names.includes(name))) as unknown as Endpoint;

test.each([
  ["no role", without("access"), "readTea does not say which role"],
  ["a role that is none", { ...route, access: "boss" as never }, "readTea does not say which role"],
  ["no scope for keys", without("scope"), "readTea does not say which scope"],
  ["a scope that is none", { ...route, scope: "tea:read" as never }, "readTea does not say which scope"],
  ["a scope that every object has", { ...route, scope: "constructor" as never }, "readTea does not say which scope"],
])("a route with %s does not start (S20)", (_what, policy, fault) => {
  expect(() => requirePolicies([...endpoints, policy])).toThrow(fault);
});

test("a route that is public needs no scope, and all that are served say who may call them (S20)", () => {
  expect(() => requirePolicies([...endpoints, { ...without("scope"), access: "public" }])).not.toThrow();
});

const key = { kind: "key", keyId: "k" as never, role: "staff", scopes: ["clients:read"] } as const;
const ctxOf = (actor: object) => ({ actor }) as never;

test.each([
  ["without the scope", { ...key, scopes: ["clients:write"] as const }, route, "scope_missing"],
  ["with the scope and too small a role", { ...key, role: "viewer" }, route, "forbidden"],
  ["where only members may", key, { ...route, scope: "members" as const }, "forbidden"],
])("a key %s is refused (S20, S24)", (_what, actor, policy, code) => {
  expect(() => requireAllowed(ctxOf(actor), policy)).toThrow(expect.objectContaining({ code }));
});

test("a key with the scope and the role is let through (S20, S24)", () => {
  expect(() => requireAllowed(ctxOf(key), route)).not.toThrow();
});
