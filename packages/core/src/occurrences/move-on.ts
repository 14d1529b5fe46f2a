import { after, earliest, latest } from "@reminder-app/platform/clock";
import { type Assignment, assignmentRepo } from "../assignments/assignments.repo.ts";
import { namedClients } from "../audit/named-clients.ts";
import { recordAudit } from "../audit/record-audit.ts";
import type { Ctx } from "../ctx.ts";
import { openTasks } from "../tasks/open-task.ts";
import { lateStepFreeAt } from "./catch-up.ts";
import { notYetExhausted } from "./exhaust.ts";
import type { Opened } from "./open-periods.ts";
import type { AssignmentPlan } from "./plan-assignment.ts";
import type { Visit } from "./visit.ts";

/** An assignment, and what its sequence means for it. */
export interface Planned {
  readonly assignment: Assignment;
  readonly plan: AssignmentPlan;
}

/** What becomes of an assignment once it was looked at. */
interface Move {
  readonly assignment: Assignment;
  readonly nextAt: Date | null;
  readonly exhausted: boolean;
  readonly opened: boolean;
}

interface Looked {
  readonly plans: readonly Planned[];
  readonly periods: Opened;
  readonly through: Date;
}

/** Note when the planner has to look again, and end the chases that are exhausted, each with a task for staff. */
export async function moveOn(tx: Ctx, visit: Visit, looked: Looked): Promise<void> {
  const moves = await movesOf(tx, visit, looked);
  const alike = Map.groupBy(moves, ({ nextAt, exhausted, opened }) => `${nextAt?.getTime()} ${exhausted} ${opened}`);
  const now = tx.now();
  for (const group of alike.values()) {
    const [first] = group;
    if (!first) continue;
    await assignmentRepo(tx).updateMany(
      group.map(({ assignment }) => assignment.id),
      {
        nextAt: first.nextAt,
        plannedThrough: looked.through,
        ...(first.opened && { nextOpened: true }),
        ...(first.exhausted && { state: "exhausted" as const, closedAt: now }),
        updatedAt: now,
      },
    );
  }
  await tellExhausted(tx, visit, moves);
}

async function movesOf(tx: Ctx, visit: Visit, { plans, periods, through }: Looked): Promise<Move[]> {
  const ending = plans.filter(({ plan }) => plan.exhausted).map(({ assignment }) => assignment);
  const later = await notYetExhausted(tx, visit, ending);
  return plans.map(({ assignment, plan }) => {
    const { id } = assignment;
    const reasons = [plan.nextAt, later.get(id), lateStepFreeAt(visit, assignment, tx.now()), periods.later.get(id)];
    return {
      assignment,
      nextAt: earliest(reasons.map((at) => at && latest(at, after(through, 1)))),
      exhausted: plan.exhausted && !later.has(id),
      opened: periods.opened.has(id),
    };
  });
}

async function tellExhausted(tx: Ctx, { reminder }: Visit, moves: readonly Move[]): Promise<void> {
  const ended = moves.filter(({ exhausted }) => exhausted).map(({ assignment }) => assignment);
  if (ended.length === 0) return;
  await openTasks(
    tx,
    ended.map(({ id, clientId }) => ({
      kind: "exhausted",
      subject: id,
      reminderId: reminder.id,
      clientId,
      assignmentId: id,
    })),
  );
  await recordAudit(tx, "assignment.exhausted", {
    entityId: reminder.id,
    ...namedClients(ended),
  });
}
