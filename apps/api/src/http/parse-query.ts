import { AppError } from "@reminder-app/platform/errors";
import type { z } from "zod";
import { requirePlainText } from "./plain-text.ts";

/** Parse a query string with a strict schema. Numbers and booleans are written out in it; a key may come once. */
export function parseQuery<Query extends z.ZodObject>(
  schema: Query,
  raw: Readonly<Record<string, unknown>>,
): z.output<Query> {
  const typed: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(raw)) {
    if (key === "__proto__") throw new AppError("malformed_request", "The query has a forbidden key");
    if (typeof value !== "string") throw new AppError("malformed_request", `The query has ${key} more than once`);
    typed[key] = typedValue(Object.hasOwn(schema.shape, key) ? schema.shape[key] : undefined, value);
  }
  requirePlainText(typed);
  return schema.parse(typed);
}

function typedValue(schema: unknown, value: string): unknown {
  const type = baseType(schema);
  if (type === "number" && /^-?\d{1,15}$/.test(value)) return Number(value);
  if (type === "boolean" && (value === "true" || value === "false")) return value === "true";
  return value;
}

interface Wrapped {
  readonly def: { readonly type: string; readonly innerType?: Wrapped };
}

function baseType(schema: unknown): string | undefined {
  let wrapped = schema as Wrapped | undefined;
  while (wrapped?.def.innerType) wrapped = wrapped.def.innerType;
  return wrapped?.def.type;
}
