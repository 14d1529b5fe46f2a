import { namedClients } from "../audit/named-clients.ts";
import { recordAudit } from "../audit/record-audit.ts";
import { businessRepo } from "../businesses/businesses.repo.ts";
import type { Ctx } from "../ctx.ts";
import { makeChecklists } from "../documents/make-checklists.ts";
import { rememberMoments } from "../occurrences/remember-moments.ts";
import { effectiveSchedule } from "../reminders/effective-schedule.ts";
import type { Reminder } from "../reminders/reminders.repo.ts";
import { emitEvents } from "../webhooks/emit-event.ts";
import { assignmentFacts } from "../webhooks/event-facts.ts";
import { type Assignment, assignmentRepo } from "./assignments.repo.ts";
import { followAssignments, startAt } from "./start-assignment.ts";

/**
 * Write new assignments of a reminder, each where its sequence begins. Call it with the reminder's row locked. Throws
 * where one of them is there already.
 */
export async function insertAssignments(
  tx: Ctx,
  reminder: Reminder,
  made: readonly Omit<Assignment, "businessId">[],
): Promise<Assignment[]> {
  const rows = await started(tx, reminder, made);
  await assignmentRepo(tx).insertMany(rows);
  await makeChecklists(tx, reminder, rows);
  if (reminder.schedule.kind === "sequence") await followAssignments(tx, reminder.id);
  await emitEvents(
    tx,
    rows.map((row) => ({ type: "assignment.created", data: assignmentFacts(row) })),
  );
  await recordAudit(tx, "assignment.created", { entityId: reminder.id, ...namedClients(rows) });
  return rows;
}

async function started(
  tx: Ctx,
  reminder: Reminder,
  rows: readonly Omit<Assignment, "businessId">[],
): Promise<Assignment[]> {
  const { businessId } = tx;
  if (reminder.schedule.kind !== "sequence") return rows.map((row) => ({ ...row, businessId }));
  const sequence = effectiveSchedule(
    { ...reminder, schedule: reminder.schedule },
    await businessRepo(tx).scheduleDefaults(),
  );
  const from = { sequence, now: tx.now(), momentsOf: rememberMoments() };
  return rows.map((row) => ({ ...row, businessId, ...startAt(reminder, from, row) }));
}
