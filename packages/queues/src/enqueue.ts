import type { ChannelKind } from "@reminder-app/platform/channel-kinds";
import {
  answerHelpJob,
  applyEventJob,
  applyPaymentEventJob,
  callWebhooksJob,
  deliverJob,
  planJob,
  reviewPaymentJob,
  sendAccountMailJob,
  runImportJob,
} from "./jobs.ts";
import type { Producer } from "./producer.ts";

/** A delivery that waits for its moment. */
export interface Waiting {
  readonly id: string;
  readonly channel: ChannelKind;
  readonly fence: number;
  readonly nextAt?: Date;
}

/** Put deliveries of one business on their channels' queues; each runs at its `nextAt`. */
export function enqueueDeliveries(producer: Producer, businessId: string, waiting: readonly Waiting[]): Promise<void> {
  return producer.add(
    deliverJob,
    waiting.map(({ id, channel, fence, nextAt }) => ({
      data: { v: 1 as const, businessId, deliveryId: id, fence, channel },
      ...(nextAt && { at: nextAt }),
    })),
  );
}

export function enqueuePlanning(
  producer: Producer,
  reminders: readonly { readonly businessId: string; readonly reminderId: string }[],
): Promise<void> {
  return producer.add(
    planJob,
    reminders.map(({ businessId, reminderId }) => ({ data: { v: 1 as const, businessId, reminderId } })),
  );
}

export function enqueueEvents(producer: Producer, eventIds: readonly string[]): Promise<void> {
  return producer.add(
    applyEventJob,
    eventIds.map((eventId) => ({ data: { v: 1 as const, eventId } })),
  );
}

interface OfBusiness {
  readonly businessId: string;
  readonly id: string;
}

export function enqueuePaymentEvents(producer: Producer, events: readonly OfBusiness[]): Promise<void> {
  return producer.add(
    applyPaymentEventJob,
    events.map(({ businessId, id }) => ({ data: { v: 1 as const, businessId, eventId: id } })),
  );
}

/** Let checkouts, or payments, be looked at that nobody has followed up. */
export function enqueueReviews(
  producer: Producer,
  kind: "checkout" | "payment",
  overdue: readonly OfBusiness[],
): Promise<void> {
  return producer.add(
    reviewPaymentJob,
    overdue.map(({ businessId, id }) => ({ data: { v: 1 as const, businessId, kind, id } })),
  );
}

export function enqueueAccountMails(producer: Producer, mailIds: readonly string[]): Promise<void> {
  return producer.add(
    sendAccountMailJob,
    mailIds.map((mailId) => ({ data: { v: 1 as const, mailId } })),
  );
}

export function enqueueHelp(producer: Producer, inboundIds: readonly string[]): Promise<void> {
  return producer.add(
    answerHelpJob,
    inboundIds.map((inboundId) => ({ data: { v: 1 as const, inboundId } })),
  );
}

export function enqueueWebhooks(
  producer: Producer,
  endpoints: readonly { readonly businessId: string; readonly endpointId: string }[],
): Promise<void> {
  return producer.add(
    callWebhooksJob,
    endpoints.map(({ businessId, endpointId }) => ({ data: { v: 1 as const, businessId, endpointId } })),
  );
}

export function enqueueImports(
  producer: Producer,
  imports: readonly { readonly businessId: string; readonly importId: string }[],
): Promise<void> {
  return producer.add(
    runImportJob,
    imports.map(({ businessId, importId }) => ({ data: { v: 1 as const, businessId, importId } })),
  );
}
