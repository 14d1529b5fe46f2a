import { suppressionReasons } from "@reminder-app/db/schema/consent";
import { businessModes } from "@reminder-app/db/schema/businesses";
import { deliveryStates } from "@reminder-app/db/schema/deliveries";
import { contactRoles, neverChaseReasons } from "@reminder-app/db/schema/clients";
import { roles } from "@reminder-app/db/schema/members";
import { reminderTypes } from "@reminder-app/db/schema/reminder-types";
import {
  channelModes,
  closingFacts,
  holdReasons,
  priorities,
  stopRules,
  tones,
} from "@reminder-app/db/schema/reminders";
import { channelKinds } from "@reminder-app/platform/channel-kinds";
import { clientFactsSchema } from "@reminder-app/schedule/client-facts";
import { retentionSchema } from "@reminder-app/core/privacy/retention";
import { z } from "zod";
import { businessTimes } from "./schemas/business-times.ts";
import { paymentPolicySchema } from "./schemas/payments.ts";

/** What the API answers. An answer holds what its schema names, and nothing else. */
export const instant = z.iso.datetime().describe("An instant in UTC");
const maybeInstant = instant.nullable();
const channel = z.enum(channelKinds);
const pausedAt = maybeInstant.describe("Since when nothing is sent");
const pausedUntil = maybeInstant.describe("When a pause ends by itself; one that has ended is over");

export function pageOf<Item extends z.ZodType>(item: Item) {
  return z.object({
    items: z.array(item),
    nextCursor: z.uuid().optional().describe("Give it as cursor to get the next page"),
  });
}

export const businessSchema = z.object({
  id: z.uuid(),
  name: z.string(),
  status: z.string(),
  mode: z.enum(businessModes).describe("Nothing leaves from a test business"),
  timeZone: z.string(),
  locale: z.string(),
  defaultChannels: z.array(channel),
  postalAddress: z.string().nullable(),
  quietHours: z.object({ start: z.string(), end: z.string() }).nullable(),
  ...businessTimes,
  unknownEmail: z.enum(["resend", "hold"]),
  countVisits: z.boolean().describe("Whether it is noted that clients opened their pages"),
  retention: retentionSchema.nullable().describe("After how many days what is personal is deleted"),
  paymentPolicy: paymentPolicySchema
    .nullable()
    .describe("Of new payment requests; when null only the whole balance may be paid, and refunds hold the chase"),
  dailySends: z
    .int()
    .nullable()
    .describe("How many messages may leave in a day (UTC); what the installation allows when null"),
  smsCountries: z
    .array(z.string())
    .nullable()
    .describe("Whose numbers may get SMS and WhatsApp; those of all when null"),
  branding: z
    .object({ color: z.string(), email: z.string(), phone: z.string() })
    .partial()
    .nullable()
    .describe("What the clients' pages look like, and whom clients may ask there"),
  pausedAt,
  pausedUntil,
  createdAt: instant,
  updatedAt: instant,
});

export const meSchema = z.object({
  id: z.uuid(),
  name: z.string(),
  email: z.string(),
  emailVerified: z.boolean(),
  role: z.enum(roles),
  businessId: z.uuid(),
  secondFactor: z.object({ since: instant, recoveryCodesLeft: z.int() }).nullable(),
  businesses: z.array(z.object({ id: z.uuid(), name: z.string(), role: z.enum(roles) })),
});

export const tokensSchema = z.object({
  accessToken: z.string(),
  tokenType: z.literal("Bearer"),
  expiresIn: z.int().describe("Seconds"),
  refreshToken: z.string(),
});

export const oauthTokensSchema = z.object({
  access_token: z.string(),
  token_type: z.literal("Bearer"),
  expires_in: z.int().describe("Seconds"),
  refresh_token: z.string(),
});

export const oauthErrorSchema = z.object({
  error: z.enum(["invalid_request", "invalid_grant", "unsupported_grant_type", "temporarily_unavailable"]),
  error_description: z.string(),
});

const standingSchema = z.object({ reason: z.enum(suppressionReasons), createdAt: instant });

export const clientSummarySchema = z.object({
  id: z.uuid(),
  name: z.string(),
  externalId: z.string().nullable(),
  timeZone: z.string().nullable(),
  locale: z.string().nullable(),
  neverChase: z.enum(neverChaseReasons).nullable().describe("Why the client is never reminded"),
  pausedAt,
  pausedUntil,
  archivedAt: maybeInstant,
  mergedInto: z.uuid().nullable().describe("The client that this one turned out to be"),
  createdAt: instant,
  updatedAt: instant,
});

export const clientSchema = clientSummarySchema.extend({
  tags: z.array(z.string()),
  facts: clientFactsSchema.nullable().describe("What statutory due dates follow from"),
  contacts: z.array(
    z.object({
      id: z.uuid(),
      name: z.string(),
      roles: z.array(z.enum(contactRoles)),
      preferences: z.record(z.string(), z.array(channel)),
      timeZone: z.string().nullable(),
      locale: z.string().nullable(),
      addresses: z.record(z.string(), z.string()).describe("By channel"),
      suppressed: z.record(z.string(), standingSchema).describe("Why nothing may go to an address, by channel"),
      createdAt: instant,
      updatedAt: instant,
    }),
  ),
});

export const clientStaffSchema = z.object({
  memberIds: z.array(z.uuid()).describe("The members who work with it; the others are not limited, or do not see it"),
});

