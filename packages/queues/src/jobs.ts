import { channelKinds } from "@reminder-app/platform/channel-kinds";
import { z } from "zod";
import { defineJob } from "./define-job.ts";

/** Plan a reminder: the job that its timer rings, and that the sweep adds when a timer failed to. */
export const planJob = defineJob({
  name: "plan",
  payload: z.object({ v: z.literal(1), businessId: z.uuid(), reminderId: z.uuid() }),
  queue: () => "reminders",
  id: ({ reminderId }) => `p${reminderId}`,
});

/**
 * Send one delivery, or find out what became of it. One queue for each channel, so that a provider's outage never
 * holds up the others. The fence is in the id: a later try is new work.
 */
export const deliverJob = defineJob({
  name: "deliver",
  payload: z.object({
    v: z.literal(1),
    businessId: z.uuid(),
    deliveryId: z.uuid(),
    fence: z.int(),
    channel: z.enum(channelKinds),
  }),
  queue: ({ channel }) => `deliver-${channel}`,
  id: ({ deliveryId, fence }) => `d${deliveryId}-f${fence}`,
});

/** Apply what a provider reported. */
export const applyEventJob = defineJob({
  name: "apply-event",
  payload: z.object({ v: z.literal(1), eventId: z.uuid() }),
  queue: () => "events",
  id: ({ eventId }) => `e${eventId}`,
});

/** Apply what happened in a business's payment account. */
export const applyPaymentEventJob = defineJob({
  name: "apply-payment-event",
  payload: z.object({ v: z.literal(1), businessId: z.uuid(), eventId: z.uuid() }),
  queue: () => "events",
  id: ({ eventId }) => `pe${eventId}`,
});

/** Look at a checkout or a payment that nobody has followed up, and ask the provider about it. */
export const reviewPaymentJob = defineJob({
  name: "review-payment",
  payload: z.object({ v: z.literal(1), businessId: z.uuid(), kind: z.enum(["checkout", "payment"]), id: z.uuid() }),
  queue: () => "events",
  id: ({ kind, id }) => `r${kind}-${id}`,
});

/** Write a mail to somebody about their account, and send it. Whom to and why stays in its row. */
export const sendAccountMailJob = defineJob({
  name: "send-account-mail",
  payload: z.object({ v: z.literal(1), mailId: z.uuid() }),
  queue: () => "account-mail",
  id: ({ mailId }) => `m${mailId}`,
});

/** Answer a client who asked for help by WhatsApp. */
export const answerHelpJob = defineJob({
  name: "answer-help",
  payload: z.object({ v: z.literal(1), inboundId: z.uuid() }),
  queue: () => "events",
  id: ({ inboundId }) => `h${inboundId}`,
});

/** Call one endpoint of a business's own with what waits for it: one job for each, so that one that hangs holds up no other. */
export const callWebhooksJob = defineJob({
  name: "call-webhooks",
  payload: z.object({ v: z.literal(1), businessId: z.uuid(), endpointId: z.uuid() }),
  queue: () => "webhooks",
  id: ({ endpointId }) => `w${endpointId}`,
});

/** Read a file that was taken in, from where it was left. */
export const runImportJob = defineJob({
  name: "run-import",
  payload: z.object({ v: z.literal(1), businessId: z.uuid(), importId: z.uuid() }),
  queue: () => "imports",
  id: ({ importId }) => `i${importId}`,
});
