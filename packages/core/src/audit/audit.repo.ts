import { auditEvents, auditHeads } from "@reminder-app/db/schema/audit";
import { and, desc, eq, gte, lt, sql } from "drizzle-orm";
import type { Id } from "@reminder-app/platform/ids";
import type { Scope } from "../ctx.ts";
import { CHAIN_START, linkHash } from "./audit-digest.ts";

export type AuditEvent = typeof auditEvents.$inferSelect;
export type NewAuditEvent = Omit<AuditEvent, "businessId" | "seq" | "hash" | "digest"> & { readonly digest: Buffer };

export interface AuditFilter {
  readonly entityId?: string | undefined;
  readonly action?: string | undefined;
  readonly actor?: string | undefined;
  readonly from?: Date | undefined;
  readonly before?: Date | undefined;
}

const { id, actor, action, entityId, details, requestId, at } = auditEvents;

/** One parameter with all values: drizzle would build a piece of SQL for each. */
function valuesOf(event: NewAuditEvent) {
  return sql.param([
    id.mapToDriverValue(event.id),
    actor.mapToDriverValue(event.actor),
    action.mapToDriverValue(event.action),
    entityId.mapToDriverValue(event.entityId),
    details.mapToDriverValue(event.details),
    event.requestId === null ? null : requestId.mapToDriverValue(event.requestId),
    at.mapToDriverValue(event.at),
    event.digest,
  ]);
}

/** Every query below is limited to `businessId`; there is no unscoped way in. */
export function auditRepo({ db, businessId }: Scope) {
  /**
   * Add an event to the end of the business's chain. The first statement makes or moves the head and so locks it until
   * the transaction ends: writers take turns. The database computes the hash, which saves a round trip under the lock.
   */
  async function append(event: NewAuditEvent): Promise<void> {
    const owner = auditHeads.businessId.mapToDriverValue(businessId);
    await db.execute(sql`insert into ${auditHeads} (business_id, seq, hash)
      values (${owner}, 1, ${linkHash(CHAIN_START, event.digest)})
      on duplicate key update hash = unhex(sha2(concat(hash, ${event.digest}), 256)), seq = seq + 1`);
    await db.execute(sql`insert into ${auditEvents}
      (business_id, seq, hash, id, actor, action, entity_id, details, request_id, at, digest)
      select business_id, seq, hash, ${valuesOf(event)} from ${auditHeads} where business_id = ${owner}`);
  }

  /** The newest first. */
  async function page(
    filter: AuditFilter,
    { limit, cursor }: { limit: number; cursor?: Id<"AuditEvent"> | undefined },
  ): Promise<AuditEvent[]> {
    return db
      .select()
      .from(auditEvents)
      .where(
        and(
          eq(auditEvents.businessId, businessId),
          filter.entityId === undefined ? undefined : eq(auditEvents.entityId, filter.entityId),
          filter.action === undefined ? undefined : eq(auditEvents.action, filter.action),
          filter.actor === undefined ? undefined : eq(auditEvents.actor, filter.actor),
          filter.from && gte(auditEvents.at, filter.from),
          filter.before && lt(auditEvents.at, filter.before),
          cursor && lt(auditEvents.id, cursor),
        ),
      )
      .orderBy(desc(auditEvents.id))
      .limit(limit + 1);
  }

  return { append, page };
}
