import type { Id } from "@reminder-app/platform/ids";
import type { Sequence } from "@reminder-app/schedule/sequence";
import type { Assignment } from "../assignments/assignments.repo.ts";
import { type Business, businessRepo } from "../businesses/businesses.repo.ts";
import { type Client, clientRepo } from "../clients/clients.repo.ts";
import type { Ctx } from "../ctx.ts";
import { type Standstill, standstillAt } from "../deliveries/standstill.ts";
import { effectiveSchedule } from "../reminders/effective-schedule.ts";
import type { Reminder } from "../reminders/reminders.repo.ts";

/** What the planner knows when it looks at some assignments of a sequence. */
export interface Visit {
  readonly business: Business;
  readonly reminder: Reminder;
  readonly sequence: Sequence;
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
  return { business, reminder, sequence: effectiveSchedule({ ...reminder, schedule }, business), clients };
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
