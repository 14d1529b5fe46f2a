import { DAY_MS, after, latest } from "@reminder-app/platform/clock";
import type { Id } from "@reminder-app/platform/ids";
import { type DueDate, missingFacts } from "@reminder-app/schedule/due-dates";
import type { DueRule } from "@reminder-app/schedule/due-rule";
import type { Assignment } from "../assignments/assignments.repo.ts";
import { blankAssignment } from "../assignments/blank-assignment.ts";
import { plannedAssignmentRepo } from "../assignments/planned-assignments.repo.ts";
import type { Client } from "../clients/clients.repo.ts";
import type { Ctx } from "../ctx.ts";
import { amountsAskedFor, askForAssignments } from "../payments/ask-for-assignments.ts";
import { makeChecklists } from "../documents/make-checklists.ts";
import { type TaskToOpen, openTasks } from "../tasks/open-task.ts";
import { assignmentFacts } from "../webhooks/event-facts.ts";
import { emitEvents } from "../webhooks/emit-event.ts";
import { opensAt, periodAfter } from "./next-period.ts";
import type { Visit } from "./visit.ts";

/** What is known of the period after an assignment's. */
interface Outlook {
  readonly assignment: Assignment & { readonly dueOn: string };
  readonly client: Client;
  readonly next: DueDate | undefined;
  readonly opensAt: Date;
  readonly missing: readonly string[];
}

export interface Opened {
  /** When to look again, for those whose next period is still to be opened. */
  readonly later: ReadonlyMap<Id<"Assignment">, Date>;
  /** Those whose next period stands by now. */
  readonly opened: ReadonlySet<Id<"Assignment">>;
  /** The assignments that are new. */
  readonly made: readonly Pick<Assignment, "clientId">[];
}

/**
 * Open the next period of a due rule after those assignments whose time has come: a new assignment of the same client,
 * with the same amount and overrides. Also after one that is done, but not after one that was cancelled. A client who
 * lacks a fact by then becomes a task for staff.
 */
export async function openPeriods(
  tx: Ctx,
  visit: Visit,
  { due, through }: { due: readonly Assignment[]; through: Date },
): Promise<Opened> {
  const rule = visit.sequence.due;
  const asked = rule ? due.flatMap((assignment) => outlookOf(visit, rule, assignment)) : [];
  const isResting = (one: Outlook) => one.client.archivedAt !== null || isPausedForGood(visit);
  const resting = asked.filter(isResting);
  const going = asked.filter((one) => !isResting(one));
  const ripe = going.filter((one) => one.opensAt <= through);
  await tellMissingFacts(tx, ripe);
  const { made, stands } = await newPeriods(tx, visit, ripe);
  await plannedAssignmentRepo(tx).insertNew(made);
  await makeChecklists(tx, visit.reminder, made);
  await emitEvents(
    tx,
    made.map((row) => ({ type: "assignment.created", data: assignmentFacts(row) })),
  );
  const tomorrow = after(tx.now(), DAY_MS);
  return {
    later: new Map([
      ...resting.map(({ assignment }) => [assignment.id, tomorrow] as const),
      ...going.filter((one) => one.opensAt > through).map((one) => [one.assignment.id, one.opensAt] as const),
    ]),
    opened: new Set(stands),
    made,
  };
}

function outlookOf({ sequence, clients }: Visit, rule: DueRule, assignment: Assignment): Outlook[] {
  const { dueOn, nextOpened, state } = assignment;
  const client = clients.get(assignment.clientId);
  if (dueOn === null || nextOpened || state === "cancelled" || !client) return [];
  const dated = { ...assignment, dueOn };
  const next = periodAfter(rule, client.facts, dated);
  const missing = missingFacts(rule, client.facts);
  // A rule that has no further date has nothing more to open.
  if (!next && missing.length === 0) return [];
  return [{ assignment: dated, client, next, missing, opensAt: opensAt(sequence, dated, next) }];
}

function isPausedForGood({ reminder: { status, pausedUntil } }: Visit): boolean {
  return status === "paused" && pausedUntil === null;
}

/** Told when the period should have been opened, not at every visit after that. */
async function tellMissingFacts(tx: Ctx, ripe: readonly Outlook[]): Promise<void> {
  const tasks = ripe.flatMap(({ assignment, missing, opensAt: at }): TaskToOpen[] => {
    const { id, reminderId, clientId, plannedThrough } = assignment;
    if (missing.length === 0 || (plannedThrough && plannedThrough >= at)) return [];
    const note = `The next due date cannot be worked out: the client lacks ${missing.join(", ")}`;
    return [{ kind: "no_due_date", subject: id, reminderId, clientId, assignmentId: id, note }];
  });
  await openTasks(tx, tasks);
}

/** Where another assignment of the client is due between this one and the next date, that goes on from there. */
async function newPeriods(tx: Ctx, visit: Visit, ripe: readonly Outlook[]) {
  const sure = ripe.flatMap(({ next, ...one }) => (next ? [{ ...one, next }] : []));
  const dates = await plannedAssignmentRepo(tx).dueDates(
    visit.reminder.id,
    sure.map(({ client }) => client.id),
  );
  const byClient = Map.groupBy(dates, ({ clientId }) => clientId);
  const isFollowed = ({ assignment, client, next }: (typeof sure)[number]) =>
    byClient.get(client.id)?.some(({ dueOn }) => dueOn && dueOn > assignment.dueOn && dueOn <= next.dueOn);
  const isOpened = ({ client, next }: (typeof sure)[number]) =>
    byClient.get(client.id)?.some(({ period }) => period === next.period);
  const following = sure.filter((one) => !isFollowed(one) && !isOpened(one));
  const asked = await amountsAskedFor(
    tx,
    following.map(({ assignment }) => assignment),
  );
  const next = following.map(({ assignment, ...one }) => {
    const amount = asked.get(assignment.id) ?? assignment.amount;
    return nextAssignment({ ...one, assignment: { ...assignment, amount } }, tx.now());
  });
  const made = await askForAssignments(tx, visit.reminder, next);
  return { made, stands: sure.map(({ assignment }) => assignment.id) };
}

/** Steps up to when it should have been opened are past; what came due since is the planner's to send or to file. */
function nextAssignment(
  { assignment, next, opensAt: at }: Omit<Outlook, "next"> & { readonly next: DueDate },
  now: Date,
): Omit<Assignment, "businessId"> {
  const { reminderId, clientId, amount, currency, overrides, nextAt, tagRuleId } = assignment;
  const blank = blankAssignment({ reminderId, clientId, amount, currency, overrides, ...next }, now);
  return { ...blank, tagRuleId, nextAt: now, plannedThrough: after(latest(at, nextAt ?? now), -1) };
}
