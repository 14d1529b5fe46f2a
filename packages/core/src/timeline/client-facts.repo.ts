import { isOneOf } from "@reminder-app/db/bulk";
import { auditEvents } from "@reminder-app/db/schema/audit";
import { contactAddresses, contacts } from "@reminder-app/db/schema/clients";
import { suppressions } from "@reminder-app/db/schema/consent";
import { paymentRequests, payments } from "@reminder-app/db/schema/payments";
import { tasks } from "@reminder-app/db/schema/tasks";
import type { Id } from "@reminder-app/platform/ids";
import { type SQL, and, desc, eq, gte, inArray, max, or } from "drizzle-orm";
import { withinReach } from "../clients/client-staff.repo.ts";
import type { Scope } from "../ctx.ts";
import type { Window } from "./place.ts";
import { rowsWithin } from "./rows-within.repo.ts";

/** The letter of what people and programs did, among the sources of a timeline. */
export const DEEDS = "e";

/** Whom deeds are about, and since when they concern the client. */
export interface Concern {
  readonly entityId: string;
  readonly since: Date;
}

/** What happened around one client, with those that were merged into it. Every query below is limited to `businessId`, and to the clients within reach. */
export function clientFactRepo(scope: Scope, clientIds: readonly Id<"Client">[]) {
  const { db, businessId } = scope;

  /** What was done to anything of `concerns`, the newest first. */
  async function deeds(concerns: readonly Concern[], actions: readonly string[], window: Window) {
    const about = (of: readonly Concern[]): SQL | undefined =>
      or(...of.map(({ entityId, since }) => and(eq(auditEvents.entityId, entityId), gte(auditEvents.at, since))));
    return db
      .select()
      .from(auditEvents)
      .where(
        and(
          eq(auditEvents.businessId, businessId),
          inArray(
            auditEvents.entityId,
            concerns.map(({ entityId }) => entityId),
          ),
          inArray(auditEvents.action, [...actions]),
          about(concerns),
          rowsWithin(window, { letter: DEEDS, at: auditEvents.at, id: auditEvents.id }, auditEvents.at),
        ),
      )
      .orderBy(desc(auditEvents.at), desc(auditEvents.id))
      .limit(window.limit);
  }

  /** When something was last done to each of some entities. */
  async function lastDone(
    entityIds: readonly string[],
    actions: readonly string[],
  ): Promise<ReadonlyMap<string, Date>> {
    if (entityIds.length === 0) return new Map();
    const rows = await db
      .select({ entityId: auditEvents.entityId, at: max(auditEvents.at) })
      .from(auditEvents)
      .where(
        and(
          eq(auditEvents.businessId, businessId),
          inArray(auditEvents.entityId, [...entityIds]),
          inArray(auditEvents.action, [...actions]),
        ),
      )
      .groupBy(auditEvents.entityId);
    return new Map(rows.flatMap(({ entityId, at }) => (at ? [[entityId, at] as const] : [])));
  }

  async function tasksOf() {
    return db
      .select()
      .from(tasks)
      .where(
        and(eq(tasks.businessId, businessId), isOneOf(tasks.clientId, clientIds), withinReach(scope, tasks.clientId)),
      );
  }

  async function contactsOf() {
    return db
      .select({ id: contacts.id, name: contacts.name })
      .from(contacts)
      .where(
        and(
          eq(contacts.businessId, businessId),
          isOneOf(contacts.clientId, clientIds),
          withinReach(scope, contacts.clientId),
        ),
      );
  }

  /** What stands, or stood, against the addresses of some contacts. */
  async function suppressionsOf(contactIds: readonly Id<"Contact">[]) {
    if (contactIds.length === 0) return [];
    return db
      .select({
        contactId: contactAddresses.contactId,
        channel: suppressions.channel,
        reason: suppressions.reason,
        createdAt: suppressions.createdAt,
        liftedAt: suppressions.liftedAt,
      })
      .from(contactAddresses)
      .innerJoin(
        suppressions,
        and(
          eq(suppressions.businessId, contactAddresses.businessId),
          eq(suppressions.channel, contactAddresses.channel),
          eq(suppressions.addressHash, contactAddresses.addressHash),
        ),
      )
      .where(and(eq(contactAddresses.businessId, businessId), isOneOf(contactAddresses.contactId, contactIds)));
  }

  /** What was asked of the client. */
  async function requestsOf() {
    const { id, title, reference, createdAt } = paymentRequests;
    const theirs = and(eq(paymentRequests.businessId, businessId), isOneOf(paymentRequests.clientId, clientIds));
    return db
      .select({ id, title, reference, createdAt })
      .from(paymentRequests)
      .where(and(theirs, withinReach(scope, paymentRequests.clientId)));
  }

  /** What the client paid. */
  async function paymentsOf() {
    const theirs = and(eq(payments.businessId, businessId), isOneOf(payments.clientId, clientIds));
    return db
      .select({ id: payments.id, createdAt: payments.createdAt })
      .from(payments)
      .where(and(theirs, withinReach(scope, payments.clientId)));
  }

  return { deeds, lastDone, tasksOf, contactsOf, suppressionsOf, requestsOf, paymentsOf };
}

export type Deed = Awaited<ReturnType<ReturnType<typeof clientFactRepo>["deeds"]>>[number];
