import { after, latest } from "@reminder-app/platform/clock";
import type { Id } from "@reminder-app/platform/ids";
import type { Sequence } from "@reminder-app/schedule/sequence";
import type { Assignment } from "../assignments/assignments.repo.ts";
import { blankAssignment } from "../assignments/blank-assignment.ts";
import type { Client } from "../clients/clients.repo.ts";
import { opensAt, periodAfter } from "../occurrences/next-period.ts";
import type { Reminder } from "../reminders/reminders.repo.ts";
import type { Span } from "./future-moments.ts";

/** A period of a client on a reminder. */
export type KnownPeriod = Pick<Assignment, "reminderId" | "clientId" | "period" | "dueOn">;

export interface PeriodQuestion {
  readonly reminder: Reminder;
  readonly sequence: Sequence;
  /** What the periods that are opened go by. */
  readonly following: Sequence | undefined;
  readonly clientOf: (id: Id<"Client">) => Client | undefined;
  /** All periods of these clients on the reminder. */
  readonly known: readonly KnownPeriod[];
}

/** No span that is asked about has more periods of one client. */
const MOST_PERIODS = 1_000;

/** The assignments that the planner will open up to `to` by the due rule, after `assignments`. Pure, by the planner's own rules. */
export function futurePeriods(span: Span, question: PeriodQuestion, assignments: readonly Assignment[]): Assignment[] {
  const { reminder } = question;
  if (!question.sequence.due || (reminder.status === "paused" && reminder.pausedUntil === null)) return [];
  const known = Map.groupBy(question.known, ({ clientId }) => clientId);
  return assignments.flatMap((assignment) => {
    const made: Assignment[] = [];
    let last: Assignment | undefined = assignment;
    while (last && made.length < MOST_PERIODS) {
      const periods = [...(known.get(assignment.clientId) ?? []), ...made];
      const sequence: Sequence | undefined = last === assignment ? question.sequence : question.following;
      last = sequence && nextPeriod(span, { ...question, sequence, known: periods }, last);
      if (last) made.push(last);
    }
    return made;
  });
}

function nextPeriod(
  { now, to }: Span,
  { sequence, clientOf, known }: PeriodQuestion,
  assignment: Assignment,
): Assignment | undefined {
  const { dueOn, nextOpened, state, nextAt } = assignment;
  const client = clientOf(assignment.clientId);
  if (!sequence.due || dueOn === null || nextOpened || state === "cancelled" || !client) return undefined;
  const next = periodAfter(sequence.due, client.facts, { ...assignment, dueOn });
  if (!next) return undefined;
  const opens = opensAt(sequence, { ...assignment, dueOn }, next);
  const looked = latest(opens, nextAt ?? now);
  if (looked > to) return undefined;
  const isFollowed = known.some((one) => one.dueOn !== null && one.dueOn > dueOn && one.dueOn <= next.dueOn);
  if (isFollowed || known.some(({ period }) => period === next.period)) return undefined;
  const { reminderId, clientId, amount, currency, overrides, businessId } = assignment;
  const at = latest(looked, now);
  return {
    ...blankAssignment({ reminderId, clientId, amount, currency, overrides, ...next }, at),
    businessId,
    nextAt: at,
    plannedThrough: after(looked, -1),
  };
}
