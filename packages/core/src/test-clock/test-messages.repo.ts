import { insertRows } from "@reminder-app/db/bulk";
import { deliveries } from "@reminder-app/db/schema/deliveries";
import { testMessages } from "@reminder-app/db/schema/test-mode";
import type { ChannelKind } from "@reminder-app/platform/channel-kinds";
import type { Id } from "@reminder-app/platform/ids";
import { and, desc, eq, getTableColumns, gte, lt } from "drizzle-orm";
import { withinReach } from "../clients/client-staff.repo.ts";
import type { Scope } from "../ctx.ts";

export type TestMessageRow = typeof testMessages.$inferSelect;

export interface TestMessageFilter {
  readonly deliveryId?: Id<"Delivery"> | undefined;
  readonly reminderId?: Id<"Reminder"> | undefined;
  readonly clientId?: Id<"Client"> | undefined;
}

/** Every query below is limited to `businessId`, and to the clients within reach; there is no unscoped way in. */
export function testMessageRepo(scope: Scope) {
  const { db, businessId } = scope;
  const mine = and(eq(testMessages.businessId, businessId), withinReach(scope, deliveries.clientId));
  const ofDelivery = and(
    eq(deliveries.businessId, testMessages.businessId),
    eq(deliveries.id, testMessages.deliveryId),
  );

  async function insertMany(rows: readonly Omit<TestMessageRow, "businessId">[]): Promise<void> {
    if (rows.length === 0) return;
    await db.execute(
      insertRows(
        testMessages,
        rows.map((row) => ({ ...row, businessId })),
      ),
    );
  }

  /** The newest first. */
  async function page(
    { deliveryId, reminderId, clientId }: TestMessageFilter,
    { limit, cursor }: { limit: number; cursor?: Id<"TestMessage"> | undefined },
  ) {
    return db
      .select({
        ...getTableColumns(testMessages),
        reminderId: deliveries.reminderId,
        assignmentId: deliveries.assignmentId,
        clientId: deliveries.clientId,
        contactId: deliveries.contactId,
        stepId: deliveries.stepId,
      })
      .from(testMessages)
      .innerJoin(deliveries, ofDelivery)
      .where(
        and(
          mine,
          deliveryId && eq(testMessages.deliveryId, deliveryId),
          reminderId && eq(deliveries.reminderId, reminderId),
          clientId && eq(deliveries.clientId, clientId),
          cursor && lt(testMessages.id, cursor),
        ),
      )
      .orderBy(desc(testMessages.id))
      .limit(limit + 1);
  }

  /** What was sent on a channel at or after `from`, the newest first. */
  async function sentSince(channel: ChannelKind, from: Date, limit: number): Promise<TestMessageRow[]> {
    return db
      .select(getTableColumns(testMessages))
      .from(testMessages)
      .innerJoin(deliveries, ofDelivery)
      .where(and(mine, eq(testMessages.channel, channel), gte(testMessages.sentAt, from)))
      .orderBy(desc(testMessages.id))
      .limit(limit);
  }

  return { insertMany, page, sentSince };
}
