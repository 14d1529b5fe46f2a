import { isOneOf } from "@reminder-app/db/bulk";
import { type PaymentMethod, type PaymentState, paymentAllocations, payments } from "@reminder-app/db/schema/payments";
import { NotFoundError } from "@reminder-app/platform/errors";
import type { Id } from "@reminder-app/platform/ids";
import { and, asc, desc, eq, gte, lt, lte } from "drizzle-orm";
import { withinReach } from "../clients/client-staff.repo.ts";
import type { Scope } from "../ctx.ts";

export type Payment = typeof payments.$inferSelect;
export type NewPayment = Omit<typeof payments.$inferInsert, "businessId">;
export type Allocation = Omit<typeof paymentAllocations.$inferSelect, "businessId">;

export interface PaymentFilter {
  readonly clientId?: Id<"Client"> | undefined;
  readonly method?: PaymentMethod | undefined;
  readonly state?: PaymentState | undefined;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

/** Every query below is limited to `businessId`, and to the clients within reach; there is no unscoped way in. */
export function paymentRepo(scope: Scope) {
  const { db, businessId } = scope;
  const mine = and(eq(payments.businessId, businessId), withinReach(scope, payments.clientId));
  const allocated = eq(paymentAllocations.businessId, businessId);

  async function find(id: Id<"Payment">): Promise<Payment | undefined> {
    const [row] = await db
      .select()
      .from(payments)
      .where(and(mine, eq(payments.id, id)));
    return row;
  }

  async function get(id: Id<"Payment">): Promise<Payment> {
    const row = await find(id);
    if (!row) throw new NotFoundError("Payment", id);
    return row;
  }

  /** The row, locked until the transaction ends. */
  async function lock(id: Id<"Payment">): Promise<Payment> {
    const [row] = await db
      .select()
      .from(payments)
      .where(and(mine, eq(payments.id, id)))
      .for("update");
    if (!row) throw new NotFoundError("Payment", id);
    return row;
  }

  async function findByProviderRef(providerRef: string): Promise<Payment | undefined> {
    const [row] = await db
      .select()
      .from(payments)
      .where(and(mine, eq(payments.providerRef, providerRef)));
    return row;
  }

  /** The newest first. */
  async function page(
    { clientId, method, state, from, to }: PaymentFilter,
    { limit, cursor }: { limit: number; cursor?: Id<"Payment"> | undefined },
  ): Promise<Payment[]> {
    return db
      .select()
      .from(payments)
      .where(
        and(
          mine,
          clientId && eq(payments.clientId, clientId),
          method && eq(payments.method, method),
          state && eq(payments.state, state),
          from === undefined ? undefined : gte(payments.receivedOn, from),
          to === undefined ? undefined : lte(payments.receivedOn, to),
          cursor && lt(payments.id, cursor),
        ),
      )
      .orderBy(desc(payments.id))
      .limit(limit + 1);
  }

  /** Which requests payments are for, in the order in which they are filled. */
  async function allocationsOf(ids: readonly Id<"Payment">[]): Promise<Allocation[]> {
    if (ids.length === 0) return [];
    return db
      .select()
      .from(paymentAllocations)
      .where(and(allocated, isOneOf(paymentAllocations.paymentId, ids)))
      .orderBy(asc(paymentAllocations.paymentId), asc(paymentAllocations.position));
  }

  /** All that moved for some requests, with what of it counts for each. */
  async function ofRequests(ids: readonly Id<"PaymentRequest">[]) {
    if (ids.length === 0) return [];
    return db
      .select({ allocation: paymentAllocations, payment: payments })
      .from(paymentAllocations)
      .innerJoin(
        payments,
        and(eq(payments.businessId, paymentAllocations.businessId), eq(payments.id, paymentAllocations.paymentId)),
      )
      .where(and(allocated, isOneOf(paymentAllocations.paymentRequestId, ids)))
      .orderBy(asc(payments.id));
  }

  async function insert(row: NewPayment): Promise<void> {
    await db.insert(payments).values({ ...row, businessId });
  }

  async function update(id: Id<"Payment">, change: Partial<NewPayment>): Promise<void> {
    await db
      .update(payments)
      .set(change)
      .where(and(mine, eq(payments.id, id)));
  }

  async function remove(id: Id<"Payment">): Promise<void> {
    await db.delete(paymentAllocations).where(and(allocated, eq(paymentAllocations.paymentId, id)));
    await db.delete(payments).where(and(mine, eq(payments.id, id)));
  }

  async function replaceAllocations(
    paymentId: Id<"Payment">,
    rows: readonly Omit<Allocation, "paymentId">[],
  ): Promise<void> {
    await db.delete(paymentAllocations).where(and(allocated, eq(paymentAllocations.paymentId, paymentId)));
    if (rows.length > 0)
      await db.insert(paymentAllocations).values(rows.map((row) => ({ ...row, businessId, paymentId })));
  }

  return {
    find,
    get,
    lock,
    findByProviderRef,
    page,
    allocationsOf,
    ofRequests,
    insert,
    update,
    remove,
    replaceAllocations,
  };
}
