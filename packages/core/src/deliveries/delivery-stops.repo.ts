import { type DeliveryState, deliveries } from "@reminder-app/db/schema/deliveries";
import type { ChannelKind } from "@reminder-app/platform/channel-kinds";
import type { Id } from "@reminder-app/platform/ids";
import { and, count, eq, inArray, sql } from "drizzle-orm";
import { withinReach } from "../clients/client-staff.repo.ts";
import type { Scope } from "../ctx.ts";

/** Whose deliveries a stop is about. */
export type StopTarget =
  | { readonly reminderId: Id<"Reminder"> }
  | { readonly assignmentId: Id<"Assignment"> }
  | { readonly clientId: Id<"Client"> }
  | { readonly contactId: Id<"Contact"> }
  | { readonly contactIds: readonly Id<"Contact">[]; readonly channel: ChannelKind };

const waiting: DeliveryState[] = ["queued", "retry"];

/** What stops, pauses and resumes write. Every query below is limited to `businessId`, and to the clients within reach. */
export function deliveryStopRepo(scope: Scope) {
  const { db } = scope;
  const mine = and(eq(deliveries.businessId, scope.businessId), withinReach(scope, deliveries.clientId));

  async function endWaiting(
    target: StopTarget,
    { state, reason, at }: { state: "cancelled" | "skipped"; reason: string; at: Date },
  ): Promise<number> {
    const [{ affectedRows }] = await db
      .update(deliveries)
      .set({ state, reason, nextAt: null, updatedAt: at })
      .where(and(mine, targetOf(target), inArray(deliveries.state, waiting)));
    return affectedRows;
  }

  async function countInFlight(target: StopTarget): Promise<number> {
    const [row] = await db
      .select({ inFlight: count() })
      .from(deliveries)
      .where(and(mine, targetOf(target), inArray(deliveries.state, ["sending", "unknown"])));
    return row?.inFlight ?? 0;
  }

  /** Put what waits off until it expires; a resumed reminder calls {@link wakeWaiting}. */
  async function postponeWaiting(reminderId: Id<"Reminder">, at: Date): Promise<number> {
    const [{ affectedRows }] = await db
      .update(deliveries)
      .set({ nextAt: sql`${deliveries.expiresAt}`, reason: "paused", updatedAt: at })
      .where(and(mine, eq(deliveries.reminderId, reminderId), inArray(deliveries.state, waiting)));
    return affectedRows;
  }

  /** A new fence gives the work a new job: the old one may sleep until the message would have expired. */
  async function wakeWaiting(reminderId: Id<"Reminder">, at: Date): Promise<void> {
    await db
      .update(deliveries)
      .set({
        nextAt: sql`greatest(${deliveries.dueAt}, ${deliveries.createdAt})`,
        fence: sql`${deliveries.fence} + 1`,
        reason: null,
        updatedAt: at,
      })
      .where(and(mine, eq(deliveries.reminderId, reminderId), inArray(deliveries.state, waiting)));
  }

  return { endWaiting, countInFlight, postponeWaiting, wakeWaiting };
}

function targetOf(target: StopTarget) {
  if ("reminderId" in target) return eq(deliveries.reminderId, target.reminderId);
  if ("assignmentId" in target) return eq(deliveries.assignmentId, target.assignmentId);
  if ("clientId" in target) return eq(deliveries.clientId, target.clientId);
  if ("contactId" in target) return eq(deliveries.contactId, target.contactId);
  return and(inArray(deliveries.contactId, [...target.contactIds]), eq(deliveries.channel, target.channel));
}
