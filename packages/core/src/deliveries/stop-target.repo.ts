import { isOneOf } from "@reminder-app/db/bulk";
import type { ChannelKind } from "@reminder-app/platform/channel-kinds";
import type { Id } from "@reminder-app/platform/ids";
import { type Column, type SQL, and, eq, inArray, sql } from "drizzle-orm";
import { RECEIPT_STEP } from "./receipts.ts";

/** Whose deliveries a stop is about. */
export type StopTarget =
  | { readonly reminderId: Id<"Reminder"> }
  | { readonly assignmentId: Id<"Assignment"> }
  | { readonly clientId: Id<"Client"> }
  | { readonly contactId: Id<"Contact"> }
  | { readonly deliveryIds: readonly Id<"Delivery">[] }
  | { readonly occurrenceIds: readonly Id<"Occurrence">[] }
  | { readonly contactIds: readonly Id<"Contact">[]; readonly channel: ChannelKind };

/** Columns of deliveries, perhaps under another name of the table. */
type Columns = Readonly<
  Record<
    "id" | "occurrenceId" | "reminderId" | "assignmentId" | "clientId" | "contactId" | "channel" | "stepId",
    Column
  >
>;

export function targetOf(of: Columns, target: StopTarget): SQL | undefined {
  if ("reminderId" in target) return and(eq(of.reminderId, target.reminderId), isOfChase(of));
  if ("assignmentId" in target) return and(eq(of.assignmentId, target.assignmentId), isOfChase(of));
  if ("clientId" in target) return eq(of.clientId, target.clientId);
  if ("deliveryIds" in target) return isOneOf(of.id, target.deliveryIds);
  if ("occurrenceIds" in target) return isOneOf(of.occurrenceId, target.occurrenceIds);
  if ("contactId" in target) return eq(of.contactId, target.contactId);
  return and(inArray(of.contactId, [...target.contactIds]), eq(of.channel, target.channel));
}

/** What ends or holds the chase does not concern the thanks for what was paid. */
export function isOfChase({ stepId }: Pick<Columns, "stepId">): SQL {
  return sql`not (${stepId} <=> ${RECEIPT_STEP})`;
}
