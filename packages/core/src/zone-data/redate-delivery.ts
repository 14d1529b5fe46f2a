import { after, latest } from "@reminder-app/platform/clock";
import { instantOf } from "@reminder-app/schedule/zones";
import type { Business } from "../businesses/businesses.repo.ts";
import type { NewDelivery } from "../deliveries/deliveries.repo.ts";
import { firstTry } from "../occurrences/first-try.ts";
import type { Occurrence } from "../occurrences/occurrences.repo.ts";
import type { ReasonCode } from "../reasons.ts";
import type { Reminder } from "../reminders/reminders.repo.ts";
import type { WaitingDelivery } from "./planned-ahead.repo.ts";

/** Why a delivery waits for the recipient's clock. */
const FOR_HOURS: readonly (string | null)[] = ["quiet_hours", "outside_window"] satisfies ReasonCode[];
/** Why it waits for a person, until it expires. */
const FOR_PERSON: readonly (string | null)[] = ["held_by_staff", "awaiting_approval"] satisfies ReasonCode[];

interface Planned {
  readonly business: Business;
  readonly reminder: Reminder;
  readonly occurrence: Occurrence;
  /** How far its moment was moved, in milliseconds. */
  readonly shift: number;
}

/** What changes of a delivery that waits when the clocks are known better. Pure. Undefined: nothing. */
export function redateDelivery(
  { business, reminder, occurrence, shift }: Planned,
  { channel, zone, urgent, fence, reason, nextAt, ...was }: WaitingDelivery,
  now: Date,
): Partial<NewDelivery> | undefined {
  const dueAt = occurrence.localAt === null ? after(was.dueAt, shift) : instantOf(occurrence.localAt, zone);
  const moved = dueAt.getTime() - was.dueAt.getTime();
  const expiresAt = after(was.expiresAt, moved);
  if (moved === 0 && !FOR_HOURS.includes(reason)) return undefined;
  if (FOR_PERSON.includes(reason)) return { dueAt, expiresAt, nextAt: expiresAt };
  const from = latest(dueAt, now);
  const next = firstTry({ business, reminder, occurrence, urgent }, { dueAt: from, expiresAt, channel, zone, now });
  if (moved === 0 && next.nextAt.getTime() === nextAt?.getTime()) return undefined;
  // A job of that name may sleep until the later instant; a new fence gives the work a new one.
  const isSooner = nextAt !== null && next.nextAt < nextAt;
  return { dueAt, expiresAt, ...next, ...(isSooner && { fence: fence + 1 }) };
}
