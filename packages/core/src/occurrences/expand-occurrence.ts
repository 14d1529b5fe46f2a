import type { Id } from "@reminder-app/platform/ids";
import { assignmentRepo, type Assignment } from "../assignments/assignments.repo.ts";
import { businessRepo } from "../businesses/businesses.repo.ts";
import { loadContacts } from "../clients/contact.ts";
import type { Ctx } from "../ctx.ts";
import { type NewDelivery } from "../deliveries/deliveries.repo.ts";
import { writeDeliveries } from "../deliveries/write-deliveries.ts";
import { decidedSendRepo, sendName } from "../outbox/decided-sends.repo.ts";
import { inForceForAll } from "../reminders/plan-in-force.ts";
import type { Reminder } from "../reminders/reminders.repo.ts";
import { type Moment, makeDeliveries } from "./make-deliveries.ts";
import { type Occurrence, occurrenceRepo } from "./occurrences.repo.ts";

/** A delivery that was made and waits for its moment. */
export type QueuedDelivery = Pick<NewDelivery, "id" | "channel"> & { readonly fence: number; readonly nextAt: Date };

/** A moment that is planned, and whose deliveries are not all made. */
export interface OpenMoment {
  readonly reminder: Reminder;
  readonly occurrence: Occurrence;
}

export interface Expanded {
  /** By reminder. */
  readonly queued: ReadonlyMap<Id<"Reminder">, readonly QueuedDelivery[]>;
  /** Those of which no delivery is left to be made. */
  readonly finished: ReadonlySet<Id<"Occurrence">>;
}

const CHUNK = 500;

/**
 * Make the next deliveries of some moments, no two of one reminder: as many as one transaction should make. Call it with
 * the reminders' rows locked, until all are finished; after a crash it goes on where it was.
 */
export async function expandNextChunk(tx: Ctx, open: readonly OpenMoment[]): Promise<Expanded> {
  if (open.length === 0) return { queued: new Map(), finished: new Set() };
  const { parts, assigned } = await nextChunk(tx, open);
  const business = await businessRepo(tx).get();
  const due = parts.map(({ moment, ids }) => ({
    moment: { ...moment, business, urgent: false },
    assigned: ids.flatMap((id) => assigned.get(id) ?? []),
  }));
  const rows = await deliveriesFor(tx, await dueForAll(tx, due));
  await writeDeliveries(tx, business, rows);
  const finished = await moveCursors(tx, parts);
  const queued = Map.groupBy(rows, ({ reminderId }) => reminderId);
  return { queued: new Map([...queued].map(([id, made]) => [id, made.flatMap(toQueued)])), finished };
}

/** What of a moment comes in a chunk. */
interface Part {
  readonly moment: OpenMoment;
  readonly ids: readonly Id<"Assignment">[];
  readonly isLast: boolean;
}

interface Chunk {
  readonly parts: readonly Part[];
  /** Those that are open still, locked. */
  readonly assigned: ReadonlyMap<Id<"Assignment">, Assignment>;
}

async function nextChunk(tx: Ctx, open: readonly OpenMoment[]): Promise<Chunk> {
  const cursors = open.map(({ occurrence }) => occurrence.cursor ?? "");
  const cursor = cursors.reduce((least, one) => (one < least ? one : least));
  const keys = await assignmentRepo(tx).openKeys(
    open.map(({ reminder }) => reminder.id),
    { cursor: cursor === "" ? null : cursor, limit: CHUNK },
  );
  const reached = keys.length < CHUNK ? undefined : keys.at(-1)?.reminderId;
  const byReminder = Map.groupBy(keys, ({ reminderId }) => reminderId);
  const parts = open.map(({ reminder, occurrence }): Part => {
    const after = (byReminder.get(reminder.id) ?? []).filter(({ id }) => id > (occurrence.cursor ?? ""));
    const isLast = reached === undefined || reminder.id < reached;
    return { moment: { reminder, occurrence }, ids: after.map(({ id }) => id), isLast };
  });
  const locked = await assignmentRepo(tx).lockOpen(parts.flatMap(({ ids }) => ids));
  return { parts, assigned: new Map(locked.map((row) => [row.id, row])) };
}

/** Write how far each moment has come. Answers with those that are finished. */
async function moveCursors(tx: Ctx, parts: readonly Part[]): Promise<ReadonlySet<Id<"Occurrence">>> {
  const updatedAt = tx.now();
  const finished = parts.filter(({ isLast }) => isLast).map(({ moment }) => moment.occurrence.id);
  await occurrenceRepo(tx).updateMany(finished, { state: "expanded", updatedAt });
  for (const { moment, ids, isLast } of parts) {
    const cursor = ids.at(-1);
    if (isLast || cursor === undefined) continue;
    await occurrenceRepo(tx).update(moment.occurrence.id, { state: "expanding", cursor, updatedAt });
  }
  return new Set(finished);
}

/** An assignment, and what comes due for it. */
export interface Due {
  readonly assignment: Assignment;
  readonly moment: Moment;
}

/** Moments for the assignments that they come due for, each with the plan that is in force for it. No two moments of one reminder. */
export async function dueForAll(
  tx: Ctx,
  all: readonly { readonly moment: Moment; readonly assigned: readonly Assignment[] }[],
): Promise<Due[]> {
  const moments = new Map(all.map(({ moment }) => [moment.reminder.id, moment]));
  const groups = await inForceForAll(
    tx,
    all.map(({ moment: { reminder }, assigned }) => ({ reminder, assignments: assigned })),
  );
  return groups.flatMap(({ reminder, assignments }) => {
    const moment = moments.get(reminder.id);
    return moment ? assignments.map((assignment) => ({ assignment, moment: { ...moment, reminder } })) : [];
  });
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
