import type { Operation } from "./read-operations.ts";
import { type Schema, itemOf, propertyOf } from "./schema.ts";

/** Strings that the documentation gives as examples, by the name of the field that has them. */
export type Examples = ReadonlyMap<string, readonly string[]>;

/** What examples of bodies and of schemas say about each field: a new route brings the words that it takes. */
export function examplesOf(operations: readonly Operation[]): Examples {
  const found = new Map<string, Set<string>>();
  const add = (name: string, value: unknown): void => {
    if (typeof value === "string") found.set(name, (found.get(name) ?? new Set()).add(value));
  };
  for (const { bodies, parameters } of operations) {
    for (const { name, schema } of parameters) fromSchema(schema, name, add);
    for (const { schema, example } of bodies) {
      fromSchema(schema, "", add);
      fromValue(example, "", add);
    }
  }
  return new Map([...found].map(([name, values]) => [name, [...values]]));
}

type Add = (name: string, value: unknown) => void;

function fromSchema(schema: Schema | undefined, name: string, add: Add): void {
  if (!schema) return;
  for (const example of schema.examples ?? []) fromValue(example, name, add);
  for (const inner of [...(schema.anyOf ?? []), ...(schema.oneOf ?? []), ...(schema.allOf ?? [])])
    fromSchema(inner, name, add);
  fromSchema(itemOf(schema), singular(name), add);
  for (const key of Object.keys(schema.properties ?? {})) fromSchema(propertyOf(schema, key), key, add);
  if (typeof schema.additionalProperties === "object") fromSchema(schema.additionalProperties, name, add);
}

function fromValue(value: unknown, name: string, add: Add): void {
  if (Array.isArray(value)) for (const item of value) fromValue(item, singular(name), add);
  else if (typeof value === "object" && value !== null)
    for (const [key, inner] of Object.entries(value)) fromValue(inner, key, add);
  else add(name, value);
}

/** The name of one of `names`: what stands in `clientIds` is a `clientId`. */
export function singular(names: string): string {
  if (names.endsWith("ies")) return `${names.slice(0, -3)}y`;
  return names.endsWith("s") && !names.endsWith("ss") ? names.slice(0, -1) : names;
}
