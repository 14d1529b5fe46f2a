import type { deliveries } from "@reminder-app/db/schema/deliveries";
import type { paymentRequests, payments } from "@reminder-app/db/schema/payments";
import type { assignments } from "@reminder-app/db/schema/reminders";
import type { EventData, OutboundEvent } from "./event-types.ts";

type Assignment = typeof assignments.$inferSelect;
type Delivery = typeof deliveries.$inferSelect;
type Payment = typeof payments.$inferSelect;
type PaymentRequest = typeof paymentRequests.$inferSelect;

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

/** What an event says of a payment request. */
export function requestFacts(request: Omit<PaymentRequest, "businessId">): EventData<"payment_request.created"> {
  const { id, clientId, state, currency, total, paid, processing, dueOn } = request;
  return { paymentRequestId: id, clientId, state, currency, total, paid, processing, dueOn };
}

/** What is told of a request when money has moved for it. */
export function requestEvents(before: PaymentRequest, now: PaymentRequest): OutboundEvent[] {
  if (now.state === "paid" && before.state !== "paid")
    return [{ type: "payment_request.paid", data: requestFacts(now) }];
  const isPartPaid = now.state === "open" && now.paid > before.paid;
  return isPartPaid ? [{ type: "payment_request.part_paid", data: requestFacts(now) }] : [];
}

type Moved = Omit<Payment, "businessId">;

/** What an event says of a payment. */
function paymentFacts(payment: Moved): EventData<"payment.received"> {
  const { id, clientId, method, state, currency, amount, refunded, disputed, receivedOn } = payment;
  return { paymentId: id, clientId, method, state, currency, amount, refunded, disputed, receivedOn };
}

const movedTo = {
  processing: "payment.processing",
  succeeded: "payment.received",
  failed: "payment.failed",
} as const satisfies Record<Payment["state"], string>;

/** What is told of a payment that stands otherwise than before. */
export function paymentEvents(before: Moved | undefined, now: Moved): OutboundEvent[] {
  const data = paymentFacts(now);
  const was = before ?? { state: undefined, refunded: 0, disputed: 0, disputeOpen: false };
  const isDisputed = now.disputed !== was.disputed || now.disputeOpen !== was.disputeOpen;
  return [
    ...(now.state === was.state ? [] : [{ type: movedTo[now.state], data }]),
    ...(now.refunded > was.refunded ? [{ type: "payment.refunded" as const, data }] : []),
    ...(isDisputed ? [{ type: "payment.disputed" as const, data }] : []),
  ];
}
