import type { Tone } from "@reminder-app/db/schema/reminders";
import type { ChannelKind } from "@reminder-app/platform/channel-kinds";
import type { Id } from "@reminder-app/platform/ids";
import type { ReasonCode } from "../reasons.ts";
import type { Place } from "./place.ts";

/** What a timeline tells of. */
export const timelineKinds = [
  "moment",
  "step_left_out",
  "upcoming",
  "joined",
  "exhausted",
  "decided",
  "suppressed",
  "allowed_again",
  "task_opened",
  "task_closed",
  "assignment_changed",
  "held",
  "released",
  "closed",
  "answered",
  "taken_off",
  "reopened",
  "client_created",
  "client_changed",
  "client_paused",
  "client_resumed",
  "client_archived",
  "client_restored",
  "client_merged",
  "client_tagged",
  "contact_created",
  "contact_changed",
  "contact_archived",
  "reminder_changed",
  "reminder_activated",
  "reminder_paused",
  "reminder_resumed",
  "reminder_cancelled",
  "business_paused",
  "business_resumed",
  "payment_request_created",
  "payment_request_changed",
  "payment_request_cancelled",
  "payment_received",
  "payment_processing",
  "payment_failed",
  "payment_refunded",
  "payment_disputed",
  "payment_removed",
  "credit_applied",
] as const;
export type TimelineKind = (typeof timelineKinds)[number];

/** One message of a moment to one contact on one channel. */
export interface ToldMessage {
  readonly deliveryId: Id<"Delivery"> | null;
  readonly contactId: Id<"Contact">;
  readonly contactName: string;
  readonly channel: ChannelKind;
  readonly state: string;
  readonly reason: ReasonCode | null;
  /** What the provider said. */
  readonly said: string | null;
  readonly sentence: string;
}

/** One thing that happened to a client, did not happen, or is to come. */
export interface TimelineEntry {
  readonly at: Date;
  readonly kind: TimelineKind;
  /** Of a moment: what became of it for this client. */
  readonly state: string | null;
  /** Nothing more will become of it by itself. */
  readonly final: boolean;
  readonly reason: ReasonCode | null;
  readonly sentence: string;
  readonly reminderId: Id<"Reminder"> | null;
  readonly reminderName: string | null;
  readonly assignmentId: Id<"Assignment"> | null;
  readonly period: string | null;
  readonly stepId: string | null;
  readonly tone: Tone | null;
  readonly occurrenceId: Id<"Occurrence"> | null;
  /** Who did it, as the audit trail names them. */
  readonly by: string | null;
  readonly messages: readonly ToldMessage[];
}

/** An entry, and where it stands in the list. */
export interface Placed extends Place {
  readonly entry: TimelineEntry;
}

/** An entry with nothing said but what is `given`. */
export function entryOf(
  given: Pick<TimelineEntry, "at" | "kind" | "sentence"> & Partial<TimelineEntry>,
): TimelineEntry {
  return {
    state: null,
    final: true,
    reason: null,
    reminderId: null,
    reminderName: null,
    assignmentId: null,
    period: null,
    stepId: null,
    tone: null,
    occurrenceId: null,
    by: null,
    messages: [],
    ...given,
  };
}
