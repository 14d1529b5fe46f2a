import { type KeyScope, keyScopes } from "@reminder-app/core/api-keys/key-scopes";
import { type Ctx, requireAllClients, requireRole } from "@reminder-app/core/ctx";
import { roles } from "@reminder-app/db/schema/members";
import { AppError } from "@reminder-app/platform/errors";
import type { Endpoint } from "./endpoint.ts";

type Policy = Pick<Endpoint, "operationId" | "summary" | "access" | "scope" | "allClients">;

/** Throws, naming the route, when one does not say which role and which scope it needs. */
export function requirePolicies(endpoints: readonly Policy[]): void {
  for (const { operationId, access, scope } of endpoints) {
    if (access === "public") continue;
    if (!roles.includes(access)) throw new TypeError(`The route ${operationId} does not say which role may call it`);
    if (scope !== "members" && (scope === undefined || !Object.hasOwn(keyScopes, scope)))
      throw new TypeError(`The route ${operationId} does not say which scope an API key needs`);
  }
}

/** Throws `scope_missing` when it is a key that may not do this. */
export function requireScope({ actor }: Ctx, scope: KeyScope): void {
  if (actor.kind === "key" && !actor.scopes.includes(scope))
    throw new AppError("scope_missing", `The API key needs the scope ${scope} for this`);
}

/** Throws `forbidden` when the role or the reach is too small, `scope_missing` when it is a key that may not do this. */
export function requireAllowed(ctx: Ctx, { access, scope, summary, allClients }: Policy): void {
  if (access === "public") return;
  const { actor } = ctx;
  if (actor.kind === "key") {
    if (scope === "members") throw new AppError("forbidden", "API keys cannot do this; a member has to sign in");
    if (scope === undefined) throw new AppError("scope_missing", "No API key may do this");
    requireScope(ctx, scope);
  }
  requireRole(ctx, access, summary.toLowerCase());
  if (allClients) requireAllClients(ctx, `do this: ${summary.toLowerCase()}`);
}
