import type { Reminder } from "./reminders.repo.ts";

/** The part of a reminder that an edit may leave as it was for assignments under way. */
export type Plan = Pick<
  Reminder,
  "revision" | "schedule" | "channels" | "channelMode" | "subject" | "body" | "stepMessages"
>;

/** The plan of a reminder as it stands. */
export function planOf(reminder: Reminder): Plan {
  const { revision, schedule, channels, channelMode, subject, body, stepMessages } = reminder;
  return { revision, schedule, channels, channelMode, subject, body, stepMessages };
}
