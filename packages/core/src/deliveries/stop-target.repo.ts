import { isOneOf } from "@reminder-app/db/bulk";
import type { ChannelKind } from "@reminder-app/platform/channel-kinds";
import type { Id } from "@reminder-app/platform/ids";
import { type Column, type SQL, and, eq, inArray } from "drizzle-orm";

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
  Record<"id" | "occurrenceId" | "reminderId" | "assignmentId" | "clientId" | "contactId" | "channel", Column>
>;

export function targetOf(of: Columns, target: StopTarget): SQL | undefined {
  if ("reminderId" in target) return eq(of.reminderId, target.reminderId);
  if ("assignmentId" in target) return eq(of.assignmentId, target.assignmentId);
  if ("clientId" in target) return eq(of.clientId, target.clientId);
  if ("deliveryIds" in target) return isOneOf(of.id, target.deliveryIds);
  if ("occurrenceIds" in target) return isOneOf(of.occurrenceId, target.occurrenceIds);
  if ("contactId" in target) return eq(of.contactId, target.contactId);
  return and(inArray(of.contactId, [...target.contactIds]), eq(of.channel, target.channel));
}
