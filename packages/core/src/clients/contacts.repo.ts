import { insertRows, isOneOf } from "@reminder-app/db/bulk";
import { contactAddresses, contacts } from "@reminder-app/db/schema/clients";
import type { ChannelKind } from "@reminder-app/platform/channel-kinds";
import { NotFoundError } from "@reminder-app/platform/errors";
import type { Id } from "@reminder-app/platform/ids";
import { and, asc, eq, inArray } from "drizzle-orm";
import type { Scope } from "../ctx.ts";
import { withinReach } from "./client-staff.repo.ts";

export type ContactRow = typeof contacts.$inferSelect;
export type NewContact = Omit<typeof contacts.$inferInsert, "businessId">;
export type AddressRow = typeof contactAddresses.$inferSelect;
export type NewAddress = Omit<typeof contactAddresses.$inferInsert, "businessId" | "contactId">;

export type AddressedContact = Pick<AddressRow, "contactId" | "channel" | "addressHash"> & Pick<ContactRow, "clientId">;

/** Every query below is limited to `businessId`, and to the clients within reach; there is no unscoped way in. */
export function contactRepo(scope: Scope) {
  const { db, businessId } = scope;
  const mine = and(eq(contacts.businessId, businessId), withinReach(scope, contacts.clientId));
  const one = (id: Id<"Contact">) => and(mine, eq(contacts.id, id));
  const addressesOf = (contactId: Id<"Contact">) =>
    and(eq(contactAddresses.businessId, businessId), eq(contactAddresses.contactId, contactId));

  async function get(clientId: Id<"Client">, id: Id<"Contact">): Promise<ContactRow> {
    const [row] = await db
      .select()
      .from(contacts)
      .where(and(one(id), eq(contacts.clientId, clientId)));
    if (!row) throw new NotFoundError("Contact", id);
    return row;
  }

  async function find(id: Id<"Contact">): Promise<ContactRow | undefined> {
    const [row] = await db.select().from(contacts).where(one(id));
    return row;
  }

  /** The contacts of some clients that are not archived, the oldest first. */
  async function listOf(clientIds: readonly Id<"Client">[]): Promise<ContactRow[]> {
    if (clientIds.length === 0) return [];
    return db
      .select()
      .from(contacts)
      .where(and(mine, isOneOf(contacts.clientId, clientIds), eq(contacts.archived, false)))
      .orderBy(asc(contacts.id));
  }

  async function addresses(contactIds: readonly Id<"Contact">[]): Promise<AddressRow[]> {
    if (contactIds.length === 0) return [];
    return db
      .select()
      .from(contactAddresses)
      .where(and(eq(contactAddresses.businessId, businessId), isOneOf(contactAddresses.contactId, contactIds)));
  }

  /** The clients that have a contact with exactly this address. */
  async function clientsWithAddress(hashes: readonly Buffer[]): Promise<Id<"Client">[]> {
    const rows = await db
      .selectDistinct({ clientId: contacts.clientId })
      .from(contactAddresses)
      .innerJoin(
        contacts,
        and(eq(contacts.businessId, contactAddresses.businessId), eq(contacts.id, contactAddresses.contactId)),
      )
      .where(and(mine, inArray(contactAddresses.addressHash, [...hashes])))
      .limit(1_000);
    return rows.map(({ clientId }) => clientId);
  }

  /** The contacts who have one of these addresses now. */
  async function withHashes(hashes: readonly Buffer[]): Promise<AddressedContact[]> {
    if (hashes.length === 0) return [];
    return db
      .select({
        contactId: contacts.id,
        clientId: contacts.clientId,
        channel: contactAddresses.channel,
        addressHash: contactAddresses.addressHash,
      })
      .from(contactAddresses)
      .innerJoin(
        contacts,
        and(eq(contacts.businessId, contactAddresses.businessId), eq(contacts.id, contactAddresses.contactId)),
      )
      .where(and(mine, isOneOf(contactAddresses.addressHash, hashes)));
  }

  async function insert(contact: NewContact): Promise<void> {
    await db.insert(contacts).values({ ...contact, businessId });
  }

  /** All of them have the fields of the first. */
  async function insertMany(rows: readonly NewContact[]): Promise<void> {
    if (rows.length === 0) return;
    await db.execute(
      insertRows(
        contacts,
        rows.map((contact) => ({ ...contact, businessId })),
      ),
    );
  }

  async function insertAddresses(rows: readonly Omit<AddressRow, "businessId">[]): Promise<void> {
    if (rows.length === 0) return;
    await db.execute(
      insertRows(
        contactAddresses,
        rows.map((address) => ({ ...address, businessId })),
      ),
    );
  }

  async function update(id: Id<"Contact">, change: Partial<NewContact>): Promise<void> {
    await db.update(contacts).set(change).where(one(id));
  }

  async function putAddress(contactId: Id<"Contact">, address: NewAddress): Promise<void> {
    await db
      .insert(contactAddresses)
      .values({ ...address, businessId, contactId })
      .onDuplicateKeyUpdate({ set: { address: address.address, addressHash: address.addressHash } });
  }

  async function removeAddress(contactId: Id<"Contact">, channel: ChannelKind): Promise<void> {
    await db.delete(contactAddresses).where(and(addressesOf(contactId), eq(contactAddresses.channel, channel)));
  }

  return {
    get,
    find,
    listOf,
    addresses,
    clientsWithAddress,
    withHashes,
    insert,
    insertMany,
    insertAddresses,
    update,
    putAddress,
    removeAddress,
  };
}
