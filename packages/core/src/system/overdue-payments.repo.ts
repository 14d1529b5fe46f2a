import type { DbOrTransaction } from "@reminder-app/db/database";
import { businesses } from "@reminder-app/db/schema/businesses";
import { checkouts, paymentAccounts, paymentEvents, paymentRequests, payments } from "@reminder-app/db/schema/payments";
import { DAY_MS, MINUTE_MS, after } from "@reminder-app/platform/clock";
import type { Id } from "@reminder-app/platform/ids";
import { and, asc, eq, exists, gt, inArray, isNull, lte, ne, or, sql } from "drizzle-orm";
import { OPEN_FOR_MS } from "../payments/decide-checkout.ts";

/** Where a row is, and nothing of what is in it. */
export interface DueOf<Entity extends string> {
  readonly businessId: Id<"Business">;
  readonly id: Id<Entity>;
}

/** Making a page takes seconds. */
const MAKING_MS = MINUTE_MS;
/** How often a payment on its way is asked after. */
const ASK_EVERY_MS = DAY_MS;

/** What of payments nobody has followed up, across all businesses; for the sweep and for webhooks only. */
export function overduePaymentRepo(db: DbOrTransaction) {
  /** Events that were stored by `before` and not applied yet. */
  async function eventsToApply(before: Date, limit: number): Promise<DueOf<"PaymentEvent">[]> {
    return db
      .select({ businessId: paymentEvents.businessId, id: paymentEvents.id })
      .from(paymentEvents)
      .where(and(isNull(paymentEvents.appliedAt), lte(paymentEvents.receivedAt, before)))
      .orderBy(asc(paymentEvents.receivedAt))
      .limit(limit);
  }

  /** Live checkouts whose time is over, whose making was cut off, or whose requests changed after they were looked at. */
  async function checkoutsToReview(now: Date, limit: number): Promise<DueOf<"Checkout">[]> {
    const { businessId, clientId, id, state, expiresAt, updatedAt } = checkouts;
    const changed = db
      .select({ one: sql`1` })
      .from(paymentRequests)
      .where(
        and(
          eq(paymentRequests.businessId, businessId),
          eq(paymentRequests.clientId, clientId),
          eq(paymentRequests.checkoutId, id),
          // A test clock may have stood still in between.
          or(gt(paymentRequests.updatedAt, updatedAt), ne(paymentRequests.state, "open")),
        ),
      );
    const isCutOff = and(eq(state, "making"), lte(expiresAt, after(now, OPEN_FOR_MS - MAKING_MS)));
    return db
      .select({ businessId, id })
      .from(checkouts)
      .where(and(inArray(state, ["making", "open"]), or(lte(expiresAt, now), isCutOff, exists(changed))))
      .limit(limit);
  }

  /** Payments of live businesses that have been on their way through a provider without a word for a day. */
  async function paymentsToAskAfter(now: Date, limit: number): Promise<DueOf<"Payment">[]> {
    const { businessId, id, state, method, updatedAt } = payments;
    return db
      .select({ businessId, id })
      .from(payments)
      .innerJoin(businesses, eq(businesses.id, businessId))
      .where(
        and(
          eq(state, "processing"),
          eq(method, "stripe"),
          lte(updatedAt, after(now, -ASK_EVERY_MS)),
          eq(businesses.mode, "live"),
        ),
      )
      .limit(limit);
  }

  /** Whose account it is in this mode. */
  async function businessOfAccount(accountId: string, liveMode: boolean): Promise<Id<"Business"> | undefined> {
    const [row] = await db
      .select({ businessId: paymentAccounts.businessId })
      .from(paymentAccounts)
      .where(and(eq(paymentAccounts.accountId, accountId), eq(paymentAccounts.liveMode, liveMode)));
    return row?.businessId;
  }

  return { eventsToApply, checkoutsToReview, paymentsToAskAfter, businessOfAccount };
}
