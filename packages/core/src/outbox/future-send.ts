import type { ChannelKind } from "@reminder-app/platform/channel-kinds";
import type { Id } from "@reminder-app/platform/ids";
import type { DecidedSend } from "./decided-sends.repo.ts";
import { type ReasonCode, isReasonCode } from "../reasons.ts";
import type { ForeseenRow } from "./foreseen-row.ts";
import type { Prediction } from "./predict-send.ts";

/** One message that is still to come, or was to, to one contact on one channel. */
export interface FutureSend extends Prediction {
  /** Null for a period that a due rule has still to open. */
  readonly assignmentId: Id<"Assignment"> | null;
  /** Names the moment, and with `assignmentId` the send; null like that. */
  readonly slotKey: string | null;
  /** Once it is planned. */
  readonly deliveryId: Id<"Delivery"> | null;
  readonly reminderId: Id<"Reminder">;
  readonly reminderName: string;
  readonly clientId: Id<"Client">;
  readonly clientName: string;
  readonly contactId: Id<"Contact">;
  readonly contactName: string;
  readonly channel: ChannelKind;
  readonly stepId: string | null;
  readonly period: string;
  readonly dueOn: string | null;
  readonly dueAt: Date;
  /** What staff wrote for this send; null where it is the reminder's text. */
  readonly edited: { readonly subject: string | null; readonly body: string | null } | null;
  /** For the forecast itself; present where the business limits what one person gets. */
  readonly row?: ForeseenRow;
}

/** Why a send stands as it does, as a code of ours; a provider's own words only tell that it is tried again. */
export function reasonOfSend({ reason }: Pick<Prediction, "reason">): ReasonCode {
  if (reason === null) return "to_come";
  return isReasonCode(reason) ? reason : "provider_busy";
}

/** In the order of time, and then of names. */
export function inOrder(one: FutureSend, other: FutureSend): number {
  return one.dueAt.getTime() - other.dueAt.getTime() || compare(placeOf(one), placeOf(other));
}

/** What tells one send from all others that are due at the same time. */
export function placeOf(send: FutureSend): string {
  const { assignmentId, slotKey, reminderId, clientId, period, stepId, contactId, channel } = send;
  const moment = assignmentId ? `${assignmentId} ${slotKey}` : `${reminderId} ${clientId} ${period} ${stepId}`;
  return `${moment} ${contactId} ${channel}`;
}

function compare(one: string, other: string): number {
  if (one === other) return 0;
  return one < other ? -1 : 1;
}

/** What staff wrote for a send, if they did. */
export function editedText(decided: Pick<DecidedSend, "subject" | "body"> | null | undefined): FutureSend["edited"] {
  if (!decided || (decided.subject === null && decided.body === null)) return null;
  return { subject: decided.subject, body: decided.body };
}
