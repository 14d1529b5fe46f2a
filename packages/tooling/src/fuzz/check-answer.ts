import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js";
import type { Fault } from "./finding.ts";
import type { Operation } from "./read-operations.ts";
import type { Schema } from "./schema.ts";
import type { Received } from "./send-request.ts";

export interface Asked {
  readonly method: string;
  /** What the answer is held against; undefined when nothing is documented for this method and path. */
  readonly operation: Operation | undefined;
  /** All that was sent, so that an echo is not taken for a leak. */
  readonly said: string;
  /** Strings and ids that belong to another business. */
  readonly foreign: Foreign;
}

export interface Foreign {
  readonly canaries: readonly string[];
  hasId(id: string): boolean;
}

/** Holds answers against the documentation, and against what no answer may have. */
export function createAnswerCheck(): (answer: Received, asked: Asked) => Fault[] {
  const ajv = new Ajv2020({ strict: false, validateFormats: false });
  const compiled = new WeakMap<Schema, ValidateFunction>();
  const matches = (schema: Schema, value: unknown): string | undefined => {
    const validate = compiled.get(schema) ?? ajv.compile(schema);
    compiled.set(schema, validate);
    return validate(value) ? undefined : ajv.errorsText(validate.errors);
  };

  return (answer, asked) => [
    ...statusFaults(answer, asked.operation),
    ...(asked.method === "HEAD" ? [] : bodyFaults(answer, asked.operation, matches)),
    ...headerFaults(answer, asked.operation),
    ...leaks(answer, asked),
  ];
}

/** What any request may be answered with that is no operation of the documentation. */
const outside = new Set([400, 401, 404, 405, 408, 413, 415, 421, 422, 429, 431, 503]);

function statusFaults({ status }: Received, operation: Operation | undefined): Fault[] {
  const documented = operation ? String(status) in operation.answers : status < 400 || outside.has(status);
  if (status >= 500 && !(status === 503 && documented)) return [{ kind: "5xx", message: `it failed with ${status}` }];
  return documented ? [] : [{ kind: "undocumented", message: `the status ${status} is not documented` }];
}

type Matches = (schema: Schema, value: unknown) => string | undefined;

function bodyFaults(answer: Received, operation: Operation | undefined, matches: Matches): Fault[] {
  const { status, headers, text } = answer;
  const type = headers["content-type"]?.split(";")[0]?.trim();
  const content = operation?.answers[status];
  if (content && Object.keys(content).length === 0)
    return text === "" ? [] : [{ kind: "schema", message: "it has a body, and none is documented" }];
  const schema = type === undefined ? undefined : content?.[type];
  if (content && !schema)
    return [{ kind: "schema", message: `its type ${type ?? "is missing and"} is not documented for ${status}` }];
  if (status < 400 && (!schema || !type?.endsWith("json"))) return [];
  return jsonFaults(answer, type, schema && ((body) => matches(schema, body)));
}

function jsonFaults(
  { status, headers, text }: Received,
  ...[type, mismatchOf]: [string | undefined, ((body: unknown) => string | undefined) | undefined]
): Fault[] {
  const body = type?.endsWith("json") ? parsed(text) : undefined;
  if (body === undefined) return [{ kind: "schema", message: `its body is not JSON, its type ${type ?? "missing"}` }];
  const mismatch = mismatchOf?.(body);
  const problems = type === "application/problem+json" ? problemFaults(body, status, headers) : [];
  return [...(mismatch === undefined ? [] : [mismatch]), ...problems].map((message) => ({ kind: "schema", message }));
}

function problemFaults(body: unknown, status: number, headers: Received["headers"]): string[] {
  const { code, requestId, status: told } = body as { code?: unknown; requestId?: unknown; status?: unknown };
  return [
    ...(typeof code === "string" && /^[a-z_]+$/.test(code) ? [] : ["a problem without a code"]),
    ...(typeof requestId === "string" && requestId !== "" ? [] : ["a problem without a request id"]),
    ...(requestId === headers["x-request-id"] ? [] : ["a problem whose request id is not that of its header"]),
    ...(told === status ? [] : ["a problem that tells another status"]),
  ];
}

const required: readonly (readonly [string, RegExp])[] = [
  ["x-content-type-options", /^nosniff$/],
  ["x-frame-options", /^DENY$/],
  ["x-xss-protection", /^1; mode=block$/],
  ["content-security-policy", /default-src 'none'/],
  ["referrer-policy", /./],
  ["permissions-policy", /./],
  ["x-request-id", /./],
];

function headerFaults({ status, headers }: Received, operation: Operation | undefined): Fault[] {
  const wanted: (readonly [string, RegExp])[] = [
    ...required,
    ...(status === 401 ? [["www-authenticate", /./] as const] : []),
    ...(status === 503 ? [["retry-after", /^\d+$/] as const] : []),
    ...(operation ? [["cache-control", /no-store/] as const] : []),
  ];
  const missing = wanted.filter(([name, form]) => !form.test(headers[name] ?? ""));
  const tells = headers["x-powered-by"] ?? /express|node|mysql|mariadb/i.exec(headers["server"] ?? "")?.[0];
  return [
    ...missing.map(([name]): Fault => ({ kind: "undocumented", message: `the header ${name} is not as it should be` })),
    ...(tells === undefined ? [] : [{ kind: "leak", message: `a header tells of ${tells}` } as const]),
  ];
}

const internals =
  /node_modules|\bat [\w.<>]+ \(|\.(?:ts|js|mjs):\d+|\bER_[A-Z_]+\b|ECONN\w+|errno|sqlState|drizzle|mysql|mariadb|ioredis|\bselect\b.+\bfrom\b|\binsert into\b|\/(?:tmp|home|root|app)\/\w+/i;

function leaks({ status, headers, text }: Received, { said, foreign }: Asked): Fault[] {
  const all = `${JSON.stringify(headers)}\n${text}`.toLowerCase();
  const canaries = foreign.canaries.filter((canary) => all.includes(canary.toLowerCase()));
  const ids = [...new Set(all.match(/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g))].filter(
    (id) => foreign.hasId(id) && !said.toLowerCase().includes(id),
  );
  const told = status >= 400 ? internals.exec(text)?.[0] : undefined;
  return [
    ...[...canaries, ...ids].map((value): Fault => ({ kind: "leak", message: `it has ${value} of another business` })),
    ...(told !== undefined && !said.includes(told)
      ? [{ kind: "leak", message: `it tells of "${told}"` } as const]
      : []),
  ];
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
