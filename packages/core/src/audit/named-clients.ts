import type { Id } from "@reminder-app/platform/ids";

/** So many clients are named in the audit trail; beyond that their number must do. */
const MOST_NAMED = 100;

/** Whose assignments something was done to, as the audit trail tells it. */
export function namedClients(of: readonly { readonly clientId: Id<"Client"> }[]) {
  return { count: of.length, clientIds: of.slice(0, MOST_NAMED).map(({ clientId }) => clientId) };
}
