import { roles } from "@reminder-app/db/schema/members";
import type { Actor } from "./given-actors.ts";
import type { Answer } from "./given-call.ts";
import { namesIn, ofClients } from "./given-objects.ts";
import type { Endpoint } from "./http/endpoint.ts";

/**
 * Which object a request is about: one of the actor's own firm, one there that a colleague works with, one of another
 * firm, or none; `…Part` when only the last name of the path is such.
 */
export type ObjectKind = "own" | "colleague's" | "foreign" | "absent" | "foreignPart" | "absentPart";
export type Outcome = "served" | "unauthenticated" | "refused" | "absent";

/** The kinds of objects that make a difference to an endpoint. */
export function kindsFor(endpoint: Endpoint, actor: Actor): ObjectKind[] {
  const ids = idsIn(endpoint);
  if (endpoint.access === "public" || ids.length === 0) return ["own"];
  return [
    "own",
    "foreign",
    "absent",
    ...(ids.length > 1 ? (["foreignPart", "absentPart"] as const) : []),
    ...(actor.limited && ids.some((name) => ofClients.has(name)) ? (["colleague's"] as const) : []),
  ];
}

/** The kind of object that is not there, and is answered just as one of `kind` is. */
export function twinOf(endpoint: Endpoint, kind: ObjectKind): ObjectKind {
  if (kind === "foreign") return "absent";
  if (kind === "foreignPart") return "absentPart";
  return idsIn(endpoint).every((name) => ofClients.has(name)) ? "absent" : "absentPart";
}

/** Names in the path that stand for ids of objects, and not for words. */
export const idsIn = ({ path, params = {} }: Endpoint): string[] =>
  namesIn(path).filter((name) => !Object.hasOwn(params, name));

/** What the table of routes says must come of a request. */
export function outcomeFor(endpoint: Endpoint, actor: Actor, kind: ObjectKind): Outcome {
  const { access, scope, allClients } = endpoint;
  if (access === "public") return "served";
  if (actor.role === undefined) return "unauthenticated";
  if (actor.scopes && (scope === "members" || !actor.scopes(endpoint).some((has) => has === scope))) return "refused";
  if (roles.indexOf(actor.role) < roles.indexOf(access)) return "refused";
  if (actor.limited && allClients) return "refused";
  return kind === "own" ? "served" : "absent";
}

const unknownCaller = /^(unauthenticated|token_|key_)/;

/** What an answer amounts to; its status and code where it is none of these. */
export function outcomeOf({ access }: Endpoint, { status, body }: Answer): string {
  const code = (body as { code?: string } | undefined)?.code ?? "";
  if (status === 401 && unknownCaller.test(code)) return access === "public" ? `401 ${code}` : "unauthenticated";
  if (status === 403 && (code === "forbidden" || code === "scope_missing")) return "refused";
  if (status === 404 && code === "not_found") return "absent";
  return status < 500 && ![403, 404, 405].includes(status) ? "served" : `${status} ${code}`;
}

const UUID = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g;

/** An answer without what is different in every answer: ids. */
export function shapeOf({ status, text }: Answer): string {
  return `${status} ${text.replaceAll(UUID, "id")}`;
}
