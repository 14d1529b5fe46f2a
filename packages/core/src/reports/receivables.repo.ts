import { deliveries } from "@reminder-app/db/schema/deliveries";
import { paymentAllocations, paymentRequests, payments } from "@reminder-app/db/schema/payments";
import { assignments } from "@reminder-app/db/schema/reminders";
import { and, count, eq, gt, gte, isNotNull, lt, lte, sql } from "drizzle-orm";
import { withinReach } from "../clients/client-staff.repo.ts";
import type { Scope } from "../ctx.ts";
import { isOfChase } from "../deliveries/stop-target.repo.ts";

const sum = (of: ReturnType<typeof sql>) => sql<number>`coalesce(sum(${of}), 0)`.mapWith(Number);

/** What is owed, and what came in. Limited to `businessId`, and to the clients within reach. */
export function receivableRepo(scope: Scope) {
  const { db, businessId } = scope;
  const asked = and(eq(paymentRequests.businessId, businessId), withinReach(scope, paymentRequests.clientId));
  const moved = and(eq(payments.businessId, businessId), withinReach(scope, payments.clientId));
  const owed = sql`${paymentRequests.total} - ${paymentRequests.paid}`;

  /** What is open, by currency and days overdue at `today`; without a due date nothing is overdue. */
  async function open(today: string) {
    const daysOverdue = sql<number>`greatest(coalesce(datediff(${today}, ${paymentRequests.dueOn}), 0), 0)`;
    return db
      .select({
        currency: paymentRequests.currency,
        daysOverdue: daysOverdue.mapWith(Number).as("days_overdue"),
        requests: count(),
        amount: sum(owed),
        processing: sum(sql`${paymentRequests.processing}`),
      })
      .from(paymentRequests)
      .where(and(asked, eq(paymentRequests.state, "open"), sql`${owed} > 0`))
      .groupBy(paymentRequests.currency, sql`days_overdue`);
  }

  /** Days from the due date to the day on which all was paid, of those paid in `[start, end)`. Below 0: paid early. */
  async function daysToPay({ start, end }: { start: Date; end: Date }) {
    const days = sql<number>`datediff(${paymentRequests.paidAt}, ${paymentRequests.createdAt})`;
    const late = sql<number>`datediff(${paymentRequests.paidAt}, ${paymentRequests.dueOn})`;
    return db
      .select({
        currency: paymentRequests.currency,
        days: days.mapWith(Number).as("days"),
        late: sql<number | null>`${late}`.as("late"),
        requests: count(),
      })
      .from(paymentRequests)
      .where(
        and(
          asked,
          eq(paymentRequests.state, "paid"),
          gte(paymentRequests.paidAt, start),
          lt(paymentRequests.paidAt, end),
        ),
      )
      .groupBy(paymentRequests.currency, sql`days`, sql`late`);
  }

  /** Money that arrived on the days from `from` to `to`, by currency. */
  async function received({ from, to }: { from: string; to: string }) {
    return db
      .select({
        currency: payments.currency,
        payments: count(),
        amount: sum(sql`${payments.amount}`),
        refunded: sum(sql`${payments.refunded}`),
        disputed: sum(sql`${payments.disputed}`),
      })
      .from(payments)
      .where(and(moved, eq(payments.state, "succeeded"), gte(payments.receivedOn, from), lte(payments.receivedOn, to)))
      .groupBy(payments.currency);
  }

  /** Of that, what went to requests about which a message had been taken by its provider in the `days` before. */
  async function afterReminder({ from, to, days }: { from: string; to: string; days: number }) {
    const reminded = db
      .select({ one: sql`1` })
      .from(assignments)
      .innerJoin(
        deliveries,
        and(eq(deliveries.businessId, assignments.businessId), eq(deliveries.assignmentId, assignments.id)),
      )
      .where(
        and(
          eq(assignments.businessId, businessId),
          eq(assignments.paymentRequestId, paymentAllocations.paymentRequestId),
          isNotNull(deliveries.acceptedAt),
          isOfChase(deliveries),
          lte(deliveries.acceptedAt, payments.createdAt),
          gt(deliveries.acceptedAt, sql`${payments.createdAt} - interval ${days} day`),
        ),
      );
    return db
      .select({ currency: payments.currency, amount: sum(sql`${paymentAllocations.amount}`) })
      .from(payments)
      .innerJoin(
        paymentAllocations,
        and(eq(paymentAllocations.businessId, payments.businessId), eq(paymentAllocations.paymentId, payments.id)),
      )
      .where(
        and(
          moved,
          eq(payments.state, "succeeded"),
          gte(payments.receivedOn, from),
          lte(payments.receivedOn, to),
          sql`exists ${reminded}`,
        ),
      )
      .groupBy(payments.currency);
  }

  return { open, daysToPay, received, afterReminder };
}
