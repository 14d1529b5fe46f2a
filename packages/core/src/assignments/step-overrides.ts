import type { StepOverrides } from "@reminder-app/db/schema/reminders";
import { AppError, type Issue } from "@reminder-app/platform/errors";
import type { Schedule } from "@reminder-app/schedule/schedule";
import { type Sequence, MOST_DAYS } from "@reminder-app/schedule/sequence";
import { stepMoments } from "@reminder-app/schedule/sequence-moments";
import { timeOfDaySchema } from "@reminder-app/schedule/time-of-day";
import { z } from "zod";
import type { Assignment } from "./assignments.repo.ts";

export const stepOverridesSchema = z
  .record(
    z.string().max(40),
    z
      .strictObject({
        skip: z.literal(true),
        days: z.int().min(-MOST_DAYS).max(MOST_DAYS).describe("From the due date, in place of the step's own"),
        time: timeOfDaySchema,
      })
      .partial(),
  )
  .nullable()
  .describe(
    "Where this client differs from the sequence, by step id: leave a step out, or give it another day or time",
  );

type Overridden = Pick<Assignment, "dueOn" | "overrides">;

/** Throws `validation_failed` where overrides name a step that is not there, or bring two steps to one moment. */
export function requireOverrides(schedule: Schedule, { dueOn, overrides }: Overridden, path: string): void {
  if (!overrides) return;
  const issues = schedule.kind === "sequence" ? faultsOf(schedule, { dueOn, overrides }) : [notSequence];
  if (issues.length === 0) return;
  const placed = issues.map(({ field, message }) => ({ field: `${path}.${field}`, message }));
  throw new AppError("validation_failed", "The overrides do not fit the reminder", { issues: placed });
}

const notSequence: Issue = {
  field: "overrides",
  message: "only the steps of a sequence can be overridden, and this reminder has none",
};

function faultsOf(
  sequence: Sequence,
  { dueOn, overrides }: { dueOn: string | null; overrides: StepOverrides },
): Issue[] {
  const known = sequence.steps.map(({ id }) => id);
  const unknown = Object.keys(overrides)
    .filter((id) => !known.includes(id))
    .map((id) => ({
      field: `overrides.${id}`,
      message: `names no step of the reminder; its steps are ${list(known)}`,
    }));
  return unknown.length > 0 || dueOn === null ? unknown : collisions(sequence, { dueOn, overrides });
}

function collisions(sequence: Sequence, facts: { dueOn: string; overrides: StepOverrides }): Issue[] {
  const seen = new Map<string, string>();
  const issues: Issue[] = [];
  for (const { stepId, local, collides } of stepMoments(sequence, facts)) {
    const other = seen.get(local);
    const isOurs = other !== undefined && (facts.overrides[other] ?? facts.overrides[stepId]) !== undefined;
    if (isOurs && !collides)
      issues.push({
        field: "overrides",
        message: `bring ${other} and ${stepId} to the same moment, ${local}; move one`,
      });
    seen.set(local, stepId);
  }
  return issues;
}

function list(ids: readonly string[]): string {
  const shown = ids.slice(0, 20).join(", ");
  return ids.length > 20 ? `${shown} and ${ids.length - 20} more` : shown;
}
