import type { DbOrTransaction } from "@reminder-app/db/database";
import { insertRows, isOneOf } from "@reminder-app/db/bulk";
import { attempts } from "@reminder-app/db/schema/deliveries";
import { providerEvents } from "@reminder-app/db/schema/provider-events";
import type { Id } from "@reminder-app/platform/ids";
import { and, asc, eq, inArray, ne, sql } from "drizzle-orm";
import type { Scope } from "../ctx.ts";

export type Attempt = typeof attempts.$inferSelect;
export type NewAttempt = Omit<typeof attempts.$inferInsert, "businessId">;

/** Every query below is limited to `businessId`; there is no unscoped way in. */
export function attemptRepo({ db, businessId }: Scope) {
  const of = (deliveryId: Id<"Delivery">) =>
    and(eq(attempts.businessId, businessId), eq(attempts.deliveryId, deliveryId));

  async function insertMany(rows: readonly NewAttempt[]): Promise<void> {
    await db.execute(
      insertRows(
        attempts,
        rows.map((row) => ({ ...row, businessId })),
      ),
    );
  }

  /** Write the outcomes of attempts that exist, in one statement. */
  async function finishMany(rows: readonly NewAttempt[]): Promise<void> {
    const insert = insertRows(
      attempts,
      rows.map((row) => ({ ...row, businessId })),
    );
    // A receipt may have been faster than the answer to the call.
    await db.execute(sql`${insert} on duplicate key update
      state = if(state = 'accepted', state, values(state)), code = values(code), reason = values(reason),
      provider_message_id = coalesce(values(provider_message_id), provider_message_id), finished_at = values(finished_at)`);
  }

  async function update(
    { deliveryId, number }: Pick<Attempt, "deliveryId" | "number">,
    change: Partial<NewAttempt>,
  ): Promise<void> {
    await db
      .update(attempts)
      .set(change)
      .where(and(of(deliveryId), eq(attempts.number, number)));
  }

  async function listOf(deliveryId: Id<"Delivery">): Promise<Attempt[]> {
    return db.select().from(attempts).where(of(deliveryId)).orderBy(asc(attempts.number));
  }

  async function findByToken(token: Id<"Attempt">): Promise<Attempt | undefined> {
    const [row] = await db
      .select()
      .from(attempts)
      .where(and(eq(attempts.businessId, businessId), eq(attempts.token, token)));
    return row;
  }

  async function findByProviderMessage(providerMessageId: string): Promise<Attempt | undefined> {
    const [row] = await db
      .select()
      .from(attempts)
      .where(and(eq(attempts.businessId, businessId), eq(attempts.providerMessageId, providerMessageId)));
    return row;
  }

  /** Which of these tokens are of attempts of this business. */
  async function existingTokens(tokens: readonly Id<"Attempt">[]): Promise<Id<"Attempt">[]> {
    if (tokens.length === 0) return [];
    const rows = await db
      .select({ token: attempts.token })
      .from(attempts)
      .where(and(eq(attempts.businessId, businessId), isOneOf(attempts.token, tokens)));
    return rows.map(({ token }) => token);
  }

  return { insertMany, finishMany, update, listOf, findByToken, findByProviderMessage, existingTokens };
}

/** Which of these provider message ids belong to another attempt, of whatever business, by its record or by a receipt. */
export async function claimedMessageIds(
  db: DbOrTransaction,
  { ids, token }: { ids: readonly string[]; token: Id<"Attempt"> },
): Promise<Set<string>> {
  if (ids.length === 0) return new Set();
  const recorded = await db
    .select({ id: attempts.providerMessageId })
    .from(attempts)
    .where(and(inArray(attempts.providerMessageId, [...ids]), ne(attempts.token, token)));
  const reported = await db
    .select({ id: providerEvents.providerMessageId })
    .from(providerEvents)
    .where(and(inArray(providerEvents.providerMessageId, [...ids]), ne(providerEvents.token, token)));
  return new Set([...recorded, ...reported].flatMap(({ id }) => (id === null ? [] : [id])));
}
