import type { Id } from "@reminder-app/platform/ids";

/** Which assignment of which reminder. */
export interface AssignmentKey {
  readonly reminderId: Id<"Reminder">;
  readonly assignmentId: Id<"Assignment">;
}
