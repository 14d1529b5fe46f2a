import { canonicalJson } from "./audit-digest.ts";

interface Change {
  readonly before: unknown;
  readonly after: unknown;
}

/** The fields of `after` whose values differ from those in `before`, with both values. */
export function changesOf(before: object, after: object): Readonly<Record<string, Change>> {
  const past = before as Readonly<Record<string, unknown>>;
  const changed = Object.entries(after as typeof past).filter(
    ([field, value]) => canonicalJson(past[field]) !== canonicalJson(value),
  );
  return Object.fromEntries(changed.map(([field, value]) => [field, { before: past[field] ?? null, after: value }]));
}
