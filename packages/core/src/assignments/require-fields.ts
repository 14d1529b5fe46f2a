import { AppError } from "@reminder-app/platform/errors";
import type { Reminder } from "../reminders/reminders.repo.ts";
import { textsOf } from "../reminders/step-messages.ts";
import { usesField } from "../templates/check-template.ts";
import type { Assignment } from "./assignments.repo.ts";

const sources = [
  { field: "dueOn", merge: "due_date", given: (row: Values) => row.dueOn !== null },
  { field: "amount", merge: "amount", given: (row: Values) => row.amount !== null && row.currency !== null },
  { field: "period", merge: "period", given: (row: Values) => row.period !== "" },
] as const;

type Texts = Pick<Reminder, "subject" | "body" | "stepMessages">;
type Values = Pick<Assignment, "dueOn" | "amount" | "currency" | "period">;

/** A message never has a blank where the text names a date or a sum: what the text uses must be given. */
export function requireFields(plan: Texts, row: Values, path: string): void {
  const texts = textsOf(plan).flatMap(({ subject, body }) => [subject, body]);
  const issues = sources.flatMap(({ field, merge, given }) =>
    given(row) || !usesField(texts, merge)
      ? []
      : [{ field: `${path}.${field}`, message: `must be given, because the text uses {{ ${merge} }}` }],
  );
  if ((row.amount === null) !== (row.currency === null)) {
    issues.push({ field: `${path}.currency`, message: "amount and currency go together" });
  }
  if (issues.length > 0)
    throw new AppError("validation_failed", "The assignment lacks what the text needs", { issues });
}

/** The same for a new text of a reminder that has clients already: throws when some of them lack what it names. */
export function requireFieldsOfAll(
  plan: Texts,
  lacking: Readonly<Record<(typeof sources)[number]["field"], boolean>>,
): void {
  const issues = textsOf(plan).flatMap(({ subject, body, path }) =>
    sources
      .filter(({ field, merge }) => lacking[field] && usesField([subject, body], merge))
      .map(({ field, merge }) => ({
        field: `${path}body`,
        message: `uses {{ ${merge} }}, but some clients on the reminder have no ${field}; give it to them first, or use default`,
      })),
  );
  if (issues.length > 0)
    throw new AppError("validation_failed", "Some clients lack what the new text needs", { issues });
}
