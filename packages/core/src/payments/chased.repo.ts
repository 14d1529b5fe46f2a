import { isOneOf } from "@reminder-app/db/bulk";
import { assignments } from "@reminder-app/db/schema/reminders";
import type { Id } from "@reminder-app/platform/ids";
import { and, asc, eq } from "drizzle-orm";
import type { Assignment } from "../assignments/assignments.repo.ts";
import type { Scope } from "../ctx.ts";

/** The assignments by which payment requests are chased. Limited to `businessId`. */
export function chasedRepo({ db, businessId }: Scope) {
  const by = (ids: readonly Id<"PaymentRequest">[]) =>
    and(eq(assignments.businessId, businessId), isOneOf(assignments.paymentRequestId, ids));

  async function remindersOf(ids: readonly Id<"PaymentRequest">[]): Promise<Id<"Reminder">[]> {
    if (ids.length === 0) return [];
    const rows = await db.selectDistinct({ id: assignments.reminderId }).from(assignments).where(by(ids));
    return rows.map(({ id }) => id);
  }

  /** Locked until the transaction ends, in one order for all. */
  async function lock(ids: readonly Id<"PaymentRequest">[]): Promise<Assignment[]> {
    if (ids.length === 0) return [];
    return db.select().from(assignments).where(by(ids)).orderBy(asc(assignments.id)).for("update");
  }

  return { remindersOf, lock };
}