const stopped = {
  cancelled: z.int().describe("Messages that waited and will not go"),
  inFlight: z.int().describe("Messages whose send had started"),
};
export const stopSchema = z.object(stopped);
export const paused = {
  postponed: z.int().describe("Messages that waited, and wait now for the end of the pause"),
  inFlight: stopped.inFlight,
};

export const reminderSummarySchema = z.object({
  id: z.uuid(),
  name: z.string(),
  type: z.enum(reminderTypes),
  status: z.enum(["draft", "active", "paused", "completed", "cancelled"]),
  stopRule: z.enum(stopRules),
  channels: z.array(channel),
  channelMode: z.enum(channelModes),
  priority: z.enum(priorities).describe("Which goes first where a person may only get so many messages"),
  subject: z.string(),
  needsApproval: z.boolean().describe("Each message waits in the outbox until a person approves it"),
  graceMs: z.int(),
  revision: z.int(),
  nextDueAt: maybeInstant.describe("The next moment that is not planned yet"),
  pausedUntil,
  createdAt: instant,
  updatedAt: instant,
});
export const reminderSchema = reminderSummarySchema.extend({
  body: z.string(),
  schedule: z.record(z.string(), z.unknown()).describe("As it was given"),
  stepMessages: z
    .record(
      z.string(),
      z.object({ subject: z.string(), body: z.string(), channels: z.array(channel), tone: z.enum(tones) }).partial(),
    )
    .nullable()
    .describe("What steps of a sequence say and where, by step id; what is left out is the reminder's own"),
  checklist: z.array(z.string()).nullable().describe("What each client is asked to send"),
});
export const stoppedReminderSchema = z.object({ reminder: reminderSchema, ...stopped });
export const pausedReminderSchema = z.object({ reminder: reminderSchema, ...paused });

export const assignmentSchema = z.object({
  id: z.uuid(),
  reminderId: z.uuid(),
  clientId: z.uuid(),
  period: z.string(),
  dueOn: z.iso.date().nullable(),
  amount: z.int().nullable().describe("In minor units"),
  currency: z.string().nullable(),
  overrides: z
    .record(z.string(), z.object({ skip: z.literal(true), days: z.int(), time: z.string() }).partial())
    .nullable()
    .describe("Where it differs from the sequence, by step id"),
  state: z.enum(["open", "done", "cancelled", "exhausted"]),
  closedBecause: z.enum(closingFacts).nullable().describe("What ended the chase"),
  closedAt: maybeInstant,
  hold: z.enum(holdReasons).nullable().describe("Why nothing is sent for it at present"),
  heldAt: maybeInstant,
  holdUntil: maybeInstant.describe("When the hold ends by itself; a person ends it when null"),
  holdNote: z.string().nullable(),
  holdOwnerId: z.uuid().nullable().describe("The member in charge of it"),
  createdAt: instant,
  updatedAt: instant,
});
export const assignmentWithNextSchema = assignmentSchema.extend({
  next: z
    .object({
      at: instant,
      stepId: z.string().nullable().describe("Of a sequence"),
      late: z.boolean().describe("The step was past already, and goes out at once"),
    })
    .nullable()
    .describe("What comes due next for this client, as things stand; nothing will when null"),
});
export const stoppedAssignmentSchema = z.object({ assignment: assignmentSchema, ...stopped });

export const sentSchema = z.object({
  occurrenceId: z.uuid(),
  countsAsNext: z.boolean(),
  clients: z.array(
    z.object({
      clientId: z.uuid(),
      outcome: z.enum(["queued", "skipped", "not_assigned"]),
      reason: z.string().optional(),
      deliveryIds: z.array(z.uuid()),
    }),
  ),
});

export const deliverySchema = z.object({
  id: z.uuid(),
  occurrenceId: z.uuid(),
  reminderId: z.uuid(),
  assignmentId: z.uuid(),
  clientId: z.uuid(),
  contactId: z.uuid(),
  channel,
  state: z.enum(deliveryStates),
  reason: z.string().nullable(),
  mergedInto: z.uuid().nullable().describe("The message in which it is listed, where one lists all of a day's"),
  tries: z.int(),
  dueAt: instant,
  nextAt: maybeInstant.describe("When the next step is due"),
  expiresAt: instant,
  acceptedAt: maybeInstant,
  deliveredAt: maybeInstant,
  readAt: maybeInstant,
  createdAt: instant,
  updatedAt: instant,
});

export const deliveryWithAttemptsSchema = deliverySchema.extend({
  attempts: z.array(
    z.object({
      number: z.int(),
      provider: z.string(),
      state: z.enum(["started", "accepted", "refused", "throttled", "unknown", "absent"]),
      code: z.string().nullable(),
      reason: z.string().nullable(),
      providerMessageId: z.string().nullable(),
      revision: z.int().describe("The version of the text"),
      startedAt: instant,
      finishedAt: maybeInstant,
    }),
  ),
});

export const problemSchema = z.object({
  type: z.url(),
  title: z.string(),
  status: z.int(),
  code: z.string().describe("Stable; callers may branch on it"),
  detail: z.string(),
  instance: z.string(),
  requestId: z.string(),
  errors: z
    .array(
      z.object({
        field: z.string(),
        message: z.string(),
        code: z.string().optional().describe("The rule, where it is a business warning"),
      }),
    )
    .optional(),
});
