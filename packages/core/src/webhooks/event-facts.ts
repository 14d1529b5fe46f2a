import type { deliveries } from "@reminder-app/db/schema/deliveries";
import type { assignments } from "@reminder-app/db/schema/reminders";
import type { EventData, OutboundEvent } from "./event-types.ts";

type Assignment = typeof assignments.$inferSelect;
type Delivery = typeof deliveries.$inferSelect;

/** What an event says of an assignment. */
export function assignmentFacts(assignment: Omit<Assignment, "businessId">): EventData<"assignment.created"> {
  const { id, reminderId, clientId, period, dueOn, amount, currency, state, closedBecause, hold, holdUntil } =
    assignment;
  const said = { reminderId, clientId, period, dueOn, amount, currency, state, closedBecause, hold };
  return { assignmentId: id, ...said, holdUntil: holdUntil?.toISOString() ?? null };
}

/** What an event says of a delivery. */
export function deliveryFacts(
  delivery: Pick<
    Delivery,
    "id" | "occurrenceId" | "reminderId" | "assignmentId" | "clientId" | "contactId" | "channel"
  >,
  { state, reason }: Pick<Delivery, "state" | "reason">,
): EventData<"delivery.accepted"> {
  const { id, occurrenceId, reminderId, assignmentId, clientId, contactId, channel } = delivery;
  return { deliveryId: id, occurrenceId, reminderId, assignmentId, clientId, contactId, channel, state, reason };
}

/** What is told of a delivery that is in this state now; nothing while it is under way. */
export function deliveryEvents(
  delivery: Parameters<typeof deliveryFacts>[0],
  now: Pick<Delivery, "state" | "reason">,
): OutboundEvent[] {
  const type = told[now.state];
  return type ? [{ type, data: deliveryFacts(delivery, now) }] : [];
}

const told: Readonly<
  Partial<Record<Delivery["state"], "delivery.accepted" | "delivery.delivered" | "delivery.failed">>
> = {
  accepted: "delivery.accepted",
  delivered: "delivery.delivered",
  read: "delivery.delivered",
  undelivered: "delivery.failed",
  failed: "delivery.failed",
  dead: "delivery.failed",
  expired: "delivery.failed",
};
