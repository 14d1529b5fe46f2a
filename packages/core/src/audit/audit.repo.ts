import { auditEvents, auditHeads } from "@reminder-app/db/schema/audit";
import { type Column, and, desc, eq, gte, lt, sql } from "drizzle-orm";
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

/** Every query below is limited to `businessId`; there is no unscoped way in. */
export function auditRepo({ db, businessId }: Scope) {
  /**
   * Add an event to the end of the business's chain. The first statement makes or moves the head and so locks it until
   * the transaction ends: writers take turns. The database computes the hash, which saves a round trip under the lock.
   */
  async function append(event: NewAuditEvent): Promise<void> {
    await db
      .insert(auditHeads)
      .values({ businessId, seq: 1, hash: linkHash(CHAIN_START, event.digest) })
      .onDuplicateKeyUpdate({
        set: {
          hash: sql`unhex(sha2(concat(${auditHeads.hash}, ${event.digest}), 256))`,
          seq: sql`${auditHeads.seq} + 1`,
        },
      });
    const { id, actor, action, entityId, details, requestId, at, digest } = auditEvents;
    const given = { id, actor, action, entityId, details, requestId, at, digest };
    const names = Object.values(given).map(({ name }) => sql.identifier(name));
    const values = (Object.entries(given) as [keyof typeof given, Column][]).map(([key, column]) =>
      sql.param(event[key], column),
    );
    await db.execute(sql`insert into ${auditEvents} (business_id, seq, hash, ${sql.join(names, sql`, `)})
      select business_id, seq, hash, ${sql.join(values, sql`, `)} from ${auditHeads}
      where ${eq(auditHeads.businessId, businessId)}`);
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
