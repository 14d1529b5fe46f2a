import type { z } from "zod";

interface Shaped {
  readonly def: {
    readonly type: string;
    readonly innerType?: z.ZodType;
    readonly element?: z.ZodType;
    readonly shape?: Readonly<Record<string, z.ZodType>>;
  };
}

/** What of `value` the schema of an answer names, and nothing else: columns of ours cannot leak. */
export function present(schema: z.ZodType, value: unknown): unknown {
  const { def } = schema as unknown as Shaped;
  if (value === null || value === undefined) return value;
  if (def.innerType) return present(def.innerType, value);
  if (def.element && Array.isArray(value)) return value.map((item) => present(def.element as z.ZodType, item));
  if (!def.shape) return value;
  const source = value as Readonly<Record<string, unknown>>;
  const named = Object.entries(def.shape).filter(([key]) => source[key] !== undefined);
  return Object.fromEntries(named.map(([key, inner]) => [key, present(inner, source[key])]));
}
