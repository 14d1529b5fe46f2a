import { AppError } from "@reminder-app/platform/errors";
import type { Id } from "@reminder-app/platform/ids";
import { type Assignment, assignmentRepo } from "../assignments/assignments.repo.ts";
import { blankAssignment } from "../assignments/blank-assignment.ts";
import { isChased } from "../assignments/close-assignment.ts";
import { datedByRule } from "../assignments/due-by-rule.ts";
import { insertAssignments } from "../assignments/insert-assignments.ts";
import { reachOf } from "../assignments/reach-of.ts";
import { reopen } from "../assignments/reopen-assignment.ts";
import { requireFit } from "../assignments/require-fit.ts";
import { followAssignments } from "../assignments/start-assignment.ts";
import type { Ctx } from "../ctx.ts";
import { type Reminder, reminderRepo } from "../reminders/reminders.repo.ts";
import type { TagRule } from "./tag-rules.repo.ts";

/** Why a client is not on the reminder that their tag names. */
export interface NotEnrolled {
  readonly clientId: Id<"Client">;
  readonly reminderId: Id<"Reminder">;
  readonly message: string;
}

export interface Enrolled {
  /** How many assignments were made or opened again. */
  readonly enrolled: number;
  readonly notEnrolled: readonly NotEnrolled[];
}

type Row = Omit<Assignment, "businessId">;

/**
 * Put clients who have a rule's tag on its reminder. Who is on it already, by whatever way, stays as they are; who
 * cannot be put on it is reported and hinders no other.
 */
export async function enrolClients(tx: Ctx, rule: TagRule, clientIds: readonly Id<"Client">[]): Promise<Enrolled> {
  if (clientIds.length === 0) return { enrolled: 0, notEnrolled: [] };
  const reminder = await reminderRepo(tx).lock(rule.reminderId);
  const present = Map.groupBy(await assignmentRepo(tx).existing(reminder.id, clientIds), ({ clientId }) => clientId);
  const free = clientIds.filter((id) => !present.get(id)?.some(isChased));
  const { fitting, notEnrolled } = await rowsFor(tx, reminder, { rule, clientIds: free });
  const before = (row: Row) => present.get(row.clientId)?.find(({ period }) => period === row.period);
  const fresh = fitting.filter((row) => !before(row));
  if (fresh.length > 0) await insertAssignments(tx, reminder, fresh);
  const again = fitting.flatMap((row) => before(row) ?? []).filter(({ tagRuleId }) => tagRuleId !== null);
  for (const assignment of again) await takeUp(tx, { reminder, rule, assignment });
  if (again.length > 0 && reminder.schedule.kind === "sequence") await followAssignments(tx, reminder.id);
  return { enrolled: fresh.length + again.length, notEnrolled };
}

/** The assignments that clients would get, and what is in the way of others. */
async function rowsFor(
  tx: Ctx,
  reminder: Reminder,
  { rule, clientIds }: { rule: TagRule; clientIds: readonly Id<"Client">[] },
): Promise<{ fitting: Row[]; notEnrolled: NotEnrolled[] }> {
  const over = reminder.status === "cancelled" || reminder.status === "completed";
  const reach = await reachOf(tx, reminder, clientIds);
  const blank = clientIds.map((clientId) => ({
    ...blankAssignment({ ...nothing, clientId, reminderId: reminder.id }, tx.now()),
    tagRuleId: rule.id,
  }));
  const fitting: Row[] = [];
  const notEnrolled: NotEnrolled[] = [];
  for (const { row, fault } of await datedByRule(tx, reminder, blank)) {
    const { clientId } = row;
    const status = over ? `the reminder is ${reminder.status}` : undefined;
    const message = status ?? reach(clientId) ?? fault?.message ?? misfit(reminder, row);
    if (message === undefined) fitting.push(row);
    else notEnrolled.push({ clientId, reminderId: reminder.id, message });
  }
  return { fitting, notEnrolled };
}

const nothing = { period: "", dueOn: null, amount: null, currency: null, overrides: null };

function misfit(reminder: Reminder, row: Row): string | undefined {
  try {
    requireFit(reminder, row, "assignment");
    return undefined;
  } catch (thrown) {
    if (!(thrown instanceof AppError)) throw thrown;
    return thrown.issues.map(({ field, message }) => `${field} ${message}`).join("; ") || thrown.message;
  }
}

/** The tag was taken away meanwhile, and is back: what was cancelled for that begins again, what is done goes on. */
async function takeUp(
  tx: Ctx,
  { reminder, rule, assignment }: { reminder: Reminder; rule: TagRule; assignment: Assignment },
): Promise<void> {
  await assignmentRepo(tx).update(assignment.id, { tagRuleId: rule.id, updatedAt: tx.now() });
  if (assignment.state === "cancelled") await reopen(tx, { reminder, present: { ...assignment, tagRuleId: rule.id } });
  else await assignmentRepo(tx).update(assignment.id, { nextOpened: false, nextAt: tx.now() });
}
