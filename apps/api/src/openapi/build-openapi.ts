import { keyScopes } from "@reminder-app/core/api-keys/key-scopes";
import { z } from "zod";
import type { Endpoint } from "../http/endpoint.ts";
import { endpoints } from "../routes/all.ts";
import { eventDocs } from "./event-docs.ts";
import { oauthErrorSchema, problemSchema } from "../schemas.ts";

const BINARY = "application/octet-stream";

type Json = Record<string, unknown>;

const aboutTag: Readonly<Record<string, string>> = {
  "Sign-in": "Register a business, get tokens and renew them",
  "API keys": "Let programs in, each with a role and scopes of its own",
  Account: "One's address, password, second factor and sessions",
  Members: "Who belongs to a business, as what, and who is invited",
  Business: "The profile that clients inherit zone, language, channels and quiet hours from",
  Clients: "Who is reminded, their contacts and addresses",
  Links: "What opens a client's own page without a password, and who opened it",
  "Bank lines": "What came in by bank, and which payment request it is for",
  Imports: "Clients and bank lines from CSV files: checked first, then taken in row by row",
  Reminders: "What is said, when, on which channels",
  Assignments: "Which client is on which reminder, for which period",
  Schedules: "Which moments a schedule means, before it is saved",
  "Provider accounts": "Your own accounts at mail servers, Twilio and WhatsApp; messages then go out by them",
  Audit: "Who did what, when, and what changed by it",
  Suppressions: "Which addresses may not be written to: opted out, bounced, or put there by hand",
  Documents: "Files that clients send and get, and lists of what they are asked for",
  Deliveries: "What was sent, what waits, and why",
  Reports: "What came of messages, which of them work, what is owed and what came in",
  "Test mode": "The clock of a test business, and what it would have sent",
  Tags: "Groups of clients, and the reminders that whoever has a tag is on",
  Webhooks: "Programs of your own that hear of events: where they are, what they were told, and how that went",
  Tasks: "What a person has to look at: work that was never done, moments that were missed",
};

/** OpenAPI 3.1 of all routes, generated from the schemas that parse the requests and present the answers. */
export function buildOpenApi(routes: readonly Endpoint[] = endpoints): Json {
  const paths: Record<string, Json> = {};
  for (const endpoint of routes) {
    const path = endpoint.path.replaceAll(/:(\w+)/g, "{$1}");
    paths[path] = { ...paths[path], [endpoint.method]: operation(endpoint) };
  }
  return {
    openapi: "3.1.0",
    info: {
      title: "Reminder App",
      version: "1.0.0",
      description: "Reminders that clients get once, at the right local time, and never after they are done.",
      license: { name: "MIT", identifier: "MIT" },
    },
    servers: [{ url: "/" }],
    tags: [...new Set(routes.map(({ tag }) => tag))].map((name) => ({ name, description: aboutTag[name] ?? name })),
    paths,
    webhooks: eventDocs(jsonSchema),
    components: {
      securitySchemes: {
        bearer: { type: "http", scheme: "bearer", bearerFormat: "JWT", description: "A member's access token" },
        apiKey: { type: "http", scheme: "bearer", bearerFormat: "rk_live_… or rk_test_…", description: aboutKeys() },
      },
      schemas: { Problem: jsonSchema(problemSchema, "output"), OauthError: jsonSchema(oauthErrorSchema, "output") },
    },
  };
}

function operation(endpoint: Endpoint): Json {
  return {
    operationId: endpoint.operationId,
    summary: endpoint.summary,
    description: describe(endpoint),
    tags: [endpoint.tag],
    security: security(endpoint),
    parameters: parameters(endpoint),
    ...(endpoint.form && { requestBody: formBody(endpoint.form) }),
    ...(endpoint.body && { requestBody: requestBody(endpoint, jsonSchema(endpoint.body, "input")) }),
    ...(endpoint.upload !== undefined && { requestBody: fileBody(endpoint.upload, endpoint.example) }),
    responses: responses(endpoint),
  };
}

function requestBody({ oauth, example }: Endpoint, schema: Json): Json {
  const content = { schema, ...(example !== undefined && { example }) };
  const form = oauth && { "application/x-www-form-urlencoded": content };
  return { required: true, content: { ...form, "application/json": content } };
}

function fileBody(type: string, example: unknown): Json {
  const content = { schema: { type: "string", format: "binary" }, ...(example !== undefined && { example }) };
  return { required: true, content: { [type]: content } };
}

