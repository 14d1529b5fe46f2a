import { sha256 } from "@reminder-app/platform/crypto";

type Details = Readonly<Record<string, unknown>>;

/** What an event says: who did what to what, when, and what changed by it. */
export interface AuditFacts {
  readonly businessId: string;
  readonly id: string;
  readonly actor: string;
  readonly action: string;
  readonly entityId: string;
  readonly details: Details;
  readonly requestId: string | null;
  readonly at: Date;
}

/** The hash that a chain's first link is added to. */
export const CHAIN_START: Buffer = Buffer.alloc(32);

/**
 * SHA-256 of an event's canonical form. The details enter as a digest of their own, so that they can be erased to
 * `{ erased: <that digest in hex> }` and the event stays valid.
 */
export function digestOf(event: AuditFacts): Buffer {
  const { businessId, id, actor, action, entityId, details, requestId, at } = event;
  const facts = { businessId, id, actor, action, entityId, requestId, at: at.toISOString() };
  return sha256(canonicalJson({ ...facts, details: detailsDigest(details) }));
}

/** The hash of a link: SHA-256 of the hash before it and of its event's digest. */
export function linkHash(previous: Buffer, digest: Buffer): Buffer {
  return sha256(Buffer.concat([previous, digest]));
}

const DIGEST = /^[0-9a-f]{64}$/;

function detailsDigest(details: Details): string {
  const { erased, ...others } = details;
  if (typeof erased === "string" && DIGEST.test(erased) && Object.keys(others).length === 0) return erased;
  return sha256(canonicalJson(details)).toString("hex");
}

/** One text for equal values: JSON with sorted keys, because a database may keep an object's keys in an order of its own. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) => (isObject(inner) ? sorted(inner) : inner)) ?? "null";
}

function sorted(object: object): object {
  return Object.fromEntries(Object.entries(object).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
