import { AppError, type Issue } from "@reminder-app/platform/errors";

/** NUL ends a text for some programs, and half a character cannot be stored as UTF-8. */
const refused = /\u0000|\p{Surrogate}/u;

/** Throws `validation_failed` with every field whose text, or whose name, has a NUL or half a character. */
export function requirePlainText(value: unknown): void {
  const issues = faultsIn(value, "");
  if (issues.length > 0)
    throw new AppError("validation_failed", "The request has texts that cannot be stored", { issues });
}

function faultsIn(value: unknown, field: string): Issue[] {
  if (typeof value === "string")
    return refused.test(value) ? [{ field, message: "must not contain NUL or half a character" }] : [];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => [
    ...(refused.test(key) ? [{ field, message: "has a field whose name contains NUL or half a character" }] : []),
    ...faultsIn(inner, field === "" ? key : `${field}.${key}`),
  ]);
}
