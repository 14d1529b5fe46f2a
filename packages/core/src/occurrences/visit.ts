import type { Id } from "@reminder-app/platform/ids";
import type { Sequence } from "@reminder-app/schedule/sequence";
import type { Assignment } from "../assignments/assignments.repo.ts";
import { type Business, businessRepo } from "../businesses/businesses.repo.ts";
import { type Client, clientRepo } from "../clients/clients.repo.ts";
import type { Ctx } from "../ctx.ts";
import { type Standstill, standstillAt } from "../deliveries/standstill.ts";
import { effectiveSchedule } from "../reminders/effective-schedule.ts";
import type { Reminder } from "../reminders/reminders.repo.ts";
import { type MomentsOf, rememberMoments } from "./remember-moments.ts";

/** What the planner knows when it looks at some assignments of a sequence. */
export interface Visit {
  readonly business: Business;
  readonly reminder: Reminder;
  readonly sequence: Sequence;
  /** Worked out once for all that share a due date. */
  readonly momentsOf: MomentsOf;
  /** Also those who are archived. */
  readonly clients: ReadonlyMap<Id<"Client">, Client>;
}

export async function startVisit(
  tx: Ctx,
  { reminder, schedule }: { reminder: Reminder; schedule: Sequence },
  assignments: readonly Pick<Assignment, "clientId">[],
): Promise<Visit> {
  const business = await businessRepo(tx).get();
  const clients = await clientRepo(tx).some([...new Set(assignments.map(({ clientId }) => clientId))]);
  const sequence = effectiveSchedule({ ...reminder, schedule }, business);
  return { business, reminder, sequence, momentsOf: rememberMoments(), clients };
}

/** What keeps messages of an assignment back at `now`. */
export function standstillOf(
  { business, reminder, clients }: Visit,
  assignment: Assignment,
  now: Date,
): Standstill | undefined {
  const client = clients.get(assignment.clientId);
  return client && standstillAt({ business, reminder, client, assignment }, now);
}
