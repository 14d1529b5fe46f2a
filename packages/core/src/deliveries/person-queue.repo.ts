import { isOneOf } from "@reminder-app/db/bulk";
import { contacts } from "@reminder-app/db/schema/clients";
import { type DeliveryState, deliveries, waitingStates } from "@reminder-app/db/schema/deliveries";
import type { Id } from "@reminder-app/platform/ids";
import { type SQL, and, asc, eq, inArray, isNotNull, lt, notInArray, sql } from "drizzle-orm";
import { alias } from "drizzle-orm/mysql-core";
import type { Scope } from "../ctx.ts";
import type { ReasonCode } from "../reasons.ts";
import { type StopTarget, targetOf } from "./stop-target.repo.ts";
import type { Delivery } from "./deliveries.repo.ts";

const handedOver: DeliveryState[] = ["sending", "unknown", "held", "accepted", "delivered", "read", "undelivered"];

/** All that waits for the same people or went to them, and which messages carry others' lines. Every query below is limited to `businessId`. */
export function personQueueRepo({ db, businessId }: Scope) {
  const mine = eq(deliveries.businessId, businessId);

  /** Let no one else send to these people until the transaction ends. Always in one order, so that nobody waits in a circle. */
  async function takeTurns(ids: readonly Id<"Contact">[]): Promise<void> {
    await db
      .select({ id: contacts.id })
      .from(contacts)
      .where(and(eq(contacts.businessId, businessId), isOneOf(contacts.id, ids)))
      .orderBy(asc(contacts.id))
      .for("update");
  }

  /** What else waits for these people and is due before `before`, locked: whoever looks at it or stops it is waited for. */
  async function lockWaiting(
    ids: readonly Id<"Contact">[],
    { except, before }: { except: readonly Id<"Delivery">[]; before: Date },
  ): Promise<Delivery[]> {
    const isMeant = and(
      mine,
      inArray(deliveries.state, waitingStates),
      eq(deliveries.urgent, false),
      lt(deliveries.dueAt, before),
      notInArray(deliveries.id, [...except]),
    );
    return lockWhere(and(isMeant, isOneOf(deliveries.contactId, ids)), isMeant);
  }

  /** When messages were handed over to these people since `since`, or began to be, the oldest first. */
  async function sentSince(
    ids: readonly Id<"Contact">[],
    since: Date,
  ): Promise<{ contactId: Id<"Contact">; at: Date }[]> {
    const at = sql<Date>`coalesce(${deliveries.acceptedAt}, ${deliveries.unknownSince}, ${deliveries.updatedAt})`;
    return db
      .select({ contactId: deliveries.contactId, at: at.mapWith(deliveries.updatedAt) })
      .from(deliveries)
      .where(
        and(
          mine,
          isOneOf(deliveries.contactId, ids),
          inArray(deliveries.state, handedOver),
          sql`${at} > ${sql.param(since, deliveries.updatedAt)}`,
        ),
      )
      .orderBy(asc(at));
  }

  /** Make these waiting messages lines of `carrier`, together with the lines that they have themselves. */
  async function merge(ids: readonly Id<"Delivery">[], carrier: Id<"Delivery">, at: Date): Promise<void> {
    const theirs = await lockLines(ids);
    const next = { state: "skipped" as const, reason: "merged" satisfies ReasonCode, nextAt: null, addressHash: null };
    await db
      .update(deliveries)
      .set({ ...next, mergedInto: carrier, updatedAt: at })
      .where(and(mine, isOneOf(deliveries.id, [...ids, ...theirs.map(({ id }) => id)])));
  }

  /** The lines of messages that have not left, locked so that a stop waits or is seen. */
  async function lockLines(carriers: readonly Id<"Delivery">[]): Promise<Delivery[]> {
    const isMeant = and(mine, isOneOf(deliveries.mergedInto, carriers));
    return lockWhere(isMeant, isMeant);
  }

  async function hasLines(carrier: Id<"Delivery">): Promise<boolean> {
    const rows = await db
      .select({ id: deliveries.id })
      .from(deliveries)
      .where(and(mine, eq(deliveries.mergedInto, carrier)))
      .limit(1);
    return rows.length > 0;
  }

  /** Let lines wait as long as the message that carries them may, and none for more than `mostMs` after its own moment. */
  async function extendLines(carrier: Id<"Delivery">, expiresAt: Date, mostMs: number): Promise<void> {
    const lines = await lockLines([carrier]);
    const most = sql`${deliveries.dueAt} + interval ${mostMs * 1000} microsecond`;
    const end = sql`least(${sql.param(expiresAt, deliveries.expiresAt)}, ${most})`;
    await db
      .update(deliveries)
      .set({ expiresAt: sql`greatest(${deliveries.expiresAt}, ${end})` })
      .where(
        and(
          mine,
          isOneOf(
            deliveries.id,
            lines.map(({ id }) => id),
          ),
        ),
      );
  }

  /** Let lines wait by themselves again, from `at` on. */
  async function release(ids: readonly Id<"Delivery">[], at: Date): Promise<void> {
    if (ids.length === 0) return;
    await db
      .update(deliveries)
      .set({ state: "queued", reason: null, mergedInto: null, nextAt: at, updatedAt: at })
      .where(and(mine, isOneOf(deliveries.id, ids)));
  }

  /** Let the lines of these messages wait by themselves again. */
  async function releaseLinesOf(carriers: readonly Id<"Delivery">[], at: Date): Promise<void> {
    if (carriers.length === 0) return;
    const lines = await lockLines(carriers);
    await release(
      lines.map(({ id }) => id),
      at,
    );
  }

  const carrier = alias(deliveries, "carrier");

  /** The lines within `target`, and of the messages within it, whose message has not left; those of the whole business when left out. */
  async function lockUnsentLines(target?: StopTarget): Promise<Id<"Delivery">[]> {
    const lines = new Map<Id<"Delivery">, Id<"Delivery"> | null>();
    for (const condition of target ? [targetOf(deliveries, target), targetOf(carrier, target)] : [undefined]) {
      const rows = await db
        .select({ id: deliveries.id, into: deliveries.mergedInto })
        .from(deliveries)
        .innerJoin(carrier, and(eq(carrier.businessId, deliveries.businessId), eq(carrier.id, deliveries.mergedInto)))
        .where(and(mine, inArray(carrier.state, waitingStates), condition));
      for (const { id, into } of rows) lines.set(id, into);
    }
    if (lines.size === 0) return [];
    const carriers = await lock([...lines.values()], inArray(deliveries.state, waitingStates));
    const unsent = new Set(carriers.map(({ id }) => id));
    const still = await lock([...lines.keys()], isNotNull(deliveries.mergedInto));
    return still.flatMap(({ id, mergedInto }) => (mergedInto && unsent.has(mergedInto) ? [id] : []));
  }

  /** The capped messages of these assignments that wait, locked. */
  async function lockCapped(ids: readonly Id<"Assignment">[]): Promise<Delivery[]> {
    if (ids.length === 0) return [];
    const isMeant = and(mine, inArray(deliveries.state, waitingStates), eq(deliveries.reason, "capped"));
    return lockWhere(and(isMeant, isOneOf(deliveries.assignmentId, ids)), isMeant);
  }

  /** Found first and then locked by their keys, so that no row of others is touched on the way. */
  async function lockWhere(condition: SQL | undefined, isMeant: SQL | undefined): Promise<Delivery[]> {
    const rows = await db.select({ id: deliveries.id }).from(deliveries).where(condition);
    return rows.length === 0
      ? []
      : lock(
          rows.map(({ id }) => id),
          isMeant,
        );
  }

  async function lock(ids: readonly unknown[], isMeant: SQL | undefined): Promise<Delivery[]> {
    return db
      .select()
      .from(deliveries)
      .where(and(mine, isOneOf(deliveries.id, ids), isMeant))
      .orderBy(asc(deliveries.dueAt), asc(deliveries.id))
      .for("update");
  }

  return {
    takeTurns,
    lockWaiting,
    sentSince,
    merge,
    lockLines,
    hasLines,
    extendLines,
    release,
    releaseLinesOf,
    lockUnsentLines,
    lockCapped,
  };
}
