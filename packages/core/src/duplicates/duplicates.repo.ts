import { clients, contactAddresses, contacts } from "@reminder-app/db/schema/clients";
import type { Id } from "@reminder-app/platform/ids";
import { and, asc, countDistinct, eq, gt, isNotNull, isNull, min, sql } from "drizzle-orm";
import type { Scope } from "../ctx.ts";
import type { Named } from "./similar-names.ts";

/** Clients that share what should be one client's own. All queries are limited to `businessId`, and to clients that are not archived. */
export function duplicateRepo({ db, businessId }: Scope) {
  const mine = and(eq(clients.businessId, businessId), isNull(clients.archivedAt));

  /** Clients with one address on one channel: the oldest of each, with each of the others. */
  async function byAddress(limit: number): Promise<[Id<"Client">, Id<"Client">][]> {
    const ofContact = and(
      eq(contacts.businessId, contactAddresses.businessId),
      eq(contacts.id, contactAddresses.contactId),
      eq(contacts.archived, false),
    );
    const ofClient = and(eq(clients.businessId, contacts.businessId), eq(clients.id, contacts.clientId));
    const { channel, addressHash } = contactAddresses;
    const shared = db
      .select({ channel, addressHash, first: min(contacts.clientId).as("first_client") })
      .from(contactAddresses)
      .innerJoin(contacts, ofContact)
      .innerJoin(clients, ofClient)
      .where(mine)
      .groupBy(channel, addressHash)
      .having(gt(countDistinct(contacts.clientId), 1))
      .limit(limit)
      .as("shared");
    const rows = await db
      .selectDistinct({ first: shared.first, other: contacts.clientId })
      .from(shared)
      .innerJoin(
        contactAddresses,
        and(
          eq(contactAddresses.businessId, businessId),
          eq(contactAddresses.channel, shared.channel),
          eq(contactAddresses.addressHash, shared.addressHash),
        ),
      )
      .innerJoin(contacts, ofContact)
      .innerJoin(clients, ofClient)
      .where(and(mine, sql`${contacts.clientId} <> ${shared.first}`))
      .limit(limit);
    return rows.flatMap(({ first, other }) => (first ? [[first, other]] : []));
  }

  /** Clients whose external ids differ in case, marks and spaces only. */
  async function byExternalId(limit: number): Promise<[Id<"Client">, Id<"Client">][]> {
    const packed = sql`replace(${clients.externalId}, ' ', '')`;
    const shared = db
      .select({ packed: sql<string>`${packed}`.as("packed"), first: min(clients.id).as("first_client") })
      .from(clients)
      .where(and(mine, isNotNull(clients.externalId)))
      .groupBy(packed)
      .having(sql`count(*) > 1`)
      .limit(limit)
      .as("shared");
    const rows = await db
      .select({ first: shared.first, other: clients.id })
      .from(shared)
      .innerJoin(clients, and(mine, sql`${packed} = ${shared.packed}`, sql`${clients.id} <> ${shared.first}`))
      .limit(limit);
    return rows.flatMap(({ first, other }) => (first ? [[first, other]] : []));
  }

  /** The names of the next clients after `cursor`, the oldest first. */
  async function names(cursor: Id<"Client"> | undefined, limit: number): Promise<Named<Id<"Client">>[]> {
    return db
      .select({ id: clients.id, name: clients.name })
      .from(clients)
      .where(and(mine, cursor && gt(clients.id, cursor)))
      .orderBy(asc(clients.id))
      .limit(limit);
  }

  return { byAddress, byExternalId, names };
}
