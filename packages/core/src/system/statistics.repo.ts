import { TEST_PROVIDER } from "@reminder-app/channels/channel";
import type { DbOrTransaction } from "@reminder-app/db/database";
import { attempts, deliveries } from "@reminder-app/db/schema/deliveries";
import { and, count, eq, gte, ne } from "drizzle-orm";

/** Numbers over all businesses; no row of any is read out. */
export function attemptStatistics(db: DbOrTransaction) {
  async function since(from: Date): Promise<{ channel: string; outcome: string; count: number }[]> {
    return db
      .select({ channel: deliveries.channel, outcome: attempts.state, count: count() })
      .from(attempts)
      .innerJoin(
        deliveries,
        and(eq(deliveries.businessId, attempts.businessId), eq(deliveries.id, attempts.deliveryId)),
      )
      .where(and(gte(attempts.startedAt, from), ne(attempts.provider, TEST_PROVIDER)))
      .groupBy(deliveries.channel, attempts.state);
  }

  return { since };
}
