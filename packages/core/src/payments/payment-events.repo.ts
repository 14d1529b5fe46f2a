import { isDuplicateKey } from "@reminder-app/db/faults";
import { type PaymentEventResult, paymentEvents } from "@reminder-app/db/schema/payments";
import type { Id } from "@reminder-app/platform/ids";
import { and, eq, sql } from "drizzle-orm";
import type { Scope } from "../ctx.ts";

export type PaymentEvent = typeof paymentEvents.$inferSelect;

/** Every query below is limited to `businessId`; there is no unscoped way in. */
export function paymentEventRepo({ db, businessId }: Scope) {
  const one = (id: Id<"PaymentEvent">) => and(eq(paymentEvents.businessId, businessId), eq(paymentEvents.id, id));

  /** False when it came before; then nothing is changed. */
  async function insertOnce(event: Omit<typeof paymentEvents.$inferInsert, "businessId">): Promise<boolean> {
    try {
      await db.insert(paymentEvents).values({ ...event, businessId });
      return true;
    } catch (thrown) {
      if (isDuplicateKey(thrown)) return false;
      throw thrown;
    }
  }

  async function find(id: Id<"PaymentEvent">): Promise<PaymentEvent | undefined> {
    const [row] = await db.select().from(paymentEvents).where(one(id));
    return row;
  }

  async function finish(id: Id<"PaymentEvent">, result: PaymentEventResult, appliedAt: Date): Promise<void> {
    await db.update(paymentEvents).set({ result, appliedAt }).where(one(id));
  }

  async function countCrash(id: Id<"PaymentEvent">): Promise<void> {
    await db
      .update(paymentEvents)
      .set({ crashes: sql`${paymentEvents.crashes} + 1` })
      .where(one(id));
  }

  return { insertOnce, find, finish, countCrash };
}
