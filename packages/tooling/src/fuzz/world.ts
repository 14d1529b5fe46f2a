import { singular } from "./examples.ts";
import type { Operation } from "./read-operations.ts";

/** Ids that go together: an assignment with its reminder and its client. */
export type Binding = Readonly<Record<string, string>>;

/** What one business has been told about its own things, to be used in later requests. */
export interface World {
  /** Keep the ids and words of an answer to `operation`, which was called with these ids in its path. */
  learn(operation: Operation, params: Binding, answer: unknown): void;
  /** Keep words that no answer gives: what its owner signs in with. */
  teach(words: Readonly<Record<string, string>>): void;
  /** An id of this name together with those that belong to it. */
  bindingOf(name: string, pick: number): Binding | undefined;
  /** A value that answers gave for a field of this name. */
  wordOf(name: string, pick: number): string | undefined;
  /** Every id that was ever seen. */
  readonly ids: ReadonlySet<string>;
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const LONGEST_WORD = 300;
/** The first ones were made on purpose; of the others the newest are the likeliest to be in a state that allows something. */
const KEPT_FIRST = 5;
const KEPT_LAST = 25;
const NEWEST = 3;

export function createWorld(operations: readonly Operation[]): World {
  const names = namesOfIds(operations);
  const bindings = new Map<string, Binding[]>();
  const words = new Map<string, string[]>();
  const ids = new Set<string>();

  function keepId(name: string, context: Binding): void {
    const id = context[name];
    if (id === undefined) return;
    ids.add(id);
    const known = bindings.get(name) ?? [];
    bindings.set(name, bounded([...known.filter((binding) => binding[name] !== id), context]));
  }

  function keepWord(name: string, word: string): void {
    if (word === "" || word.length > LONGEST_WORD) return;
    const known = words.get(name) ?? [];
    if (!known.includes(word)) words.set(name, bounded([...known, word]));
  }

  function walk(value: unknown, idName: string | undefined, context: Binding): void {
    if (Array.isArray(value)) for (const item of value) walk(item, idName, context);
    if (typeof value !== "object" || value === null || Array.isArray(value)) return;
    const own = { ...context, ...ownIds(value, idName, context) };
    for (const name of Object.keys(own)) keepId(name, own);
    for (const [key, inner] of Object.entries(value)) {
      if (Array.isArray(inner)) {
        for (const id of inner) if (isId(id)) keepId(singular(key), { ...own, [singular(key)]: id });
      }
      if (typeof inner === "string") keepWord(plainName(key), inner);
      else walk(inner, nameBelow(key) ?? (key === "items" ? idName : undefined), own);
    }
  }

  function nameBelow(key: string): string | undefined {
    return names.byCollection.get(key) ?? (names.all.has(`${key}Id`) ? `${key}Id` : undefined);
  }

  return {
    learn: (operation, params, answer) => walk(answer, rootName(operation, names), params),
    teach(taught) {
      for (const [name, word] of Object.entries(taught)) keepWord(name, word);
    },
    bindingOf: (name, pick) => picked(bindings.get(name), pick),
    wordOf: (name, pick) => picked(words.get(plainName(name)), pick),
    ids,
  };
}

interface Names {
  readonly all: ReadonlySet<string>;
  /** `clients` → `clientId`, as paths pair them. */
  readonly byCollection: ReadonlyMap<string, string>;
}

function namesOfIds(operations: readonly Operation[]): Names {
  const byCollection = new Map<string, string>();
  for (const { path } of operations)
    for (const [, collection = "", name = ""] of path.matchAll(/([^/{}]+)\/\{(\w+)\}/g))
      byCollection.set(collection, name);
  return { byCollection, all: new Set(byCollection.values()) };
}

/** What the `id` of an answer to this operation is called elsewhere. */
function rootName({ path }: Operation, names: Names): string | undefined {
  const last = path.split("/").at(-1) ?? "";
  return names.byCollection.get(last) ?? [...path.matchAll(/\{(\w+)\}/g)].at(-1)?.[1];
}

function ownIds(value: object, idName: string | undefined, context: Binding): Record<string, string> {
  const own: Record<string, string> = {};
  for (const [key, inner] of Object.entries(value)) if (key.endsWith("Id") && isId(inner)) own[key] = inner;
  if (!("id" in value) || !isId(value.id)) return own;
  // Adding a contact answers the client, whose id stands in the path already.
  const name = Object.keys(context).find((known) => context[known] === value.id) ?? idName;
  if (name !== undefined) own[name] = value.id;
  return own;
}

const isId = (value: unknown): value is string => typeof value === "string" && UUID.test(value);

/** `refresh_token` and `refreshToken` are one name. */
function plainName(name: string): string {
  return name.replaceAll(/_(\w)/g, (_all, letter: string) => letter.toUpperCase());
}

function bounded<Item>(items: readonly Item[]): Item[] {
  if (items.length <= KEPT_FIRST + KEPT_LAST) return [...items];
  return [...items.slice(0, KEPT_FIRST), ...items.slice(-KEPT_LAST)];
}

/** Every other time one of the newest: they have not been ended, cancelled or removed yet. */
function picked<Item>(items: readonly Item[] | undefined, pick: number): Item | undefined {
  const among = pick % 2 === 0 ? items?.slice(-NEWEST) : items;
  return among && among.length > 0 ? among[(pick >> 1) % among.length] : undefined;
}
