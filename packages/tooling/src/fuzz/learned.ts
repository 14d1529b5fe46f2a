import type { World } from "./world.ts";

const MARK = Symbol("learned");

/** A place in a body where something goes that the API itself has told, once it is known whose request it is. */
interface Learned {
  readonly [MARK]: true;
  readonly kind: "id" | "word";
  readonly name: string;
  readonly pick: number;
  readonly otherwise: string;
}

export function learned(place: Omit<Learned, typeof MARK>): Learned {
  return { [MARK]: true, ...place };
}

/** `value` with all such places filled from `world`. */
export function fill(value: unknown, world: World): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (isLearned(value)) return told(value, world) ?? value.otherwise;
  if (Array.isArray(value)) return value.map((item) => fill(item, world));
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, fill(inner, world)]));
}

const isLearned = (value: object): value is Learned => MARK in value;

function told({ kind, name, pick }: Learned, world: World): string | undefined {
  return kind === "id" ? world.bindingOf(name, pick)?.[name] : world.wordOf(name, pick);
}
