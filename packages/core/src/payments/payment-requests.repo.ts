import { isOneOf } from "@reminder-app/db/bulk";
import { type PaymentRequestState, paymentRequests } from "@reminder-app/db/schema/payments";
import { NotFoundError } from "@reminder-app/platform/errors";
import type { Id } from "@reminder-app/platform/ids";
import { and, asc, desc, eq, getTableColumns, lt, sql } from "drizzle-orm";
import { withinReach } from "../clients/client-staff.repo.ts";
import type { Scope } from "../ctx.ts";

export type PaymentRequest = typeof paymentRequests.$inferSelect;
export type NewPaymentRequest = Omit<typeof paymentRequests.$inferInsert, "businessId">;
/** As lists have it: without the long columns. */
export type PaymentRequestSummary = Omit<PaymentRequest, "items" | "policy">;

export interface PaymentRequestFilter {
  readonly clientId?: Id<"Client"> | undefined;
  readonly state?: PaymentRequestState | undefined;
  readonly currency?: string | undefined;
  readonly reference?: string | undefined;
  /** Those that are due before this day. */
  readonly dueBefore?: string | undefined;
}

/** Every query below is limited to `businessId`, and to the clients within reach; there is no unscoped way in. */
export function paymentRequestRepo(scope: Scope) {
  const { db, businessId } = scope;
  const mine = and(eq(paymentRequests.businessId, businessId), withinReach(scope, paymentRequests.clientId));

  async function get(id: Id<"PaymentRequest">): Promise<PaymentRequest> {
    const [row] = await db
      .select()
      .from(paymentRequests)
      .where(and(mine, eq(paymentRequests.id, id)));
    if (!row) throw new NotFoundError("Payment request", id);
    return row;
  }

  /** Those of these that there are, in the order of their ids. */
  async function getMany(ids: readonly Id<"PaymentRequest">[]): Promise<PaymentRequest[]> {
    if (ids.length === 0) return [];
    return db
      .select()
      .from(paymentRequests)
      .where(and(mine, isOneOf(paymentRequests.id, ids)))
      .orderBy(asc(paymentRequests.id));
  }

  /** The same, locked until the transaction ends, in one order for all. */
  async function lockMany(ids: readonly Id<"PaymentRequest">[]): Promise<PaymentRequest[]> {
    if (ids.length === 0) return [];
    return db
      .select()
      .from(paymentRequests)
      .where(and(mine, isOneOf(paymentRequests.id, ids)))
      .orderBy(asc(paymentRequests.id))
      .for("update");
  }

  /** What a client still owes in a currency, the oldest due date first; what has none comes last. */
  async function openOf(clientId: Id<"Client">, currency: string): Promise<PaymentRequest[]> {
    return db
      .select()
      .from(paymentRequests)
      .where(
        and(
          mine,
          eq(paymentRequests.clientId, clientId),
          eq(paymentRequests.state, "open"),
          eq(paymentRequests.currency, currency),
        ),
      )
      .orderBy(sql`${paymentRequests.dueOn} is null`, asc(paymentRequests.dueOn), asc(paymentRequests.id));
  }

  /** All that a client still owes, in the same order. */
  async function allOpenOf(clientId: Id<"Client">, limit: number): Promise<PaymentRequest[]> {
    return db
      .select()
      .from(paymentRequests)
      .where(and(mine, eq(paymentRequests.clientId, clientId), eq(paymentRequests.state, "open")))
      .orderBy(sql`${paymentRequests.dueOn} is null`, asc(paymentRequests.dueOn), asc(paymentRequests.id))
      .limit(limit);
  }

  /** All that is owed in some currencies, of all clients. */
  async function openIn(currencies: readonly string[]): Promise<PaymentRequestSummary[]> {
    const { items: _, policy: __, ...columns } = getTableColumns(paymentRequests);
    return db
      .select(columns)
      .from(paymentRequests)
      .where(and(mine, eq(paymentRequests.state, "open"), isOneOf(paymentRequests.currency, currencies)));
  }

  /** In which currencies something was ever asked for. */
  async function currencies(): Promise<string[]> {
    const rows = await db.selectDistinct({ currency: paymentRequests.currency }).from(paymentRequests).where(mine);
    return rows.map(({ currency }) => currency);
  }

  /** The newest first. */
  async function page(
    { clientId, state, currency, reference, dueBefore }: PaymentRequestFilter,
    { limit, cursor }: { limit: number; cursor?: Id<"PaymentRequest"> | undefined },
  ): Promise<PaymentRequestSummary[]> {
    const { items: _, policy: __, ...columns } = getTableColumns(paymentRequests);
    return db
      .select(columns)
      .from(paymentRequests)
      .where(
        and(
          mine,
          clientId && eq(paymentRequests.clientId, clientId),
          state && eq(paymentRequests.state, state),
          currency === undefined ? undefined : eq(paymentRequests.currency, currency),
          reference === undefined ? undefined : eq(paymentRequests.reference, reference),
          dueBefore === undefined ? undefined : lt(paymentRequests.dueOn, dueBefore),
          cursor && lt(paymentRequests.id, cursor),
        ),
      )
      .orderBy(desc(paymentRequests.id))
      .limit(limit + 1);
  }

  async function insertMany(rows: readonly NewPaymentRequest[]): Promise<void> {
    if (rows.length === 0) return;
    await db.insert(paymentRequests).values(rows.map((row) => ({ ...row, businessId })));
  }

  async function update(id: Id<"PaymentRequest">, change: Partial<NewPaymentRequest>): Promise<void> {
    await db
      .update(paymentRequests)
      .set(change)
      .where(and(mine, eq(paymentRequests.id, id)));
  }

  return { get, getMany, lockMany, openOf, openIn, currencies, allOpenOf, page, insertMany, update };
}
