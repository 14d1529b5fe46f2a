import { z } from "zod";
import { wrong } from "./failure.ts";

/** A whole number in a form. */
export function whole(least: number, most: number) {
  return z
    .string()
    .regex(/^\d{1,15}$/, "Invalid integer")
    .transform(Number)
    .pipe(z.number().min(least).max(most));
}

/** The parameters, checked. Throws what Stripe answers to wrong, missing and unknown ones. */
export function parsed<S extends z.ZodType>(schema: S, params: unknown): z.output<S> {
  const { success, data, error } = schema.safeParse(params);
  if (success) return data;
  const [issue] = error.issues;
  const path = (issue?.path ?? []).map((part, depth) => (depth === 0 ? String(part) : `[${String(part)}]`)).join("");
  if (issue?.code === "unrecognized_keys")
    throw wrong(issue.keys.join(", "), `Received unknown parameter: ${issue.keys.join(", ")}`, "parameter_unknown");
  throw wrong(path, `Invalid ${path}: ${issue?.message ?? ""}`);
}
