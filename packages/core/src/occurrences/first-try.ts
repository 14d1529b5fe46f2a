import type { ChannelKind } from "@reminder-app/platform/channel-kinds";
import { SECOND_MS, after } from "@reminder-app/platform/clock";
import type { Business } from "../businesses/businesses.repo.ts";
import type { NewDelivery } from "../deliveries/deliveries.repo.ts";
import { isReceiptSlot } from "../deliveries/receipts.ts";
import { openingFor } from "../deliveries/opening.ts";
import { goesInDailyMessage } from "../reminders/effective-schedule.ts";
import type { ReasonCode } from "../reasons.ts";
import type { Reminder } from "../reminders/reminders.repo.ts";
import type { Occurrence } from "./occurrences.repo.ts";

/** Planned late, what is due for one person gets this long to be planned, so that one message can list it all. */
const SETTLE_MS = 30 * SECOND_MS;

interface Moment {
  readonly business: Pick<Business, "quietHours" | "sendWindows" | "dailyMessageAt">;
  readonly reminder: Pick<Reminder, "type">;
  readonly occurrence: Pick<Occurrence, "slotKey">;
  readonly urgent: boolean;
}

interface Planned extends Pick<NewDelivery, "dueAt" | "expiresAt"> {
  readonly channel: ChannelKind;
  /** The recipient's. */
  readonly zone: string;
  readonly now: Date;
}

/** When a planned delivery is tried first, and why not at its moment. */
export function firstTry(
  moment: Moment,
  { dueAt, expiresAt, channel, zone, now }: Planned,
): { nextAt: Date; reason: ReasonCode | null } {
  if (moment.urgent) return { nextAt: dueAt, reason: null };
  const opening = openingFor(moment.business, { channel, zone }, dueAt);
  // A message that would open too late is judged, and filed with its reason, by the claim.
  if (opening?.closedBy && opening.at < expiresAt) return { nextAt: opening.at, reason: opening.closedBy };
  const settled = after(now, SETTLE_MS);
  const isLate = dueAt < now && settled < expiresAt && isPartOfDailyMessage(moment);
  return { nextAt: isLate ? settled : dueAt, reason: null };
}

/** What is sent by hand goes when it is asked for, and so do thanks. */
function isPartOfDailyMessage({ business, reminder, occurrence }: Moment): boolean {
  const isApart = occurrence.slotKey.startsWith("M:") || isReceiptSlot(occurrence.slotKey);
  return business.dailyMessageAt !== null && goesInDailyMessage(reminder.type) && !isApart;
}
