import { deliveryStates } from "@reminder-app/db/schema/deliveries";
import { documentDirections } from "@reminder-app/db/schema/documents";
import { importKinds, importStates } from "@reminder-app/db/schema/imports";
import { paymentMethods, paymentRequestStates, paymentStates } from "@reminder-app/db/schema/payments";
import { holdReasons } from "@reminder-app/db/schema/reminders";
import { taskKinds } from "@reminder-app/db/schema/tasks";
import { channelKinds } from "@reminder-app/platform/channel-kinds";
import { z } from "zod";

const id = z.uuid();
const word = z.string().max(64);
const minor = z.int().describe("In minor units of the currency");

const delivery = z.strictObject({
  deliveryId: id,
  occurrenceId: id,
  reminderId: id,
  assignmentId: id,
  clientId: id,
  contactId: id,
  channel: z.enum(channelKinds),
  state: z.enum(deliveryStates),
  reason: word.nullable(),
});
const assignment = z.strictObject({
  assignmentId: id,
  reminderId: id,
  clientId: id,
  period: z.string().max(40),
  dueOn: z.iso.date().nullable(),
  amount: minor.nullable().describe("What is still owed, in minor units of the currency"),
  currency: z.string().length(3).nullable(),
  state: z.enum(["open", "done", "cancelled", "exhausted"]),
  closedBecause: word.nullable().describe("What ended the chase"),
  hold: z.enum(holdReasons).nullable(),
  holdUntil: z.iso.datetime().nullable(),
});
const paymentRequest = z.strictObject({
  paymentRequestId: id,
  clientId: id,
  state: z.enum(paymentRequestStates),
  currency: z.string().length(3),
  total: minor,
  paid: minor,
  processing: minor.describe("What is on its way, in minor units of the currency"),
  dueOn: z.iso.date().nullable(),
});
const payment = z.strictObject({
  paymentId: id,
  clientId: id,
  method: z.enum(paymentMethods),
  state: z.enum(paymentStates),
  currency: z.string().length(3),
  amount: minor,
  refunded: minor,
  disputed: minor,
  receivedOn: z.iso.date(),
});
const document = z.strictObject({
  documentId: id,
  clientId: id,
  assignmentId: id.nullable(),
  itemId: id.nullable().describe("The line of the checklist that it is for"),
  direction: z.enum(documentDirections),
});

/** What each event that a business's own programs may hear of says: ids, states and amounts, neither addresses nor texts. */
export const eventData = {
  "delivery.accepted": delivery.describe("A provider took a message"),
  "delivery.delivered": delivery.describe("A message arrived, or was read"),
  "delivery.failed": delivery.describe("A message will not arrive: refused, bounced, or given up"),
  "assignment.created": assignment.describe("A client was put on a reminder"),
  "assignment.done": assignment.describe("What was asked for was done, or paid"),
  "assignment.cancelled": assignment.describe("A client was taken off a reminder"),
  "assignment.reopened": assignment.describe("A client is reminded again after all"),
  "assignment.held": assignment.describe("Nothing is sent for now"),
  "assignment.released": assignment.describe("A hold ended"),
  "payment_request.created": paymentRequest.describe("A client owes something"),
  "payment_request.part_paid": paymentRequest.describe("A part of it was paid, and some is still owed"),
  "payment_request.paid": paymentRequest.describe("All of it was paid"),
  "payment_request.cancelled": paymentRequest.describe("It is no longer asked for"),
  "payment.received": payment.describe("Money arrived"),
  "payment.processing": payment.describe("Money is on its way"),
  "payment.failed": payment.describe("Money that was on its way did not arrive"),
  "payment.refunded": payment.describe("Money went back to the client, whole or in part"),
  "payment.disputed": payment.describe("The client disputes a payment, or the dispute was decided"),
  "document.received": document.describe("A client sent a file"),
  "document.accepted": document.describe("Staff accepted what was sent"),
  "document.rejected": document.describe("Staff rejected what was sent"),
  "client.answered": z
    .strictObject({ clientId: id, assignmentId: id.nullable(), answer: word })
    .describe("A client answered on their page; the answer as a word, such as done or promise"),
  "client.merged": z
    .strictObject({ clientId: id, from: id.describe("It is archived, and what it had is the other one's") })
    .describe("A client turned out to be another one"),
  "import.finished": z
    .strictObject({
      importId: id,
      kind: z.enum(importKinds),
      state: z.enum(importStates),
      created: z.int(),
      changed: z.int(),
      unchanged: z.int(),
      refused: z.int(),
    })
    .describe("An import of a file ended"),
  "task.opened": z
    .strictObject({
      taskId: id,
      kind: z.enum(taskKinds),
      reminderId: id.nullable(),
      clientId: id.nullable(),
      assignmentId: id.nullable(),
    })
    .describe("Something needs a person's attention"),
  "contact.opted_out": z
    .strictObject({ clientId: id, contactId: id, channel: z.enum(channelKinds), reason: word })
    .describe("An address of a contact may not be written to any more"),
} as const satisfies Record<string, z.ZodObject>;

export type EventType = keyof typeof eventData;
export type EventData<Type extends EventType> = z.input<(typeof eventData)[Type]>;

/** An event with what it says. */
export type OutboundEvent = {
  readonly [Type in EventType]: { readonly type: Type; readonly data: EventData<Type> };
}[EventType];

export const eventTypes = Object.keys(eventData) as [EventType, ...EventType[]];

/** What an endpoint hears when it is tried out, whatever else it hears of. */
export const PING = "ping";
