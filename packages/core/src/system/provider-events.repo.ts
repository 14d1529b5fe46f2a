import { insertRows } from "@reminder-app/db/bulk";
import type { DbOrTransaction } from "@reminder-app/db/database";
import { attempts } from "@reminder-app/db/schema/deliveries";
import { type ProviderEventResult, providerEvents } from "@reminder-app/db/schema/provider-events";
import { type Id, newId } from "@reminder-app/platform/ids";
import { and, eq, sql } from "drizzle-orm";

export type ProviderEvent = typeof providerEvents.$inferSelect;

/** What providers reported, before it is known which business it is about. */
export function providerEventRepo(db: DbOrTransaction) {
  /** Store reports once, in one statement; repeated ones change nothing. */
  async function insertManyOnce(events: readonly (typeof providerEvents.$inferInsert)[]): Promise<void> {
    if (events.length === 0) return;
    await db.execute(sql`${insertRows(providerEvents, events)} on duplicate key update id = id`);
  }

  /**
   * File that `providerMessageId` was found to be the message of the attempt `token`. Of several attempts that find the
   * same message one gets it: false for the others.
   */
  async function claimFound(
    { token, provider, providerMessageId }: { token: Id<"Attempt">; provider: string; providerMessageId: string },
    at: Date,
  ): Promise<boolean> {
    const key = { provider, account: "found", eventKey: providerMessageId };
    const event = { ...key, id: newId<"ProviderEvent">(), token, providerMessageId, receivedAt: at, appliedAt: at };
    await insertManyOnce([{ ...event, status: "accepted", result: "applied" }]);
    const [row] = await db
      .select({ token: providerEvents.token })
      .from(providerEvents)
      .where(
        and(
          eq(providerEvents.provider, key.provider),
          eq(providerEvents.account, key.account),
          eq(providerEvents.eventKey, key.eventKey),
        ),
      );
    return row?.token === token;
  }

  async function find(id: Id<"ProviderEvent">): Promise<ProviderEvent | undefined> {
    const [row] = await db.select().from(providerEvents).where(eq(providerEvents.id, id));
    return row;
  }

  async function finish(id: Id<"ProviderEvent">, result: ProviderEventResult, appliedAt: Date): Promise<void> {
    await db.update(providerEvents).set({ result, appliedAt }).where(eq(providerEvents.id, id));
  }

  async function countCrash(id: Id<"ProviderEvent">): Promise<void> {
    await db
      .update(providerEvents)
      .set({ crashes: sql`${providerEvents.crashes} + 1` })
      .where(eq(providerEvents.id, id));
  }

  /** Which business an event is about: by our own token where it has one, else by the provider's id of the message. */
  async function businessOf({
    provider,
    token,
    providerMessageId,
  }: ProviderEvent): Promise<Id<"Business"> | undefined> {
    const named = providerMessageId === null ? undefined : eq(attempts.providerMessageId, providerMessageId);
    const match = token ? eq(attempts.token, token) : named;
    if (!match) return undefined;
    const [row] = await db
      .select({ businessId: attempts.businessId })
      .from(attempts)
      .where(and(match, eq(attempts.provider, provider)))
      .limit(1);
    return row?.businessId;
  }

  return { insertManyOnce, claimFound, find, finish, countCrash, businessOf };
}

/** Whose attempt a token names. */
export async function businessOfAttempt(
  db: DbOrTransaction,
  token: Id<"Attempt">,
): Promise<Id<"Business"> | undefined> {
  const [row] = await db.select({ businessId: attempts.businessId }).from(attempts).where(eq(attempts.token, token));
  return row?.businessId;
}
