import { clients } from "@reminder-app/db/schema/clients";
import { clientStaff } from "@reminder-app/db/schema/members";
import type { Id } from "@reminder-app/platform/ids";
import { type Column, type SQL, and, asc, eq, exists, sql } from "drizzle-orm";
import type { Scope } from "../ctx.ts";

/**
 * That the client whose id is in `clientId` exists for the caller. Nothing to ask when all of them do. Every query
 * about clients, or about what belongs to one, has this condition.
 */
export function withinReach({ db, businessId, clientsOf }: Scope, clientId: Column): SQL | undefined {
  if (clientsOf === undefined) return undefined;
  const theirs = db
    .select({ one: sql`1` })
    .from(clientStaff)
    .where(
      and(
        eq(clientStaff.businessId, businessId),
        eq(clientStaff.memberId, clientsOf),
        eq(clientStaff.clientId, clientId),
      ),
    );
  return exists(theirs);
}

/** Who works with which client. Every query below is limited to `businessId`; there is no unscoped way in. */
export function clientStaffRepo({ db, businessId }: Scope) {
  const of = (clientId: Id<"Client">) =>
    and(eq(clientStaff.businessId, businessId), eq(clientStaff.clientId, clientId));

  async function list(clientId: Id<"Client">): Promise<Id<"Member">[]> {
    const rows = await db
      .select({ memberId: clientStaff.memberId })
      .from(clientStaff)
      .where(of(clientId))
      .orderBy(asc(clientStaff.memberId));
    return rows.map(({ memberId }) => memberId);
  }

  /** Lock the client's row, so that those who name its staff take turns. */
  async function lock(clientId: Id<"Client">): Promise<void> {
    await db
      .select({ id: clients.id })
      .from(clients)
      .where(and(eq(clients.businessId, businessId), eq(clients.id, clientId)))
      .for("update");
  }

  async function add(clientId: Id<"Client">, memberIds: readonly Id<"Member">[]): Promise<void> {
    if (memberIds.length === 0) return;
    await db.insert(clientStaff).values(memberIds.map((memberId) => ({ businessId, clientId, memberId })));
  }

  async function clear(clientId: Id<"Client">): Promise<void> {
    await db.delete(clientStaff).where(of(clientId));
  }

  return { list, lock, add, clear };
}
