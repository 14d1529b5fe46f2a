import type { StepMoment } from "@reminder-app/schedule/sequence-moments";
import type { Sequence } from "@reminder-app/schedule/sequence";
import { latest } from "@reminder-app/platform/clock";
import type { Assignment } from "../assignments/assignments.repo.ts";
import type { Ctx } from "../ctx.ts";
import { standstillAt } from "../deliveries/standstill.ts";
import { isPauseReason, lateOccurrence } from "../occurrences/catch-up.ts";
import { lateStep, stepSlotKey } from "../occurrences/plan-assignment.ts";
import { type MomentsOf, rememberMoments } from "../occurrences/remember-moments.ts";
import { isStopped } from "../occurrences/write-steps.ts";
import type { Reminder } from "../reminders/reminders.repo.ts";
import type { PlannedStep } from "./forecast.repo.ts";
import type { FutureSend } from "./future-send.ts";
import type { FutureMoment, Span } from "./future-moments.ts";
import type { MomentFacts } from "./remember-facts.ts";
import { unplannedSends } from "./unplanned-sends.ts";

export interface LateQuestion {
  readonly reminder: Reminder;
  readonly sequence: Sequence;
  readonly facts: MomentFacts;
  /** What the planner will come to, of all assignments. */
  readonly moments: readonly FutureMoment[];
  /** What it has made already, with what will become of it. */
  readonly waiting: readonly FutureSend[];
}

/**
 * The steps that the planner will make up for, once each, because nobody got them when they were due: those past when a
 * client joins, and those that came due in a pause or hold, when that ends. Asks what the planner asks at each of these
 * instants.
 */
export async function lateMoments(
  ctx: Ctx,
  span: Span,
  question: LateQuestion & { readonly assignments: readonly Assignment[] },
): Promise<FutureMoment[]> {
  if (question.sequence.late !== "collapse") return [];
  const { facts, assignments } = question;
  const open = assignments.filter(({ state }) => state === "open");
  await facts.loadClients(open.map(({ clientId }) => clientId));
  await facts.loadAssignments(open.map(({ id }) => id));
  const ahead = Map.groupBy(question.moments, ({ assignment }) => assignment.id);
  const late: FutureMoment[] = [];
  const asked = { ...question, momentsOf: rememberMoments() };
  for (const assignment of open) {
    const taken = new Set<string>();
    for (const at of visitsOf(span, question, assignment)) {
      const step = stepAt(span, asked, { assignment, at });
      if (!step || taken.has(step.key)) continue;
      const slotKey = stepSlotKey(assignment, step);
      const moment = (ahead.get(assignment.id) ?? []).find(({ occurrence }) => occurrence.slotKey === slotKey);
      if (!(await wasKeptBack(ctx, span, { ...question, assignment, slotKey, moment, step, at }))) continue;
      taken.add(step.key);
      const occurrence = lateOccurrence(question.reminder, { assignment, step, now: at });
      late.push({ reminder: question.reminder, assignment, occurrence });
    }
  }
  return late;
}

interface Asked extends LateQuestion {
  readonly momentsOf: MomentsOf;
}

/** When the planner looks at an assignment for the first time, and whenever something that keeps it back ends. */
function visitsOf({ business, now, to }: Span, { reminder, facts }: LateQuestion, assignment: Assignment): Date[] {
  const client = facts.reached(assignment.clientId)?.client;
  const ends = [
    business.pausedUntil,
    reminder.status === "paused" ? reminder.pausedUntil : null,
    client?.pausedUntil,
    assignment.holdUntil,
  ];
  const first = assignment.nextAt && latest(assignment.nextAt, now);
  const at = [first, ...ends.filter((end) => end && end > now)].filter((one) => one instanceof Date);
  return at.filter((one) => one <= to).toSorted((one, other) => one.getTime() - other.getTime());
}

/** The step that is late at an instant, unless something keeps it back still, or a later one was used. */
function stepAt(
  { business }: Span,
  { reminder, sequence, facts, momentsOf }: Asked,
  { assignment, at }: { assignment: Assignment; at: Date },
): StepMoment | undefined {
  const client = facts.reached(assignment.clientId)?.client;
  if (!client || standstillAt({ business, reminder, client, assignment }, at)) return undefined;
  const step = lateStep(sequence, assignment, { now: at, momentsOf });
  const isUsed = ({ state, dueAt }: PlannedStep) => state !== "cancelled" && dueAt <= at && step && dueAt > step.at;
  return facts.steps(assignment.id).some(isUsed) ? undefined : step;
}

interface Kept extends LateQuestion {
  readonly assignment: Assignment;
  readonly slotKey: string;
  /** As the planner will come to it, if it is still to. */
  readonly moment: FutureMoment | undefined;
  readonly step: StepMoment;
  readonly at: Date;
}

/** Whether a step went to nobody, and only because of a pause or hold, or because it was past when the client joined. */
async function wasKeptBack(
  ctx: Ctx,
  span: Span,
  { facts, waiting, assignment, slotKey, moment }: Kept,
): Promise<boolean> {
  const filed = facts.steps(assignment.id).find((step) => step.slotKey === slotKey);
  if (moment && !facts.isPlanned(moment)) return willBeKeptBack(ctx, span, { moment, facts });
  if (!filed) return true;
  await facts.loadOutcomes([filed]);
  const made = facts.outcomes(filed);
  if (made.length === 0) return filed.state === "cancelled" && isPauseReason(filed.reason);
  const ends = waiting.filter((send) => send.assignmentId === assignment.id && send.slotKey === slotKey);
  const stillWait = made.filter((outcome) => !isStopped(outcome));
  return (
    made.filter(isStopped).every(({ reason }) => isPauseReason(reason)) &&
    stillWait.length <= ends.length &&
    ends.every(({ status, reason }) => status === "will_skip" && isPauseReason(reason))
  );
}

async function willBeKeptBack(
  ctx: Ctx,
  span: Span,
  { moment, facts }: { moment: FutureMoment; facts: MomentFacts },
): Promise<boolean> {
  const { state, reason } = moment.occurrence;
  if (state === "cancelled" || state === "missed") return state === "cancelled" && isPauseReason(reason);
  const sends = await unplannedSends(ctx, span, { moments: [moment], facts });
  return sends.length > 0 && sends.every((send) => send.status === "will_skip" && isPauseReason(send.reason));
}
