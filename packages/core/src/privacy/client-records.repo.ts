import { isOneOf } from "@reminder-app/db/bulk";
import { clients, contactAddresses, contacts } from "@reminder-app/db/schema/clients";
import { attempts, deliveries } from "@reminder-app/db/schema/deliveries";
import { checklistItems, clientLinks, documents, linkVisits } from "@reminder-app/db/schema/documents";
import { clientTags } from "@reminder-app/db/schema/imports";
import { paymentRequests, payments } from "@reminder-app/db/schema/payments";
import { assignments } from "@reminder-app/db/schema/reminders";
import { tasks } from "@reminder-app/db/schema/tasks";
import type { Id } from "@reminder-app/platform/ids";
import { type Column, and, asc, eq, gt, or } from "drizzle-orm";
import { withinReach } from "../clients/client-staff.repo.ts";
import type { Scope } from "../ctx.ts";

/** The tables that hold rows of a client's, each with the column that says whose they are. What leads to no client is not here. */
const ofClient = {
  assignments: { table: assignments, client: assignments.clientId, id: assignments.id },
  deliveries: { table: deliveries, client: deliveries.clientId, id: deliveries.id },
  paymentRequests: { table: paymentRequests, client: paymentRequests.clientId, id: paymentRequests.id },
  payments: { table: payments, client: payments.clientId, id: payments.id },
  documents: { table: documents, client: documents.clientId, id: documents.id },
  links: { table: clientLinks, client: clientLinks.clientId, id: clientLinks.id },
  linkVisits: { table: linkVisits, client: linkVisits.clientId, id: linkVisits.id },
  tasks: { table: tasks, client: tasks.clientId, id: tasks.id },
} as const;

export type RecordKind = keyof typeof ofClient;
export const recordKinds = Object.keys(ofClient) as RecordKind[];

/** What is kept about a client, and about those who turned out to be the same one. Limited to `businessId`. */
export function clientRecordRepo(scope: Scope) {
  const { db, businessId } = scope;

  /** The client, and those that were merged into them. */
  async function withMerged(id: Id<"Client">): Promise<Id<"Client">[]> {
    const rows = await db
      .select({ id: clients.id })
      .from(clients)
      .where(
        and(
          eq(clients.businessId, businessId),
          withinReach(scope, clients.id),
          or(eq(clients.id, id), eq(clients.mergedInto, id)),
        ),
      );
    return rows.map((row) => row.id);
  }

  /** Rows of one kind, page by page in the order of their ids. */
  async function page(
    kind: RecordKind,
    clientIds: readonly Id<"Client">[],
    { limit, cursor }: { limit: number; cursor: string | undefined },
  ): Promise<Readonly<Record<string, unknown>>[]> {
    const { table, client, id } = ofClient[kind];
    return db
      .select()
      .from(table)
      .where(and(eq(table.businessId, businessId), isOneOf(client, clientIds), cursor ? after(id, cursor) : undefined))
      .orderBy(asc(id))
      .limit(limit);
  }

  async function contactsOf(clientIds: readonly Id<"Client">[]) {
    return db
      .select()
      .from(contacts)
      .where(and(eq(contacts.businessId, businessId), isOneOf(contacts.clientId, clientIds)));
  }

  /** Sealed as they are stored. */
  async function addressesOf(contactIds: readonly Id<"Contact">[]) {
    return db
      .select()
      .from(contactAddresses)
      .where(and(eq(contactAddresses.businessId, businessId), isOneOf(contactAddresses.contactId, contactIds)));
  }

  async function tagsOf(clientIds: readonly Id<"Client">[]): Promise<string[]> {
    const rows = await db
      .selectDistinct({ tag: clientTags.tag })
      .from(clientTags)
      .where(and(eq(clientTags.businessId, businessId), isOneOf(clientTags.clientId, clientIds)));
    return rows.map(({ tag }) => tag);
  }

  async function attemptsOf(deliveryIds: readonly Id<"Delivery">[]) {
    return db
      .select()
      .from(attempts)
      .where(and(eq(attempts.businessId, businessId), isOneOf(attempts.deliveryId, deliveryIds)));
  }

  async function itemsOf(assignmentIds: readonly Id<"Assignment">[]) {
    return db
      .select()
      .from(checklistItems)
      .where(and(eq(checklistItems.businessId, businessId), isOneOf(checklistItems.assignmentId, assignmentIds)));
  }

  return { withMerged, page, contactsOf, addressesOf, tagsOf, attemptsOf, itemsOf };
}

function after(id: Column, cursor: string) {
  return gt(id, cursor);
}
