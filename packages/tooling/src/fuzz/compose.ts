import fc, { type Arbitrary, type GeneratorValue } from "fast-check";
import { arbitraryOf } from "./arbitrary-of-schema.ts";
import type { Examples } from "./examples.ts";
import { fill, learned } from "./learned.ts";
import { chance, pick } from "./pick.ts";
import type { Operation, Parameter } from "./read-operations.ts";
import { type Schema, itemOf, propertyOf } from "./schema.ts";
import type { Binding, World } from "./world.ts";

/** A request in parts, which a mutation may still change. */
export interface Parts {
  operation: Operation;
  method: string;
  /** By name; a value that begins with `%` stands in the path as it is. */
  params: Record<string, string>;
  query: [string, string][];
  headers: Record<string, string>;
  schema?: Schema | undefined;
  body?: unknown;
  /** Sent instead of the body, as it is. */
  bytes?: Buffer;
}

export interface Composer {
  /** A request that the documentation calls right, with ids and words from `world`. */
  compose(operation: Operation, world: World, draw: GeneratorValue): Parts;
}

const nowhere = "01980000-0000-7000-8000-00000000dead";

export function createComposer(examples: Examples): Composer {
  const known = new WeakMap<Schema, Arbitrary<unknown>>();
  const valuesOf = (schema: Schema, name: string): Arbitrary<unknown> => {
    const arbitrary = known.get(schema) ?? arbitraryOf(schema, name, examples);
    known.set(schema, arbitrary);
    return arbitrary;
  };

  return {
    compose(operation, world, draw) {
      const parts: Parts = {
        operation,
        method: operation.method,
        params: paramsOf(operation, world, draw(fc.nat)),
        query: [],
        headers: {},
      };
      for (const parameter of operation.parameters) addParameter(parts, parameter, world, draw);
      if (operation.bodies.length === 0) return parts;
      const body = pick(draw, operation.bodies);
      const asExample = body.example !== undefined && chance(draw, 40);
      const value = asExample
        ? withLearnedIds(body.example, { schema: body.schema, name: "", pick: draw(fc.nat) })
        : draw(() => valuesOf(body.schema, ""));
      return {
        ...parts,
        schema: body.schema,
        body: fill(value, world),
        headers: { ...parts.headers, "content-type": sentAs(body.contentType) },
      };
    },
  };

  function addParameter(
    parts: Parts,
    { name, in: place, schema }: Parameter,
    ...[world, draw]: [World, GeneratorValue]
  ) {
    if (place === "path" || chance(draw, 67)) return;
    const value = fill(
      draw(() => valuesOf(schema, name)),
      world,
    );
    if (place === "query") parts.query.push([name, String(value)]);
    else parts.headers[name.toLowerCase()] = visible(String(value));
  }
}

/** Ids for the braces of a path that belong to each other, where any are known; words where the path has words. */
export function paramsOf({ path, parameters }: Operation, world: World, pick: number): Record<string, string> {
  const names = [...path.matchAll(/\{(\w+)\}/g)].map(([, name = ""]) => name);
  const together: Binding = world.bindingOf(names.at(-1) ?? "", pick) ?? {};
  return Object.fromEntries(
    names.map((name) => {
      const words = parameters.find((parameter) => parameter.in === "path" && parameter.name === name)?.schema.enum;
      if (words) return [name, String(words[pick % words.length])];
      return [name, together[name] ?? world.bindingOf(name, pick)?.[name] ?? nowhere];
    }),
  );
}

/** An example of the documentation names ids that nobody has: ours take their places. */
export function withLearnedIds(
  value: unknown,
  { schema, name, pick }: { schema: Schema | undefined; name: string; pick: number },
): unknown {
  if (Array.isArray(value))
    return value.map((item) => withLearnedIds(item, { schema: itemOf(schema), name: name.replace(/s$/, ""), pick }));
  if (typeof value === "object" && value !== null)
    return Object.fromEntries(
      Object.entries(value).map(([key, inner]) => [
        key,
        withLearnedIds(inner, { schema: propertyOf(schema, key), name: key, pick }),
      ]),
    );
  if (typeof value === "string" && schema?.format === "uuid")
    return learned({ kind: "id", name, pick, otherwise: value });
  return value;
}

/** A header holds visible ASCII only; what else could be in it is tried over bare sockets. */
const visible = (text: string) => text.replaceAll(/[^\x20-\x7e]/g, "").trim() || "k";

/** The path as it is asked for, with its query. */
export function pathOf({ operation, params, query }: Pick<Parts, "operation" | "params" | "query">): string {
  const path = operation.path.replaceAll(/\{(\w+)\}/g, (_all, name: string) => escaped(params[name] ?? ""));
  const search = query.map(([name, value]) => `${escaped(name)}=${escaped(value)}`).join("&");
  return search === "" ? path : `${path}?${search}`;
}

/** What begins with a percent sign goes out as it is, so that broken escapes are tried, but for what no address holds. */
function escaped(text: string): string {
  const whole = text.toWellFormed();
  return text.startsWith("%") ? whole.replaceAll(/[^\x21-\x7e]/gu, encodeURIComponent) : encodeURIComponent(whole);
}

const BOUNDARY = "fuzz-boundary";

function sentAs(contentType: string): string {
  return contentType === "multipart/form-data" ? `${contentType}; boundary=${BOUNDARY}` : contentType;
}

/** Fields as parts; lists are files, of which each is what its item says. */
function formBytes(body: unknown): Buffer {
  const parts = Object.entries(typeof body === "object" && body !== null ? body : {}).flatMap(([name, value]) =>
    Array.isArray(value)
      ? value.map((item, at) => [`${name}"; filename="${at}.txt`, item] as const)
      : [[name, value] as const],
  );
  const written = parts.map(
    ([name, value]) =>
      `--${BOUNDARY}\r\nContent-Disposition: form-data; name="${name.replaceAll(/[\r\n]/g, "")}"\r\n\r\n${String(value)}\r\n`,
  );
  return Buffer.from(`${written.join("")}--${BOUNDARY}--\r\n`);
}

/** The body as it goes over the wire. */
export function bytesOf({ body, bytes, headers }: Parts): Buffer | undefined {
  if (bytes) return bytes;
  if (body === undefined) return undefined;
  if (typeof body === "string" && headers["content-type"] === "text/csv") return Buffer.from(body);
  if (!/form-urlencoded|form-data/.test(headers["content-type"] ?? ""))
    return Buffer.from(JSON.stringify(body) ?? "null");
  if (headers["content-type"]?.includes(BOUNDARY)) return formBytes(body);
  const fields = new URLSearchParams();
  for (const [name, value] of Object.entries(typeof body === "object" && body !== null ? body : {}))
    fields.append(name, String(value));
  return Buffer.from(fields.toString());
}
