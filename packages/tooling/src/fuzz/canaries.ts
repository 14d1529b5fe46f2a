import { itemOf, propertyOf, type Schema, alternativesOf, typesOf } from "./schema.ts";

/** Makes words that occur nowhere else: in another business's answer each of them is a leak. */
export interface Canaries {
  /** A word of its own in the form of `like`: an e-mail address, a telephone number, or a text that may go on after it. */
  next(like: string): string;
  readonly planted: readonly string[];
}

const FIRST_NUMBER = 2_000_000;
const NUMBERS = 7_999_999;

/** `key`: what makes the words of this business its own, a few letters or digits. */
export function createCanaries(key: string): Canaries {
  const planted: string[] = [];
  let phone = Number.parseInt(key.slice(-7), 36) % NUMBERS;
  return {
    planted,
    next(like) {
      const word = `kanari${key}x${planted.length}x`;
      phone = (phone + 1) % NUMBERS;
      const canary = /^\+\d+$/.test(like) ? `+1415${FIRST_NUMBER + phone}` : word;
      planted.push(canary);
      if (like.includes("@")) return like.replace(/^[^@]*/, canary);
      return canary === word && like !== "" ? `${canary} ${like}` : canary;
    },
  };
}

/** A place where a body has, or may have, a text of the caller's own. */
export interface TextPlace {
  /** As errors name it: `contacts.0.name`. */
  readonly field: string;
  readonly example: string | undefined;
}

/** All such places of `body`: its strings, and the fields of its schema that it leaves out. */
export function textPlaces(schema: Schema | undefined, body: unknown, field = ""): TextPlace[] {
  const below = (name: string | number) => (field === "" ? String(name) : `${field}.${name}`);
  if (Array.isArray(body)) return body.flatMap((item, index) => textPlaces(itemOf(schema), item, below(index)));
  if (typeof body === "object" && body !== null) {
    const left = Object.keys(schema?.properties ?? {}).filter((name) => !Object.hasOwn(body, name));
    return [
      ...Object.entries(body).flatMap(([name, inner]) => textPlaces(propertyOf(schema, name), inner, below(name))),
      ...left
        .filter((name) => isFreeText(propertyOf(schema, name)))
        .map((name) => ({ field: below(name), example: undefined })),
    ];
  }
  return typeof body === "string" && isFreeText(schema) ? [{ field, example: body }] : [];
}

function isFreeText(schema: Schema | undefined): boolean {
  if (!schema || schema.enum || "const" in schema || (schema.format !== undefined && schema.format !== "email"))
    return false;
  const alternatives = alternativesOf(schema);
  return alternatives.length > 0 ? alternatives.some(isFreeText) : typesOf(schema).includes("string");
}

/** `body` with `text` at `field`; undefined takes the field away. */
export function withText(body: unknown, field: string, text: string | undefined): unknown {
  const [first, ...rest] = field.split(".");
  if (first === undefined || first === "") return text;
  if (Array.isArray(body))
    return body.map((item, index) =>
      String(index) === first ? withText(item, rest.join("."), text) : (item as unknown),
    );
  const { [first]: before, ...others } = (body ?? {}) as Record<string, unknown>;
  if (rest.length > 0) return { ...(body as object), [first]: withText(before, rest.join("."), text) };
  return text === undefined ? others : { ...(body as object), [first]: text };
}
