import { insertRows } from "@reminder-app/db/bulk";
import { deliveries } from "@reminder-app/db/schema/deliveries";
import { countedDeliveries, deliveryCounts } from "@reminder-app/db/schema/reports";
import { and, count, eq, gte, inArray, lt, lte, sql } from "drizzle-orm";
import { withinReach } from "../clients/client-staff.repo.ts";
import type { Scope } from "../ctx.ts";
import { byQuarter, quarterOf } from "./quarter-hours.repo.ts";

export type DeliveryCount = Omit<typeof deliveryCounts.$inferSelect, "businessId">;
/** The same by the instant, to a quarter of an hour: all zones are whole quarters apart. */
export type MadeCount = Omit<DeliveryCount, "day" | "hour"> & { readonly madeAt: Date };
/** By what deliveries are counted. */
export type CountKind = Exclude<keyof DeliveryCount, "deliveries">;
export type CountBy<Kind extends CountKind> = Pick<DeliveryCount, Kind | "deliveries">;
type Mark = Omit<typeof countedDeliveries.$inferSelect, "businessId">;

const CHUNK = 1_000;

/** Deliveries by kind: counted in the ledger itself, and as they were counted before. Limited to `businessId`. */
export function deliveryCountRepo(scope: Scope) {
  const { db, businessId } = scope;
  const made = and(eq(deliveries.businessId, businessId), withinReach(scope, deliveries.clientId));
  const counted = eq(deliveryCounts.businessId, businessId);
  const quarter = quarterOf(deliveries.createdAt);

  /** What the ledger has of deliveries made in `[start, end)`. */
  async function countMade({ start, end }: { start: Date; end: Date }): Promise<MadeCount[]> {
    const { reminderId, stepId, channel, state, reason } = deliveries;
    const rows = await db
      .select({ madeAt: quarter, reminderId, stepId, channel, state, reason, deliveries: count() })
      .from(deliveries)
      .where(and(made, gte(deliveries.createdAt, start), lt(deliveries.createdAt, end)))
      .groupBy(byQuarter, reminderId, stepId, channel, state, reason);
    return rows.map((row) => ({ ...row, stepId: row.stepId ?? "", reason: row.reason ?? "" }));
  }

  /** In which quarters of an hour those deliveries were made that were changed at `since` or later. */
  async function changedSince(since: Date): Promise<Date[]> {
    const rows = await db
      .selectDistinct({ madeAt: quarter })
      .from(deliveries)
      .where(and(eq(deliveries.businessId, businessId), gte(deliveries.updatedAt, since)));
    return rows.map(({ madeAt }) => madeAt);
  }

  /** Up to when everything is counted; locked, so that those who count take turns. */
  async function lockMark(first: Mark): Promise<Mark> {
    await db
      .insert(countedDeliveries)
      .values({ ...first, businessId })
      .onDuplicateKeyUpdate({ set: { businessId } });
    const [row] = await db
      .select()
      .from(countedDeliveries)
      .where(eq(countedDeliveries.businessId, businessId))
      .for("update");
    return row ?? first;
  }

  async function setMark(mark: Mark): Promise<void> {
    await db.update(countedDeliveries).set(mark).where(eq(countedDeliveries.businessId, businessId));
  }

  async function clear(): Promise<void> {
    await db.delete(deliveryCounts).where(counted);
  }

  async function replaceDays(days: readonly string[], rows: readonly DeliveryCount[]): Promise<void> {
    await db.delete(deliveryCounts).where(and(counted, inArray(deliveryCounts.day, [...days])));
    for (let from = 0; from < rows.length; from += CHUNK) {
      const chunk = rows.slice(from, from + CHUNK).map((row) => ({ ...row, businessId }));
      await db.execute(insertRows(deliveryCounts, chunk));
    }
  }

  /** As it was counted, for the days from `from` to `to`, both included: what is alike in `kinds` is one row. */
  async function read<Kind extends CountKind>(
    { from, to }: { from: string; to: string },
    kinds: readonly Kind[],
  ): Promise<CountBy<Kind>[]> {
    const columns = Object.fromEntries(kinds.map((kind) => [kind, deliveryCounts[kind]]));
    const sum = sql<number>`sum(${deliveryCounts.deliveries})`.mapWith(Number);
    const rows = await db
      .select({ ...columns, deliveries: sum })
      .from(deliveryCounts)
      .where(and(counted, gte(deliveryCounts.day, from), lte(deliveryCounts.day, to)))
      .groupBy(...Object.values(columns));
    return rows as CountBy<Kind>[];
  }

  return { countMade, changedSince, lockMark, setMark, clear, replaceDays, read };
}
