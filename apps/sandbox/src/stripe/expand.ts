import type { Book } from "./bank.ts";
import { wrong } from "./failure.ts";

/** The object with what it refers to in place of the ids, for each path of `expand`, such as `payment_intent.latest_charge`. */
export function expanded(book: Book, object: object, paths: readonly string[]): unknown {
  return paths.reduce<unknown>((grown, path) => grow(book, grown, path.split(".")), structuredClone(object));
}

function grow(book: Book, object: unknown, [name, ...rest]: readonly string[]): unknown {
  if (name === undefined || object === null) return object;
  const fields = object as Record<string, unknown>;
  if (!(name in fields)) throw wrong("expand", `This property cannot be expanded (${name}).`);
  const value = fields[name];
  const found = typeof value === "string" ? objectOf(book, name, value) : value;
  return { ...fields, [name]: grow(book, found, rest) };
}

function objectOf(book: Book, name: string, id: string): object {
  const found = book.intents.get(id) ?? book.charges.get(id) ?? book.disputes.get(id) ?? book.refunds.get(id);
  if (!found) throw wrong("expand", `This property cannot be expanded (${name}).`);
  return structuredClone(found);
}
