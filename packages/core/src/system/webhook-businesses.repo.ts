import type { DbOrTransaction } from "@reminder-app/db/database";
import { webhookCalls, webhookEndpoints } from "@reminder-app/db/schema/webhooks";
import type { Id } from "@reminder-app/platform/ids";
import { and, eq, exists, lte, sql } from "drizzle-orm";

/** Businesses that have, or had, an endpoint of their own. */
export async function businessesWithWebhooks(db: DbOrTransaction): Promise<Id<"Business">[]> {
  const rows = await db.selectDistinct({ businessId: webhookEndpoints.businessId }).from(webhookEndpoints);
  return rows.map(({ businessId }) => businessId);
}

/** Active endpoints, of any business, for which a call waits that is due by `now`. Test businesses have none. */
export async function endpointsToCall(
  db: DbOrTransaction,
  now: Date,
  limit: number,
): Promise<{ readonly businessId: Id<"Business">; readonly endpointId: Id<"WebhookEndpoint"> }[]> {
  const due = db
    .select({ one: sql`1` })
    .from(webhookCalls)
    .where(
      and(
        eq(webhookCalls.businessId, webhookEndpoints.businessId),
        eq(webhookCalls.endpointId, webhookEndpoints.id),
        eq(webhookCalls.state, "waiting"),
        lte(webhookCalls.nextAt, now),
      ),
    );
  return db
    .select({ businessId: webhookEndpoints.businessId, endpointId: webhookEndpoints.id })
    .from(webhookEndpoints)
    .where(and(eq(webhookEndpoints.state, "active"), exists(due)))
    .limit(limit);
}
