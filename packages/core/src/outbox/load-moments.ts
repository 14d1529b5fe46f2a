import { after } from "@reminder-app/platform/clock";
import type { Id } from "@reminder-app/platform/ids";
import type { Sequence } from "@reminder-app/schedule/sequence";
import { ZONES_SPAN_MS } from "@reminder-app/schedule/zones";
import type { Assignment } from "../assignments/assignments.repo.ts";
import type { Ctx } from "../ctx.ts";
import { effectiveSchedule } from "../reminders/effective-schedule.ts";
import { inForce } from "../reminders/plan-in-force.ts";
import { type Reminder, reminderRepo } from "../reminders/reminders.repo.ts";
import { type ForecastFilter, forecastRepo } from "./forecast.repo.ts";
import type { FutureSend } from "./future-send.ts";
import { type FutureMoment, type Span, futureMoments } from "./future-moments.ts";
import { futurePeriods } from "./future-periods.ts";
import { lateMoments } from "./late-moments.ts";
import type { MomentFacts } from "./remember-facts.ts";

export interface ForecastOptions extends ForecastFilter {
  readonly to: Date;
  /** Leave out what comes due before. */
  readonly from?: Date | undefined;
}

interface Loading {
  readonly options: ForecastOptions;
  readonly facts: MomentFacts;
  readonly waiting: readonly FutureSend[];
}

/** What is to come of each reminder, in the order of time, and which of the sends that wait will be made anew. */
export async function loadMoments(ctx: Ctx, span: Span, { options, facts, waiting }: Loading) {
  const repo = forecastRepo(ctx);
  const reminders = await reminderRepo(ctx).going(options.reminderId);
  const isSequence = ({ schedule }: Reminder) => schedule.kind === "sequence";
  const shared = reminders.filter((one) => !isSequence(one) && one.nextDueAt && one.nextDueAt <= span.to);
  const sequences = reminders.filter(isSequence);
  const ids = (some: typeof reminders) => some.map(({ id }) => id);
  const open = await repo.openAssignments({ shared: ids(shared), sequences: ids(sequences), to: span.to }, options);
  const byReminder = Map.groupBy(open, ({ reminderId }) => reminderId);
  const moments: FutureMoment[] = [];
  const replaced = new Set<string>();
  for (const present of [...shared, ...sequences]) {
    for (const { reminder, assignments } of await inForce(ctx, present, byReminder.get(present.id) ?? [])) {
      const asked = { present, reminder, assignments, facts, waiting };
      const { ahead, late } = await momentsOf(ctx, span, asked);
      const names = new Set(late.map(sendOf));
      for (const name of names) replaced.add(name);
      moments.push(...late, ...ahead.filter((moment) => !names.has(sendOf(moment))));
    }
  }
  return {
    moments: moments
      .filter(({ occurrence }) => !options.from || lastDue(occurrence) >= options.from)
      .toSorted((one, other) => one.occurrence.dueAt.getTime() - other.occurrence.dueAt.getTime()),
    isReplaced: ({ assignmentId, slotKey }: FutureSend) => replaced.has(`${assignmentId} ${slotKey}`),
  };
}

function sendOf({ assignment, occurrence }: FutureMoment): string {
  return `${assignment.id} ${occurrence.slotKey}`;
}

interface Asked extends Pick<Loading, "facts" | "waiting"> {
  /** As the reminder stands: what is opened from now on goes by it. */
  readonly present: Reminder;
  /** With the plan that is in force for these assignments. */
  readonly reminder: Reminder;
  readonly assignments: readonly Assignment[];
}

interface Moments {
  readonly ahead: readonly FutureMoment[];
  readonly late: readonly FutureMoment[];
}

/** The moments of assignments as they come, and those that are made up for; and the same of the periods that follow. */
async function momentsOf(ctx: Ctx, span: Span, asked: Asked): Promise<Moments> {
  const { present, reminder, assignments } = asked;
  if (reminder.schedule.kind !== "sequence") return { ahead: futureMoments(span, reminder, assignments), late: [] };
  const own = await stepsOf(ctx, span, asked);
  const periods = await loadPeriods(ctx, span, asked);
  if (periods.length === 0) return own;
  const next = await stepsOf(ctx, span, { ...asked, reminder: present, assignments: periods });
  const unopened = (moment: FutureMoment) => ({ ...moment, unopened: true });
  return {
    ahead: [...own.ahead, ...next.ahead.map(unopened)],
    late: [...own.late, ...next.late.map(unopened)],
  };
}

async function stepsOf(ctx: Ctx, span: Span, { reminder, assignments, facts, waiting }: Asked): Promise<Moments> {
  const sequence = sequenceOf(span, reminder);
  if (!sequence) return { ahead: [], late: [] };
  const ahead = futureMoments(span, reminder, assignments);
  const late = await lateMoments(ctx, span, { reminder, sequence, facts, moments: ahead, waiting, assignments });
  return { ahead, late };
}

function sequenceOf({ business }: Span, reminder: Reminder): Sequence | undefined {
  const schedule = effectiveSchedule(reminder, business);
  return schedule.kind === "sequence" ? schedule : undefined;
}

async function loadPeriods(
  ctx: Ctx,
  span: Span,
  { present, reminder, assignments, facts }: Asked,
): Promise<Assignment[]> {
  const sequence = sequenceOf(span, reminder);
  if (!sequence?.due || assignments.length === 0) return [];
  const clientIds = assignments.map(({ clientId }) => clientId);
  await facts.loadClients(clientIds);
  const known = await forecastRepo(ctx).periodsOf([reminder.id], clientIds);
  const clientOf = (id: Id<"Client">) => facts.reached(id)?.client;
  return futurePeriods(
    span,
    { reminder, sequence, following: sequenceOf(span, present), clientOf, known },
    assignments,
  );
}

/** When the last place on earth comes to it, where each recipient's own zone counts. */
function lastDue({ dueAt, localAt }: FutureMoment["occurrence"]): Date {
  return localAt === null ? dueAt : after(dueAt, ZONES_SPAN_MS);
}
