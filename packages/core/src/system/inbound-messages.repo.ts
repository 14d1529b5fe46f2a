import type { DbOrTransaction } from "@reminder-app/db/database";
import { isDuplicateKey } from "@reminder-app/db/faults";
import { contactAddresses } from "@reminder-app/db/schema/clients";
import { inboundMessages } from "@reminder-app/db/schema/consent";
import type { ChannelKind } from "@reminder-app/platform/channel-kinds";
import { type Id, firstIdOf } from "@reminder-app/platform/ids";
import { and, asc, eq, gte, inArray, isNull, lte } from "drizzle-orm";

type Inbound = typeof inboundMessages.$inferSelect;

/** What clients wrote, before it is known which businesses it is about. */
export function inboundMessageRepo(db: DbOrTransaction) {
  /** False when it came before; then nothing is changed. */
  async function insertOnce(message: typeof inboundMessages.$inferInsert): Promise<boolean> {
    try {
      await db.insert(inboundMessages).values(message);
      return true;
    } catch (thrown) {
      if (isDuplicateKey(thrown)) return false;
      throw thrown;
    }
  }

  /** All businesses that would write to this address, in one order, so that two messages never wait for each other. */
  async function businessesReaching(channel: ChannelKind, hashes: readonly Buffer[]): Promise<Id<"Business">[]> {
    const rows = await db
      .selectDistinct({ businessId: contactAddresses.businessId })
      .from(contactAddresses)
      .where(and(inArray(contactAddresses.addressHash, [...hashes]), eq(contactAddresses.channel, channel)))
      .orderBy(asc(contactAddresses.businessId));
    return rows.map(({ businessId }) => businessId);
  }

  async function find(id: Id<"InboundMessage">): Promise<Inbound | undefined> {
    const [row] = await db.select().from(inboundMessages).where(eq(inboundMessages.id, id));
    return row;
  }

  /** Take it upon oneself to answer. Of several that try, one gets true. */
  async function claimAnswer(id: Id<"InboundMessage">, answeredAt: Date): Promise<boolean> {
    const [{ affectedRows }] = await db
      .update(inboundMessages)
      .set({ answeredAt })
      .where(and(eq(inboundMessages.id, id), isNull(inboundMessages.answeredAt)));
    return affectedRows === 1;
  }

  /** Requests for help by WhatsApp that came between the two and were not answered. */
  async function helpToAnswer(
    { since, before }: { since: Date; before: Date },
    limit: number,
  ): Promise<Id<"InboundMessage">[]> {
    const rows = await db
      .select({ id: inboundMessages.id })
      .from(inboundMessages)
      .where(
        and(
          // Ids begin with the time, so the primary key finds the newest.
          gte(inboundMessages.id, firstIdOf(since)),
          lte(inboundMessages.receivedAt, before),
          eq(inboundMessages.channel, "whatsapp"),
          eq(inboundMessages.keyword, "help"),
          isNull(inboundMessages.answeredAt),
        ),
      )
      .limit(limit);
    return rows.map(({ id }) => id);
  }

  return { insertOnce, businessesReaching, find, claimAnswer, helpToAnswer };
}