/** Fields first, then files, in parts of any names. */
function formBody({ fields }: NonNullable<Endpoint["form"]>): Json {
  const { properties } = jsonSchema(fields, "input") as { properties: Json };
  const file = { type: "array", items: { type: "string", format: "binary" }, minItems: 1 };
  const schema = { type: "object", properties: { ...properties, file }, required: ["file"] };
  return { required: true, content: { "multipart/form-data": { schema } } };
}

function security({ access, scope }: Endpoint): Json[] {
  if (access === "public") return [];
  return scope === "members" ? [{ bearer: [] }] : [{ bearer: [] }, { apiKey: [] }];
}

function describe({ access, scope, recent, allClients }: Endpoint): string {
  if (access === "public") return "Needs no sign-in.";
  const since = recent ? ", who proved who they are in the last 5 minutes" : "";
  const keys = scope === "members" ? "API keys cannot call it." : `API keys need the scope \`${scope}\`.`;
  const reach = allClients ? " Not for those who work with some clients only." : "";
  return `For members with the role ${access} or more${since}.${reach} ${keys}`;
}

function aboutKeys(): string {
  const scopes = Object.entries(keyScopes).map(([name, meaning]) => `- \`${name}\`: ${meaning}`);
  return ["An API key, which has a role and scopes:", ...scopes].join("\n");
}

function parameters({ path, params, query, idempotent }: Endpoint): Json[] {
  const inPath = [...path.matchAll(/:(\w+)/g)].map(([, name = ""]) => ({
    name,
    in: "path",
    required: true,
    schema: params?.[name] ? jsonSchema(params[name], "input") : { type: "string", format: "uuid" },
  }));
  const inQuery = Object.entries(query?.shape ?? {}).map(([name, schema]) => ({
    name,
    in: "query",
    required: false,
    schema: jsonSchema(schema as z.ZodType, "input"),
  }));
  const key = { name: "Idempotency-Key", in: "header", required: false, schema: { type: "string", maxLength: 100 } };
  return [...inPath, ...inQuery, ...(idempotent ? [key] : [])];
}

function responses(endpoint: Endpoint): Json {
  const { answer, access, method, path, rate, oauth, upload, form } = endpoint;
  const problems: [number, string, boolean][] = [
    [400, "The request cannot be read", true],
    [401, "Not signed in, or what was sent to sign in is wrong", access !== "public" || rate === "sign-in"],
    [403, "The role does not allow it", access !== "public"],
    [404, "There is no such thing in this business", path.includes(":") || namesOthers(endpoint)],
    [409, "It cannot be done in this state", path.includes(":") || (access !== "public" && method !== "get")],
    [413, "The body is too large", method !== "get"],
    [415, `The body is not ${upload ?? (form ? "a form with files" : "JSON")}`, method !== "get"],
    [422, "A field is wrong; `errors` names it", !oauth],
    [429, "Too many requests", rate !== undefined || access !== "public"],
    [503, "The service cannot answer now", true],
  ];
  const described: Json = { [answer.status]: success(answer) };
  for (const [status, description, applies] of problems)
    if (applies) described[status] = oauth ? oauthError(description) : problem(description);
  return described;
}

/** Whether it is told ids of things that may not be there. A list of what belongs to nothing is empty. */
function namesOthers({ access, method, body, query }: Endpoint): boolean {
  const said = [body, method === "get" ? undefined : query].filter((schema) => schema !== undefined);
  return (
    access !== "public" && said.some((schema) => /"format":"uuid"/.test(JSON.stringify(jsonSchema(schema, "input"))))
  );
}

function success({ schema, media }: Endpoint["answer"]): Json {
  if (media)
    return {
      description: "Done",
      content: { [media]: { schema: downloaded(media) } },
    };
  if (!schema) return { description: "Done" };
  return { description: "Done", content: { "application/json": { schema: jsonSchema(schema, "output") } } };
}

function downloaded(media: string): Json {
  if (media === "application/json") return { type: "object" };
  return { type: "string", ...(media === BINARY && { format: "binary" }) };
}

function problem(description: string): Json {
  return { description, content: { "application/problem+json": { schema: { $ref: "#/components/schemas/Problem" } } } };
}

function oauthError(description: string): Json {
  return { description, content: { "application/json": { schema: { $ref: "#/components/schemas/OauthError" } } } };
}

function jsonSchema(schema: z.ZodType, io: "input" | "output"): Json {
  const { $schema: _, ...json } = z.toJSONSchema(schema, {
    io,
    unrepresentable: "any",
    target: "draft-2020-12",
  }) as Json;
  return json;
}
