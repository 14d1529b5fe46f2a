import { expect, test } from "vitest";
import { openApiFaults } from "./openapi.ts";

const operation = {
  operationId: "listClients",
  summary: "List clients",
  responses: { 200: { description: "A page" }, 401: { description: "Not signed in" } },
};
const documentWith = (paths: object) => ({
  openapi: "3.1.0",
  info: { title: "Reminder App", version: "1.0.0" },
  servers: [{ url: "https://reminders.example" }],
  security: [{ bearer: [] }],
  components: { securitySchemes: { bearer: { type: "http", scheme: "bearer" } } },
  paths,
});

test("a document whose operations say what they are, need and answer is fine", async () => {
  expect(await openApiFaults(documentWith({ "/v1/clients": { get: operation } }))).toEqual([]);
});

test.each([
  ["operation-summary", { ...operation, summary: undefined }],
  ["operation-4xx-response", { ...operation, responses: { 200: { description: "A page" } } }],
  ["operation-operationId", { ...operation, operationId: undefined }],
  ["security-defined", { ...operation, security: [{ unheardOf: [] }] }],
])("an operation that breaks %s is told", async (rule, broken) => {
  const faults = await openApiFaults(documentWith({ "/v1/clients": { get: broken } }));

  expect(faults).toEqual([expect.stringContaining(`(${rule})`)]);
});

test("two operations of one name, and an operation that says nothing of security, are told", async () => {
  const twice = documentWith({ "/v1/clients": { get: operation }, "/v1/others": { get: operation } });
  const { security: _, ...open } = documentWith({ "/v1/clients": { get: operation } });

  expect((await openApiFaults(twice)).join()).toContain("operation-operationId-unique");
  expect((await openApiFaults(open)).join()).toContain("security-defined");
});
