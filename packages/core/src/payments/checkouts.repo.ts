import { type CheckoutPart, checkouts, paymentRequests, payments } from "@reminder-app/db/schema/payments";
import type { Id } from "@reminder-app/platform/ids";
import { type SQL, and, asc, count, eq, inArray } from "drizzle-orm";
import { withinReach } from "../clients/client-staff.repo.ts";
import type { Scope } from "../ctx.ts";

export type Checkout = typeof checkouts.$inferSelect;

/** In which somebody may still pay by it. */
const liveStates = ["making", "open"] as const;

const requestIdsOf = (parts: readonly CheckoutPart[]) => parts.map(({ paymentRequestId }) => paymentRequestId);

/** Every query below is limited to `businessId`, and to the clients within reach; there is no unscoped way in. */
export function checkoutRepo(scope: Scope) {
  const { db, businessId } = scope;
  const mine = and(eq(checkouts.businessId, businessId), withinReach(scope, checkouts.clientId));
  const requests = and(eq(paymentRequests.businessId, businessId), withinReach(scope, paymentRequests.clientId));
  const isLive = inArray(checkouts.state, [...liveStates]);

  async function first(condition: SQL | undefined): Promise<Checkout | undefined> {
    const [row] = await db.select().from(checkouts).where(and(mine, condition)).limit(1);
    return row;
  }

  const find = (id: Id<"Checkout">) => first(eq(checkouts.id, id));

  async function live(): Promise<Checkout[]> {
    return db.select().from(checkouts).where(and(mine, isLive)).orderBy(asc(checkouts.id));
  }

  /** Payments through the provider that have neither succeeded nor failed. */
  async function countOnTheirWay(): Promise<number> {
    const { method, state } = payments;
    const [row] = await db
      .select({ count: count() })
      .from(payments)
      .where(and(eq(payments.businessId, businessId), eq(method, "stripe"), eq(state, "processing")));
    return row?.count ?? 0;
  }

  /** Which of these are live. */
  async function liveAmong(ids: readonly Id<"Checkout">[]): Promise<Checkout[]> {
    if (ids.length === 0) return [];
    return db
      .select()
      .from(checkouts)
      .where(and(mine, isLive, inArray(checkouts.id, [...ids])))
      .orderBy(asc(checkouts.id));
  }

  /** The live ones that these requests point to. */
  async function liveOf(requestIds: readonly Id<"PaymentRequest">[]): Promise<Checkout[]> {
    if (requestIds.length === 0) return [];
    const pointed = await db
      .selectDistinct({ id: paymentRequests.checkoutId })
      .from(paymentRequests)
      .where(and(requests, inArray(paymentRequests.id, [...requestIds])));
    return liveAmong(pointed.flatMap(({ id }) => id ?? []));
  }

  /** A new checkout, and the one that its requests point to from now on. */
  async function insert(checkout: Omit<Checkout, "businessId">): Promise<void> {
    await db.insert(checkouts).values({ ...checkout, businessId });
    await db
      .update(paymentRequests)
      .set({ checkoutId: checkout.id })
      .where(and(requests, inArray(paymentRequests.id, requestIdsOf(checkout.parts))));
  }

  /** What the provider made of it. False when it was closed, or made, meanwhile. */
  async function open(id: Id<"Checkout">, made: Pick<Checkout, "sessionId" | "url" | "updatedAt">): Promise<boolean> {
    const [{ affectedRows }] = await db
      .update(checkouts)
      .set({ ...made, state: "open" })
      .where(and(mine, eq(checkouts.id, id), eq(checkouts.state, "making")));
    return affectedRows === 1;
  }

  /** Nobody can pay by it any more, and nothing points to it. It is closed once. */
  async function close(checkout: Checkout, state: "completed" | "expired", updatedAt: Date): Promise<void> {
    await db
      .update(checkouts)
      .set({ state, updatedAt })
      .where(and(mine, eq(checkouts.id, checkout.id), isLive));
    await detach(checkout);
  }

  /** Give up what was never shown to anybody. False when it was made meanwhile, and may have been. */
  async function abandon(checkout: Checkout, updatedAt: Date): Promise<boolean> {
    const [{ affectedRows }] = await db
      .update(checkouts)
      .set({ state: "expired", updatedAt })
      .where(and(mine, eq(checkouts.id, checkout.id), eq(checkouts.state, "making")));
    if (affectedRows === 1) await detach(checkout);
    return affectedRows === 1;
  }

  async function detach({ id, parts }: Checkout): Promise<void> {
    await db
      .update(paymentRequests)
      .set({ checkoutId: null })
      .where(and(requests, inArray(paymentRequests.id, requestIdsOf(parts)), eq(paymentRequests.checkoutId, id)));
  }

  async function touch(id: Id<"Checkout">, updatedAt: Date): Promise<void> {
    await db
      .update(checkouts)
      .set({ updatedAt })
      .where(and(mine, eq(checkouts.id, id)));
  }

  return {
    find,
    findBySession: (sessionId: string) => first(eq(checkouts.sessionId, sessionId)),
    live,
    countOnTheirWay,
    liveAmong,
    liveOf,
    insert,
    open,
    close,
    abandon,
    touch,
  };
}
