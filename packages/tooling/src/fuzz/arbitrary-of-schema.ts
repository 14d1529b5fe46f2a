import fc, { type Arbitrary } from "fast-check";
import { type Examples, singular } from "./examples.ts";
import { learned } from "./learned.ts";
import { type Schema, alternativesOf, typesOf } from "./schema.ts";

const MOST_ITEMS = 3;
const LONGEST = 40;
const LARGEST = 1_000_000;

/** Values that `schema` allows and that mean something to the field `name`, as far as its documentation tells. */
export function arbitraryOf(schema: Schema, name: string, examples: Examples): Arbitrary<unknown> {
  const below = (inner: Schema, innerName = name) => arbitraryOf(inner, innerName, examples);
  if ("const" in schema) return fc.constant(schema.const);
  if (schema.enum) return fc.constantFrom(...schema.enum);
  const alternatives = alternativesOf(schema);
  if (alternatives.length > 0) return fc.oneof(...alternatives.map((inner) => below(inner)));
  if (schema.allOf?.[0]) return below(schema.allOf[0]);
  const types = typesOf(schema);
  if (types.length > 1) return fc.oneof(...types.map((type) => below({ ...schema, type })));
  switch (types[0]) {
    case "object":
      return objectOf(schema, below);
    case "array":
      return fc.array(below(schema.items ?? {}, singular(name)), {
        minLength: schema.minItems ?? 0,
        maxLength: Math.max(schema.minItems ?? 0, Math.min(schema.maxItems ?? MOST_ITEMS, MOST_ITEMS)),
      });
    case "string":
      return stringOf(schema, name, examples);
    case "integer":
      return fc.oneof(
        { weight: 4, arbitrary: fc.integer(rangeOf(schema)) },
        { weight: 1, arbitrary: fc.constantFrom(rangeOf(schema).min, rangeOf(schema).max) },
      );
    case "number":
      return fc.double({ ...rangeOf(schema), noNaN: true });
    case "boolean":
      return fc.boolean();
    case "null":
      return fc.constant(null);
    default:
      return fc.jsonValue({ maxDepth: 2 });
  }
}

type Below = (schema: Schema, name?: string) => Arbitrary<unknown>;

function objectOf({ properties = {}, required = [], additionalProperties }: Schema, below: Below): Arbitrary<unknown> {
  const fields = Object.fromEntries(Object.entries(properties).map(([name, inner]) => [name, below(inner, name)]));
  if (Object.keys(fields).length > 0 || typeof additionalProperties !== "object") {
    return fc.record(fields, { requiredKeys: required.filter((name) => Object.hasOwn(fields, name)) });
  }
  return fc.dictionary(fc.constantFrom("any", "email", "one", "two"), below(additionalProperties), { maxKeys: 2 });
}

function stringOf(schema: Schema, name: string, examples: Examples): Arbitrary<unknown> {
  if (schema.format === "uuid") {
    return fc.oneof(
      {
        weight: 9,
        arbitrary: fc.tuple(fc.nat(), fc.uuid()).map(([pick, otherwise]) => idPlace(name, pick, otherwise)),
      },
      { weight: 1, arbitrary: fc.uuid() },
    );
  }
  const known = [...new Set([...(schema.examples ?? []), ...(examples.get(name) ?? [])])].filter(
    (example) => typeof example === "string",
  );
  const free = formatted(schema) ?? matching(schema) ?? textOf(schema);
  return fc.oneof(
    { weight: known.length > 0 ? 5 : 0, arbitrary: fc.constantFrom(...(known.length > 0 ? known : [""])) },
    { weight: known.length > 0 ? 1 : 4, arbitrary: free },
    { weight: 3, arbitrary: fc.tuple(fc.nat(), free).map(([pick, otherwise]) => wordPlace(name, pick, otherwise)) },
  );
}

const idPlace = (name: string, pick: number, otherwise: string) => learned({ kind: "id", name, pick, otherwise });
const wordPlace = (name: string, pick: number, otherwise: string) => learned({ kind: "word", name, pick, otherwise });

function formatted({ format }: Schema): Arbitrary<string> | undefined {
  const moments = fc.date({ min: new Date("2000-01-01"), max: new Date("2199-12-31"), noInvalidDate: true });
  switch (format) {
    case "date-time":
      return moments.map((moment) => moment.toISOString());
    case "date":
      return moments.map((moment) => moment.toISOString().slice(0, 10));
    case "email":
      return fc.uuid().map((id) => `${id.slice(0, 8)}@fuzz.example`);
    case "uri":
      return fc.uuid().map((id) => `https://fuzz.example/${id.slice(0, 8)}`);
    default:
      return undefined;
  }
}

function matching({ pattern }: Schema): Arbitrary<string> | undefined {
  if (pattern === undefined) return undefined;
  try {
    return fc.stringMatching(new RegExp(pattern, "u"));
  } catch {
    return undefined; // it looks ahead or behind, which cannot be turned round
  }
}

function textOf({ minLength = 0, maxLength = LONGEST }: Schema): Arbitrary<string> {
  return fc.string({ unit: "grapheme", minLength, maxLength: Math.max(minLength, Math.min(maxLength, LONGEST)) });
}

function rangeOf({ minimum, maximum, exclusiveMinimum, exclusiveMaximum }: Schema): { min: number; max: number } {
  const min = minimum ?? (exclusiveMinimum === undefined ? -LARGEST : exclusiveMinimum + 1);
  const max = maximum ?? (exclusiveMaximum === undefined ? Math.max(LARGEST, min) : exclusiveMaximum - 1);
  return { min, max };
}
