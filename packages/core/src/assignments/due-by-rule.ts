import { AppError, type Issue } from "@reminder-app/platform/errors";
import { civilDateIn, daysAfter } from "@reminder-app/schedule/civil-date";
import { missingFacts, nextDueDate } from "@reminder-app/schedule/due-dates";
import type { DueRule } from "@reminder-app/schedule/due-rule";
import { planningZone } from "@reminder-app/schedule/zones";
import type { Id } from "@reminder-app/platform/ids";
import { type Client, clientRepo } from "../clients/clients.repo.ts";
import type { Ctx } from "../ctx.ts";
import type { Reminder } from "../reminders/reminders.repo.ts";
import type { Assignment } from "./assignments.repo.ts";

type Row = Omit<Assignment, "businessId">;

/**
 * Give assignments of a due rule the due date and period that they were not given: the first one from today on, in the
 * schedule's zone. Throws `validation_failed` with the facts that a client lacks, or where the rule has no further date.
 */
export async function dueByRule(tx: Ctx, reminder: Reminder, rows: readonly Row[]): Promise<readonly Row[]> {
  const dated = await datedByRule(tx, reminder, rows);
  const issues = dated.flatMap(({ fault }, index) =>
    fault ? [{ field: `assignments.${index}.${fault.field}`, message: fault.message }] : [],
  );
  if (issues.length > 0) throw new AppError("validation_failed", "Some due dates cannot be worked out", { issues });
  return dated.map(({ row }) => row);
}

/** A row with its due date, or without one and why. */
export interface DatedRow {
  readonly row: Row;
  readonly fault?: Issue;
}

/** The same for each of the rows, whatever the others lack. */
export async function datedByRule(tx: Ctx, { schedule }: Reminder, rows: readonly Row[]): Promise<DatedRow[]> {
  if (schedule.kind !== "sequence" || !schedule.due) return rows.map((row) => ({ row }));
  const rule = schedule.due;
  const clients = await clientRepo(tx).some(rows.map(({ clientId }) => clientId));
  const today = civilDateIn(planningZone(schedule.zone), tx.now());
  return rows.map((row) => {
    const answer = dateOne(rule, { row, client: clients.get(row.clientId), today });
    return "dueOn" in answer ? { row: { ...row, ...answer } } : { row, fault: answer };
  });
}

function dateOne(
  rule: DueRule,
  { row, client, today }: { row: Row; client: Client | undefined; today: string },
): Pick<Row, "dueOn" | "period"> | Issue {
  const facts = client?.facts ?? null;
  const from = row.dueOn ?? today;
  const due = nextDueDate(rule, { facts, after: daysAfter(from, -1) });
  // A date that was given wins; it has the period's name where it is the rule's own.
  if (row.dueOn !== null) return due?.dueOn === row.dueOn ? named(row, due) : row;
  if (due) return named(row, due);
  return noDate(rule, { clientId: row.clientId, missing: missingFacts(rule, facts), today });
}

function named({ period }: Row, due: Pick<Row, "dueOn" | "period">): Pick<Row, "dueOn" | "period"> {
  return { dueOn: due.dueOn, period: period === "" ? due.period : period };
}

function noDate(
  rule: DueRule,
  { clientId, missing, today }: { clientId: Id<"Client">; missing: readonly string[]; today: string },
): Issue {
  if (missing.length === 0)
    return { field: "dueOn", message: `must be given, because the due rule has no date on or after ${today}` };
  const name = rule.kind === "statutory" ? rule.rule : rule.kind;
  const remedy = "add them to its facts, or give dueOn";
  return {
    field: "clientId",
    message: `client ${clientId} lacks ${missing.join(", ")}, which ${name} needs; ${remedy}`,
  };
}
