import { after } from "@reminder-app/platform/clock";
import { newId } from "@reminder-app/platform/ids";
import { RECIPIENT, ZONES_SPAN_MS } from "@reminder-app/schedule/zones";
import { isPausedAt } from "../deliveries/standstill.ts";
import type { ReasonCode } from "../reasons.ts";
import type { Reminder } from "../reminders/reminders.repo.ts";
import type { Occurrence } from "./occurrences.repo.ts";

/** A moment that a schedule means, with its name among those of its reminder. */
export interface NamedMoment {
  readonly slotKey: string;
  readonly at: Date;
  readonly local: string;
  readonly zone: string;
}

/** An occurrence with all of its columns said. */
export interface FiledOccurrence extends Omit<Occurrence, "businessId" | "reason"> {
  readonly reason: ReasonCode | null;
}

/**
 * The occurrences of one series of moments, in the order of time. What comes due while the reminder is paused is filed
 * as cancelled. Of those that were missed in an outage the latest goes out if it is within the reminder's grace, with
 * any other of the same instant; the rest are filed as missed.
 */
export function fileMoments(
  reminder: Pick<Reminder, "id" | "graceMs" | "status" | "pausedUntil">,
  moments: readonly NamedMoment[],
  now: Date,
): FiledOccurrence[] {
  const latestPast = moments.findLast(({ at }) => at <= now && !isPausedAt(reminder, at));
  return moments.map((moment) => {
    const isRecipients = moment.zone === RECIPIENT;
    const expiresAt = after(moment.at, reminder.graceMs + (isRecipients ? ZONES_SPAN_MS : 0));
    const isLatest = moment.at.getTime() === latestPast?.at.getTime();
    const missed = moment.at <= now && (!isLatest || expiresAt <= now);
    return {
      id: newId<"Occurrence">(),
      reminderId: reminder.id,
      slotKey: moment.slotKey,
      assignmentId: null,
      stepId: null,
      localAt: isRecipients ? moment.local : null,
      state: missed ? "missed" : "planned",
      reason: missed ? (expiresAt <= now ? "grace_over" : "coalesced") : null,
      ...(isPausedAt(reminder, moment.at) && filedInPause(isRecipients)),
      dueAt: moment.at,
      expiresAt,
      cursor: null,
      createdAt: now,
      updatedAt: now,
    };
  });
}

/**
 * A moment in the recipients' own zones is planned when it comes in the first of them, and the pause may be over before
 * it comes in the others: there each delivery is judged by its own time.
 */
function filedInPause(isRecipients: boolean): Pick<FiledOccurrence, "state" | "reason"> {
  return { state: isRecipients ? "planned" : "cancelled", reason: "paused" };
}
