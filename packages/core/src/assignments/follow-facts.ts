import type { Id } from "@reminder-app/platform/ids";
import { civilDateIn, daysAfter } from "@reminder-app/schedule/civil-date";
import type { ClientFacts } from "@reminder-app/schedule/client-facts";
import { type DueDate, nextDueDate } from "@reminder-app/schedule/due-dates";
import type { DueRule } from "@reminder-app/schedule/due-rule";
import { planningZone } from "@reminder-app/schedule/zones";
import type { Ctx } from "../ctx.ts";
import { dueOfPeriod } from "../occurrences/next-period.ts";
import { type InForce, inForce } from "../reminders/plan-in-force.ts";
import { type Reminder, reminderRepo } from "../reminders/reminders.repo.ts";
import { type Assignment, assignmentRepo } from "./assignments.repo.ts";
import { plannedAssignmentRepo } from "./planned-assignments.repo.ts";
import { redateAssignment } from "./redate-assignment.ts";
import { followAssignments } from "./start-assignment.ts";

/** A client's assignment whose due date may follow from the client's facts. */
export interface Ruled {
  readonly reminder: Reminder;
  readonly rule: DueRule;
  readonly assignment: Assignment & { readonly dueOn: string };
}

/** The assignments that a change of a client's facts may concern, locked with their reminders: before the client's row. */
export async function lockRuled(tx: Ctx, clientId: Id<"Client">): Promise<Ruled[]> {
  const ruled: Ruled[] = [];
  for (const reminderId of await plannedAssignmentRepo(tx).remindersOf(clientId)) {
    const reminder = await reminderRepo(tx).lock(reminderId);
    if (reminder.status === "cancelled" || reminder.schedule.kind !== "sequence") continue;
    const theirs = await assignmentRepo(tx).existing(reminderId, [clientId]);
    for (const group of await inForce(tx, reminder, theirs)) ruled.push(...ruledIn(group));
  }
  return ruled;
}

/** Those of assignments with one plan whose next steps or periods follow from facts. */
function ruledIn({ reminder, assignments }: InForce<Assignment>): Ruled[] {
  const rule = reminder.schedule.kind === "sequence" ? reminder.schedule.due : undefined;
  if (rule?.kind !== "statutory") return [];
  return assignments.flatMap((assignment) => {
    const { dueOn, state, nextOpened } = assignment;
    const isConcerned = state === "open" || (state !== "cancelled" && !nextOpened);
    return dueOn !== null && isConcerned ? [{ reminder, rule, assignment: { ...assignment, dueOn } }] : [];
  });
}

/**
 * Give open assignments whose due date followed from a client's facts the date that follows from the new ones, and let
 * the planner judge their next periods afresh. Answers the reminders concerned.
 */
export async function followFacts(
  tx: Ctx,
  ruled: readonly Ruled[],
  { before, now }: { before: ClientFacts | null; now: ClientFacts | null },
): Promise<Id<"Reminder">[]> {
  for (const one of ruled) {
    const { reminder, assignment } = one;
    const due = newDue(one, { before, now, today: civilDateIn(zoneOf(reminder), tx.now()) });
    const taken = due && (await isTaken(tx, one, due.period));
    const change = due && !taken ? due : {};
    const mark =
      due && !taken ? await redateAssignment(tx, reminder, { ...assignment, ...due }) : lookAgain(one, tx.now());
    await assignmentRepo(tx).update(assignment.id, { ...change, ...mark, updatedAt: tx.now() });
  }
  const ids = [...new Set(ruled.map(({ reminder }) => reminder.id))];
  for (const id of ids) await followAssignments(tx, id);
  return ids;
}

function zoneOf({ schedule }: Reminder): string {
  return planningZone(schedule.zone);
}

/** Undefined where the date did not follow from the facts, or does not change, or no date follows from the new ones. */
function newDue(
  { rule, assignment }: Ruled,
  { before, now, today }: { before: ClientFacts | null; now: ClientFacts | null; today: string },
): DueDate | undefined {
  const { dueOn, period, state } = assignment;
  const was = nextDueDate(rule, { facts: before, after: daysAfter(dueOn, -1) });
  if (state !== "open" || was?.dueOn !== dueOn || was.period !== period) return undefined;
  const from = dueOn < today ? dueOn : today;
  const due = dueOfPeriod(rule, now, assignment) ?? nextDueDate(rule, { facts: now, after: daysAfter(from, -1) });
  return due && (due.dueOn !== dueOn || due.period !== period) ? due : undefined;
}

async function isTaken(tx: Ctx, { reminder, assignment }: Ruled, period: string): Promise<boolean> {
  const all = await assignmentRepo(tx).existing(reminder.id, [assignment.clientId]);
  return all.some((other) => other.id !== assignment.id && other.period === period);
}

function lookAgain({ reminder, assignment }: Ruled, now: Date): Partial<Pick<Assignment, "nextAt">> {
  return reminder.status === "draft" || (assignment.nextAt && assignment.nextAt <= now) ? {} : { nextAt: now };
}
