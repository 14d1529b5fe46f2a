import type { Schema } from "./schema.ts";

export interface Parameter {
  readonly name: string;
  readonly in: "path" | "query" | "header";
  readonly schema: Schema;
}

export interface BodyKind {
  readonly contentType: string;
  readonly schema: Schema;
  readonly example?: unknown;
}

/** One operation of an API, as its documentation has it. */
export interface Operation {
  readonly id: string;
  readonly method: string;
  /** With its parameters in braces. */
  readonly path: string;
  readonly parameters: readonly Parameter[];
  readonly bodies: readonly BodyKind[];
  /** For each status the schema of each content type; none for an answer without a body. */
  readonly answers: Readonly<Record<string, Readonly<Record<string, Schema>>>>;
  readonly needsToken: boolean;
}

interface Described {
  readonly operationId?: string;
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: { readonly content?: Readonly<Record<string, { schema?: Schema; example?: unknown }>> };
  readonly responses?: Readonly<Record<string, { content?: Readonly<Record<string, { schema?: Schema }>> }>>;
  readonly security?: readonly object[];
}

const methods = new Set(["get", "post", "put", "patch", "delete"]);
const DEEPEST = 40;

/** All operations of an OpenAPI document, with what it refers to put in place. */
export function readOperations(document: object): Operation[] {
  const { paths, security } = inPlace(document, document, 0) as {
    paths?: Record<string, Record<string, Described>>;
    security?: readonly object[];
  };
  return Object.entries(paths ?? {}).flatMap(([path, item]) =>
    Object.entries(item)
      .filter(([method]) => methods.has(method))
      .map(([method, described]) => toOperation({ method, path }, { security: security ?? [], ...described })),
  );
}

function toOperation({ method, path }: { method: string; path: string }, described: Described): Operation {
  const content = Object.entries(described.requestBody?.content ?? {});
  const answers = Object.entries(described.responses ?? {}).map(([status, answer]) => [
    status,
    Object.fromEntries(Object.entries(answer.content ?? {}).map(([type, { schema }]) => [type, schema ?? {}])),
  ]);
  return {
    id: described.operationId ?? `${method} ${path}`,
    method: method.toUpperCase(),
    path,
    parameters: described.parameters ?? [],
    bodies: content.map(([contentType, { schema, example }]) => ({ contentType, schema: schema ?? {}, example })),
    answers: Object.fromEntries(answers) as Operation["answers"],
    needsToken: (described.security ?? []).length > 0,
  };
}

/** `node` with every `$ref` replaced by what it names in `root`. */
function inPlace(node: unknown, root: object, depth: number): unknown {
  if (typeof node !== "object" || node === null) return node;
  if (depth > DEEPEST) return {};
  if (Array.isArray(node)) return node.map((item) => inPlace(item, root, depth + 1));
  if ("$ref" in node && typeof node.$ref === "string") return inPlace(named(node.$ref, root), root, depth + 1);
  return Object.fromEntries(Object.entries(node).map(([key, value]) => [key, inPlace(value, root, depth + 1)]));
}

function named(reference: string, root: object): unknown {
  let found: unknown = root;
  for (const step of reference.replace(/^#\//, "").split("/")) {
    const key = step.replaceAll("~1", "/").replaceAll("~0", "~");
    found = typeof found === "object" && found !== null ? (found as Record<string, unknown>)[key] : undefined;
  }
  if (found === undefined) throw new Error(`The document names ${reference}, which it lacks`);
  return found;
}
