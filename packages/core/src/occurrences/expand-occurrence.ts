import type { Id } from "@reminder-app/platform/ids";
import { assignmentRepo, type Assignment } from "../assignments/assignments.repo.ts";
import { businessRepo } from "../businesses/businesses.repo.ts";
import { loadContacts } from "../clients/contact.ts";
import { type Ctx, inTransaction } from "../ctx.ts";
import { type NewDelivery } from "../deliveries/deliveries.repo.ts";
import { writeDeliveries } from "../deliveries/write-deliveries.ts";
import { decidedSendRepo, sendName } from "../outbox/decided-sends.repo.ts";
import { inForce } from "../reminders/plan-in-force.ts";
import { reminderRepo } from "../reminders/reminders.repo.ts";
import { type Moment, makeDeliveries } from "./make-deliveries.ts";
import { type Occurrence, occurrenceRepo } from "./occurrences.repo.ts";

/** A delivery that was made and waits for its moment. */
export type QueuedDelivery = Pick<NewDelivery, "id" | "channel"> & { readonly fence: number; readonly nextAt: Date };

export interface Expanded {
  readonly queued: readonly QueuedDelivery[];
  readonly finished: boolean;
}

const CHUNK = 500;

/**
 * Make the deliveries of the next chunk of an occurrence's clients, in one transaction. Call it until it is finished;
 * after a crash it goes on where it was.
 */
export async function expandNextChunk(ctx: Ctx, id: Id<"Occurrence">, reminderId: Id<"Reminder">): Promise<Expanded> {
  return inTransaction(ctx, async (tx) => {
    const reminder = await reminderRepo(tx).lock(reminderId);
    const occurrence = await occurrenceRepo(tx).lock(id);
    if (!occurrence || !isOpen(occurrence)) return { queued: [], finished: true };

    const assigned = await assignmentRepo(tx).lockOpen(reminderId, { cursor: occurrence.cursor, limit: CHUNK });
    const business = await businessRepo(tx).get();
    const moment = { business, reminder, occurrence, urgent: false };
    const rows = await deliveriesFor(tx, await dueForAll(tx, moment, assigned));
    await writeDeliveries(tx, business, rows);

    const finished = assigned.length < CHUNK;
    await occurrenceRepo(tx).update(id, {
      state: finished ? "expanded" : "expanding",
      cursor: assigned.at(-1)?.id ?? occurrence.cursor,
      updatedAt: tx.now(),
    });
    return { queued: rows.flatMap(toQueued), finished };
  });
}

function isOpen({ state }: Occurrence): boolean {
  return state === "planned" || state === "expanding";
}

/** An assignment, and what comes due for it. */
export interface Due {
  readonly assignment: Assignment;
  readonly moment: Moment;
}

/** One moment for many assignments, each with the plan that is in force for it. */
export async function dueForAll(tx: Ctx, moment: Moment, assigned: readonly Assignment[]): Promise<Due[]> {
  return (await inForce(tx, moment.reminder, assigned)).flatMap(({ reminder, assignments }) =>
    assignments.map((assignment) => ({ assignment, moment: { ...moment, reminder } })),
  );
}

/** What moments mean for the assignments that they are due for. Archived clients get nothing. */
export async function deliveriesFor(tx: Ctx, due: readonly Due[]): Promise<NewDelivery[]> {
  const ids = [...new Set(due.map(({ assignment }) => assignment.clientId))];
  const facts = new Map((await assignmentRepo(tx).clientFacts(ids)).map((row) => [row.id, row]));
  const contacts = await loadContacts(tx, [...facts.keys()]);
  const decided = await decidedSendRepo(tx).ofAssignments(due.map(({ assignment }) => assignment.id));
  return due.flatMap(({ assignment, moment }) => {
    const client = facts.get(assignment.clientId);
    if (!client) return [];
    return makeDeliveries(tx, moment, {
      assignment,
      client,
      contacts: contacts.get(client.id) ?? [],
      decision:
        decided.get(sendName({ assignmentId: assignment.id, slotKey: moment.occurrence.slotKey }))?.decision ?? null,
    });
  });
}

export function toQueued(row: NewDelivery): QueuedDelivery[] {
  return row.state === "queued" && row.nextAt
    ? [{ id: row.id, channel: row.channel, fence: row.fence, nextAt: row.nextAt }]
    : [];
}
