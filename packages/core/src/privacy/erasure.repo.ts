import { isOneOf } from "@reminder-app/db/bulk";
import { clients, contactAddresses, contacts } from "@reminder-app/db/schema/clients";
import { attempts, decidedSends, deliveries } from "@reminder-app/db/schema/deliveries";
import { checklistItems, clientLinks, documents, linkVisits } from "@reminder-app/db/schema/documents";
import { clientTags } from "@reminder-app/db/schema/imports";
import { bankLines, paymentRequests, payments } from "@reminder-app/db/schema/payments";
import { assignments } from "@reminder-app/db/schema/reminders";
import { tasks } from "@reminder-app/db/schema/tasks";
import { testMessages } from "@reminder-app/db/schema/test-mode";
import type { Id } from "@reminder-app/platform/ids";
import { and, eq, inArray, isNull, ne, sql } from "drizzle-orm";
import type { Scope } from "../ctx.ts";

/** What stands where something personal stood. */
export const ERASED = "erased";

/**
 * What the erasure of clients writes: every place where something personal of theirs stands. Suppressions stay, by their
 * keyed hash, and so do amounts, states and moments, which name nobody. Limited to `businessId`.
 */
export function erasureRepo({ db, businessId }: Scope, clientIds: readonly Id<"Client">[], at: Date) {
  const assignmentIds = db
    .select({ id: assignments.id })
    .from(assignments)
    .where(and(eq(assignments.businessId, businessId), isOneOf(assignments.clientId, clientIds)));
  const deliveryIds = db
    .select({ id: deliveries.id })
    .from(deliveries)
    .where(and(eq(deliveries.businessId, businessId), isOneOf(deliveries.clientId, clientIds)));
  const contactIds = db
    .select({ id: contacts.id })
    .from(contacts)
    .where(and(eq(contacts.businessId, businessId), isOneOf(contacts.clientId, clientIds)));

  async function profile(): Promise<void> {
    const gone = { name: ERASED, externalId: null, facts: null, timeZone: null, locale: null };
    await db
      .update(clients)
      .set({
        ...gone,
        archivedAt: sql`coalesce(${clients.archivedAt}, ${sql.param(at, clients.archivedAt)})`,
        erasedAt: at,
        updatedAt: at,
      })
      .where(and(eq(clients.businessId, businessId), isOneOf(clients.id, clientIds)));
    await db
      .delete(contactAddresses)
      .where(and(eq(contactAddresses.businessId, businessId), inArray(contactAddresses.contactId, contactIds)));
    await db
      .update(contacts)
      .set({ name: ERASED, timeZone: null, locale: null, preferences: {}, archived: true, updatedAt: at })
      .where(and(eq(contacts.businessId, businessId), isOneOf(contacts.clientId, clientIds)));
    await db
      .delete(clientTags)
      .where(and(eq(clientTags.businessId, businessId), isOneOf(clientTags.clientId, clientIds)));
  }

  async function messages(): Promise<void> {
    await db
      .delete(testMessages)
      .where(and(eq(testMessages.businessId, businessId), inArray(testMessages.deliveryId, deliveryIds)));
    await db
      .update(attempts)
      .set({ reason: null })
      .where(and(eq(attempts.businessId, businessId), inArray(attempts.deliveryId, deliveryIds)));
    await db
      .update(deliveries)
      .set({ addressHash: null, updatedAt: at })
      .where(and(eq(deliveries.businessId, businessId), isOneOf(deliveries.clientId, clientIds)));
    await db
      .update(decidedSends)
      .set({ subject: null, body: null })
      .where(and(eq(decidedSends.businessId, businessId), inArray(decidedSends.assignmentId, assignmentIds)));
  }

  async function work(): Promise<void> {
    await db
      .update(checklistItems)
      .set({ reason: null, updatedAt: at })
      .where(and(eq(checklistItems.businessId, businessId), inArray(checklistItems.assignmentId, assignmentIds)));
    await db
      .update(assignments)
      .set({ holdNote: null, updatedAt: at })
      .where(and(eq(assignments.businessId, businessId), isOneOf(assignments.clientId, clientIds)));
    await db
      .update(tasks)
      .set({ note: null, updatedAt: at })
      .where(and(eq(tasks.businessId, businessId), isOneOf(tasks.clientId, clientIds)));
  }

  async function money(sealErased: (id: Id<"BankLine">) => Buffer): Promise<void> {
    const items = [{ description: ERASED, amount: 0 }];
    const requests = await db
      .select({ id: paymentRequests.id, total: paymentRequests.total })
      .from(paymentRequests)
      .where(and(eq(paymentRequests.businessId, businessId), isOneOf(paymentRequests.clientId, clientIds)));
    for (const { id, total } of requests)
      await db
        .update(paymentRequests)
        .set({ title: ERASED, items: items.map((item) => ({ ...item, amount: total })), updatedAt: at })
        .where(and(eq(paymentRequests.businessId, businessId), eq(paymentRequests.id, id)));
    const theirs = and(eq(payments.businessId, businessId), isOneOf(payments.clientId, clientIds));
    const lines = await db
      .select({ id: bankLines.id })
      .from(bankLines)
      .innerJoin(payments, and(eq(payments.businessId, bankLines.businessId), eq(payments.id, bankLines.paymentId)))
      .where(theirs);
    for (const { id } of lines)
      await db
        .update(bankLines)
        .set({ text: sealErased(id), updatedAt: at })
        .where(and(eq(bankLines.businessId, businessId), eq(bankLines.id, id)));
    await db.update(payments).set({ note: null, updatedAt: at }).where(theirs);
  }

  /** Their bytes go when housekeeping comes by, which the instant of deletion waits for. */
  /** Their bytes follow: housekeeping takes away those of every document that is deleted. */
  async function files(): Promise<number> {
    const theirs = and(eq(documents.businessId, businessId), isOneOf(documents.clientId, clientIds));
    const [{ affectedRows }] = await db
      .update(documents)
      .set({ state: "deleted", updatedAt: at })
      .where(and(theirs, ne(documents.state, "deleted")));
    await db.update(documents).set({ name: ERASED }).where(theirs);
    return affectedRows;
  }

  async function links(): Promise<void> {
    await db
      .update(clientLinks)
      .set({ revokedAt: at })
      .where(
        and(
          eq(clientLinks.businessId, businessId),
          isOneOf(clientLinks.clientId, clientIds),
          isNull(clientLinks.revokedAt),
        ),
      );
    await db
      .update(linkVisits)
      .set({ networkHash: null })
      .where(and(eq(linkVisits.businessId, businessId), isOneOf(linkVisits.clientId, clientIds)));
  }

  return { profile, messages, work, money, files, links };
}
