import type { DbOrTransaction } from "@reminder-app/db/database";
import { inboundMessages } from "@reminder-app/db/schema/consent";
import { paymentEvents } from "@reminder-app/db/schema/payments";
import { providerEvents } from "@reminder-app/db/schema/provider-events";
import { lt } from "drizzle-orm";

/** Delete at most `limit` of each kind of what providers told before `at`, of any business; what is not applied stays. Answers how many. */
export async function deleteEventsBefore(db: DbOrTransaction, at: Date, limit: number): Promise<number> {
  const [reports] = await db.delete(providerEvents).where(lt(providerEvents.appliedAt, at)).limit(limit);
  const [payments] = await db.delete(paymentEvents).where(lt(paymentEvents.appliedAt, at)).limit(limit);
  const [words] = await db.delete(inboundMessages).where(lt(inboundMessages.receivedAt, at)).limit(limit);
  return reports.affectedRows + payments.affectedRows + words.affectedRows;
}
