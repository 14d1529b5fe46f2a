import { randomBytes, randomInt } from "node:crypto";
import type { Canary } from "./find-canaries.ts";

export interface Secrets {
  /** A value of this kind that occurs nowhere else, and is looked for from now on. */
  text(kind: string): string;
  email(kind: string): string;
  /** E.164, of a range that nobody has. */
  phone(kind: string): string;
  /** Look for a value that was made elsewhere. */
  keep(kind: string, value: string): void;
  readonly planted: readonly Canary[];
}

const SHORTEST = 8;

export function createSecrets(): Secrets {
  const planted: Canary[] = [];
  const unique = (kind: string) => `canary-${kind.replaceAll(" ", "-")}-${randomBytes(6).toString("hex")}`;
  const keep = (kind: string, value: string): void => {
    if (value.length < SHORTEST) throw new Error(`The canary "${kind}" is so short that it could be found by chance`);
    planted.push({ kind, value });
  };
  const kept = (kind: string, value: string): string => {
    keep(kind, value);
    return value;
  };
  return {
    planted,
    keep,
    text: (kind) => kept(kind, unique(kind)),
    email(kind) {
      const name = kept(kind, unique(kind));
      return `${name}@clients.example`;
    },
    phone: (kind) => kept(kind, `+1415${randomInt(2_000_000, 9_999_999)}`),
  };
}
