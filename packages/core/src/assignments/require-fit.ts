import { invalid } from "@reminder-app/platform/errors";
import type { Reminder } from "../reminders/reminders.repo.ts";
import type { Assignment } from "./assignments.repo.ts";
import { requireFields } from "./require-fields.ts";
import { requireOverrides } from "./step-overrides.ts";

/** Throws `validation_failed` where an assignment lacks what the reminder's text or steps need, or does not fit them. */
export function requireFit(
  reminder: Reminder,
  row: Pick<Assignment, "dueOn" | "amount" | "currency" | "period" | "overrides">,
  path: string,
): void {
  if (reminder.schedule.kind === "sequence" && row.dueOn === null)
    throw invalid(`${path}.dueOn`, "must be given, because the steps of a sequence are counted from it");
  requireFields(reminder, row, path);
  requireOverrides(reminder.schedule, row, path);
}
