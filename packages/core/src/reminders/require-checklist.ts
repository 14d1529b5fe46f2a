import { invalid } from "@reminder-app/platform/errors";
import { usesField } from "../templates/check-template.ts";
import type { Reminder } from "./reminders.repo.ts";
import { textsOf } from "./step-messages.ts";

/** Throws `validation_failed` where a list of what is asked for would end nothing, or a text names a list that is not there. */
export function requireChecklist(
  reminder: Pick<Reminder, "checklist" | "stopRule" | "subject" | "body" | "stepMessages">,
): void {
  if (reminder.checklist && reminder.stopRule !== "received")
    throw invalid(
      "checklist",
      "is for reminders that stop when all was received: give stopRule received, or leave it out",
    );
  const texts = textsOf(reminder).flatMap(({ subject, body }) => [subject, body]);
  if (!reminder.checklist && usesField(texts, "missing"))
    throw invalid("checklist", "must be given, because the text uses {{ missing }}; or use default in the text");
}
