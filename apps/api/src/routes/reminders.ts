import { channelsOffFor } from "@reminder-app/core/credentials/list-credentials";
import { dryRun } from "@reminder-app/core/ctx";
import { SendNowInput, sendNow } from "@reminder-app/core/occurrences/send-now";
import { ChangeReminderInput, changeReminder } from "@reminder-app/core/reminders/change-reminder";
import { PauseInput } from "@reminder-app/core/deliveries/pause-end";
import { activateReminder, cancelReminder } from "@reminder-app/core/reminders/change-status";
import { pauseReminder, resumeReminder } from "@reminder-app/core/reminders/pause-reminder";
import { CreateReminderInput, createReminder } from "@reminder-app/core/reminders/create-reminder";
import { PageRemindersQuery, getReminder, pageReminders } from "@reminder-app/core/reminders/page-reminders";
import type { Reminder } from "@reminder-app/core/reminders/reminders.repo";
import type { Id } from "@reminder-app/platform/ids";
import { enqueueDeliveries } from "@reminder-app/queues/enqueue";
import { type Reply, endpoint } from "../http/endpoint.ts";
import {
  pageOf,
  pausedReminderSchema,
  reminderSchema,
  reminderSummarySchema,
  sentSchema,
  stoppedReminderSchema,
} from "../schemas.ts";
import { changeEffectSchema, changedReminderSchema } from "../schemas/changes.ts";

const tag = "Reminders";
const one = "/v1/reminders/:reminderId";
const idOf = (params: Readonly<Record<string, Id<never>>>) => params["reminderId"] as Id<"Reminder">;
const answer = { status: 200, schema: reminderSchema };

/** A reminder, whose timer is set, moved or removed once the change is durable. */
function timed(reminder: Reminder, body: unknown = reminder): Reply {
  return { body, afterCommit: (producer) => producer.setTimer(reminder) };
}

export const reminderRoutes = [
  endpoint({
    method: "post",
    path: "/v1/reminders",
    operationId: "createReminder",
    summary: "Write a reminder",
    tag,
    access: "staff",
    scope: "reminders:write",
    allClients: true,
    idempotent: true,
    body: CreateReminderInput,
    example: {
      name: "VAT return",
      type: "deadline",
      schedule: { kind: "recurring", start: "2027-01-04T09:00", zone: "Europe/London", rule: "FREQ=MONTHLY;BYDAY=1MO" },
      channels: ["email", "sms"],
      subject: "VAT return of {{ client.name }}",
      body: "Dear {{ contact.first_name }}, please send us your VAT figures. All that is open: {{ link }}",
      activate: true,
    },
    answer: { status: 201, schema: reminderSchema },
    async handle({ ctx, body, deps }) {
      const reminder = await createReminder(ctx, body, await channelsOffFor(ctx, deps.channelsOff));
      const location = `/v1/reminders/${reminder.id}`;
      return reminder.status === "active" ? { ...timed(reminder), location } : { body: reminder, location };
    },
  }),
  endpoint({
    method: "get",
    path: "/v1/reminders",
    operationId: "listReminders",
    summary: "Reminders, the newest first",
    tag,
    access: "viewer",
    scope: "reminders:read",
    query: PageRemindersQuery,
    answer: { status: 200, schema: pageOf(reminderSummarySchema) },
    handle: async ({ ctx, query }) => ({ body: await pageReminders(ctx, query) }),
  }),
  endpoint({
    method: "get",
    path: one,
    operationId: "getReminder",
    summary: "One reminder",
    tag,
    access: "viewer",
    scope: "reminders:read",
    answer,
    handle: async ({ ctx, params }) => ({ body: await getReminder(ctx, idOf(params)) }),
  }),
  endpoint({
    method: "patch",
    path: one,
    operationId: "changeReminder",
    summary: "Change a reminder; what was sent is not sent again",
    tag,
    access: "staff",
    scope: "reminders:write",
    allClients: true,
    body: ChangeReminderInput,
    example: { subject: "VAT return of {{ client.name }}, once more", graceMinutes: 120 },
    answer: { status: 200, schema: changedReminderSchema },
    handle: async ({ ctx, params, body, deps }) =>
      timed(await changeReminder(ctx, { id: idOf(params), off: await channelsOffFor(ctx, deps.channelsOff) }, body)),
  }),
  endpoint({
    method: "post",
    path: `${one}/change-preview`,
    operationId: "previewReminderChange",
    summary: "What a change would do, and to how many; nothing is changed",
    tag,
    access: "staff",
    scope: "reminders:write",
    allClients: true,
    body: ChangeReminderInput,
    example: { subject: "VAT return of {{ client.name }}, once more", appliesTo: "new" },
    answer: { status: 200, schema: changeEffectSchema },
    async handle({ ctx, params, body, deps }) {
      const target = { id: idOf(params), off: await channelsOffFor(ctx, deps.channelsOff) };
      return { body: (await dryRun(ctx, (tx) => changeReminder(tx, target, body))).effect };
    },
  }),
  endpoint({
    method: "post",
    path: `${one}/activate`,
    operationId: "activateReminder",
    summary: "Start a draft, or a completed reminder once more",
    tag,
    access: "staff",
    scope: "reminders:write",
    allClients: true,
    idempotent: true,
    answer,
    handle: async ({ ctx, params, deps }) =>
      timed(await activateReminder(ctx, idOf(params), await channelsOffFor(ctx, deps.channelsOff))),
  }),
  endpoint({
    method: "post",
    path: `${one}/pause`,
    operationId: "pauseReminder",
    summary: "Hold everything back until a moment, or until it is resumed",
    tag,
    access: "staff",
    scope: "reminders:write",
    allClients: true,
    body: PauseInput,
    example: { until: "2030-01-07" },
    answer: { status: 200, schema: pausedReminderSchema },
    async handle({ ctx, params, body }) {
      const paused = await pauseReminder(ctx, idOf(params), body);
      return timed(paused.reminder, paused);
    },
  }),
  endpoint({
    method: "post",
    path: `${one}/resume`,
    operationId: "resumeReminder",
    summary: "Go on after a pause",
    tag,
    access: "staff",
    scope: "reminders:write",
    allClients: true,
    answer,
    handle: async ({ ctx, params }) => timed(await resumeReminder(ctx, idOf(params))),
  }),
  endpoint({
    method: "post",
    path: `${one}/cancel`,
    operationId: "cancelReminder",
    summary: "End a reminder for good",
    tag,
    access: "staff",
    scope: "reminders:write",
    allClients: true,
    answer: { status: 200, schema: stoppedReminderSchema },
    async handle({ ctx, params }) {
      const stopped = await cancelReminder(ctx, idOf(params));
      return timed(stopped.reminder, stopped);
    },
  }),
  endpoint({
    method: "post",
    path: `${one}/send`,
    operationId: "sendReminder",
    summary: "Send it by hand, and learn the outcome for each client",
    tag,
    access: "staff",
    scope: "deliveries:write",
    idempotent: true,
    body: SendNowInput,
    example: { evenIfRecent: true },
    answer: { status: 202, schema: sentSchema },
    async handle({ ctx, params, body }) {
      const sent = await sendNow(ctx, idOf(params), body);
      return { body: sent, afterCommit: (producer) => enqueueDeliveries(producer, ctx.businessId, sent.queued) };
    },
  }),
];
