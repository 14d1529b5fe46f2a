import { HOUR_MS, after } from "@reminder-app/platform/clock";
import { AppError } from "@reminder-app/platform/errors";
import { type Id, newId } from "@reminder-app/platform/ids";
import { nextSlot } from "@reminder-app/schedule/slots";
import { z } from "zod";
import { type Assignment, assignmentRepo } from "../assignments/assignments.repo.ts";
import { recordAudit } from "../audit/record-audit.ts";
import { type Business, businessRepo } from "../businesses/businesses.repo.ts";
import { type Ctx, inTransaction, requireAllClients, requireRole } from "../ctx.ts";
import { type NewDelivery } from "../deliveries/deliveries.repo.ts";
import { deliveryRowsRepo } from "../deliveries/delivery-rows.repo.ts";
import { writeDeliveries } from "../deliveries/write-deliveries.ts";
import { effectiveSchedule } from "../reminders/effective-schedule.ts";
import { inForce } from "../reminders/plan-in-force.ts";
import { type Reminder, reminderRepo } from "../reminders/reminders.repo.ts";
import { type QueuedDelivery, deliveriesFor, dueForAll, toQueued } from "./expand-occurrence.ts";
import type { Occurrence } from "./occurrences.repo.ts";
import { occurrenceRepo } from "./occurrences.repo.ts";
import { nextStep, stepSlotKey } from "./plan-assignment.ts";
import { slotKeyOf } from "./plan-reminder.ts";
import { sentSlots } from "./sent-slots.ts";

const MOST = 1_000;
/** A client who was messaged within this time is not messaged by hand again without a second thought. */
const RECENT_MS = 12 * HOUR_MS;

export const SendNowInput = z.strictObject({
  clientIds: z.array(z.uuid()).min(1).max(MOST).optional().describe("Whom; everyone who is assigned when left out"),
  replaceNext: z.boolean().default(false).describe("Count it as the next moment, which is then skipped for them"),
  evenIfRecent: z.boolean().default(false).describe("Also to clients who got a message in the last 12 hours"),
  evenInQuietHours: z.boolean().default(false).describe("At once, also within quiet hours; for admins"),
});

export interface ClientOutcome {
  readonly clientId: Id<"Client">;
  readonly outcome: "queued" | "skipped" | "not_assigned";
  readonly reason?: string;
  readonly deliveryIds: readonly Id<"Delivery">[];
}

export interface SentNow {
  readonly occurrenceId: Id<"Occurrence">;
  readonly countsAsNext: boolean;
  readonly clients: readonly ClientOutcome[];
  readonly queued: readonly QueuedDelivery[];
}

/**
 * Send a reminder by hand, beside its schedule. Throws `recently_messaged` when a client got a message in the last
 * 12 hours and `evenIfRecent` is not set; then nothing is sent to anyone.
 */
export async function sendNow(
  ctx: Ctx,
  reminderId: Id<"Reminder">,
  input: z.output<typeof SendNowInput>,
): Promise<SentNow> {
  requireRole(ctx, input.evenInQuietHours ? "admin" : "staff", "send within quiet hours");
  if (!input.clientIds) requireAllClients(ctx, "send a reminder to all its clients; or name yours in clientIds");
  return inTransaction(ctx, async (tx) => {
    const reminder = await reminderRepo(tx).lock(reminderId);
    if (reminder.status !== "active" && reminder.status !== "completed") {
      throw new AppError("conflict", `A reminder that is ${reminder.status} cannot be sent; activate it first`);
    }
    const assigned = await requireAssigned(tx, reminderId, input.clientIds as Id<"Client">[] | undefined);
    const open = assigned.filter(({ state }) => state === "open");
    if (!input.evenIfRecent) await refuseRecent(tx, open);

    const occurrence = await writeOccurrence(tx, reminder);
    const business = await businessRepo(tx).get();
    const moment = { business, reminder, occurrence, urgent: input.evenInQuietHours };
    const rows = await deliveriesFor(tx, await dueForAll(tx, [{ moment, assigned: open }]));
    await writeDeliveries(tx, business, rows);
    const countsAsNext = input.replaceNext && (await replaceNext(tx, reminder, open));
    await recordAudit(tx, "reminder.sent_by_hand", {
      entityId: reminderId,
      occurrenceId: occurrence.id,
      count: open.length,
    });
    return {
      occurrenceId: occurrence.id,
      countsAsNext,
      clients: outcomes(input.clientIds as Id<"Client">[] | undefined, assigned, rows),
      queued: rows.flatMap(toQueued),
    };
  });
}

async function requireAssigned(
  tx: Ctx,
  reminderId: Id<"Reminder">,
  clientIds: readonly Id<"Client">[] | undefined,
): Promise<Assignment[]> {
  if (clientIds) return assignmentRepo(tx).existing(reminderId, clientIds);
  const keys = await assignmentRepo(tx).openKeys([reminderId], { cursor: null, limit: MOST + 1 });
  const all = await assignmentRepo(tx).lockOpen(keys.map(({ id }) => id));
  if (all.length === 0) throw new AppError("conflict", "No client is assigned to this reminder");
  if (keys.length <= MOST) return all;
  throw new AppError(
    "validation_failed",
    `More than ${MOST} clients are assigned; name up to ${MOST} clientIds at a time`,
  );
}

async function refuseRecent(tx: Ctx, open: readonly Assignment[]): Promise<void> {
  if (open.length === 0) return;
  const since = after(tx.now(), -RECENT_MS);
  const recent = await deliveryRowsRepo(tx).messagedSince(
    open.map(({ clientId }) => clientId),
    { since, now: tx.now() },
  );
  if (recent.length === 0) return;
  const issues = recent.map((id) => ({
    field: "clientIds",
    message: `client ${id} got a message in the last 12 hours`,
  }));
  const remedy = "set evenIfRecent to send all the same";
  throw new AppError(
    "recently_messaged",
    `${recent.length} of the clients got a message in the last 12 hours; ${remedy}`,
    { issues },
  );
}

async function writeOccurrence(tx: Ctx, reminder: Reminder): Promise<Occurrence> {
  const now = tx.now();
  const id = newId<"Occurrence">();
  const occurrence = {
    id,
    reminderId: reminder.id,
    slotKey: `M:${id}`,
    assignmentId: null,
    stepId: null,
    localAt: null,
    state: "expanded" as const,
    reason: null,
    dueAt: now,
    expiresAt: after(now, reminder.graceMs),
    cursor: null,
    createdAt: now,
    updatedAt: now,
  };
  await occurrenceRepo(tx).insertNew([occurrence]);
  return { ...occurrence, businessId: tx.businessId };
}

/** Skip the next moment that is not planned yet for these clients. False when there is none. */
async function replaceNext(tx: Ctx, reminder: Reminder, open: readonly Assignment[]): Promise<boolean> {
  const business = await businessRepo(tx).get();
  if (reminder.schedule.kind === "sequence") return replaceNextSteps(tx, { reminder, business }, open);
  const schedule = effectiveSchedule({ ...reminder, schedule: reminder.schedule }, business);
  const slot = reminder.nextDueAt && nextSlot(schedule, after(reminder.nextDueAt, -1));
  if (!slot || open.length === 0) return false;
  await assignmentRepo(tx).setReplacedSlot(
    open.map(({ id }) => id),
    slotKeyOf(reminder, slot),
  );
  return true;
}

/** The same for a sequence: each client's own next step. */
async function replaceNextSteps(
  tx: Ctx,
  { reminder: present, business }: { reminder: Reminder; business: Business },
  open: readonly Assignment[],
): Promise<boolean> {
  const sent = await sentSlots(tx, open);
  let replaced = false;
  for (const { reminder, assignments } of await inForce(tx, present, open)) {
    const sequence = effectiveSchedule(reminder, business);
    for (const assignment of assignments) {
      const next = sequence.kind === "sequence" && nextStep(sequence, assignment, { now: tx.now(), sent });
      if (!next) continue;
      await assignmentRepo(tx).setReplacedSlot([assignment.id], stepSlotKey(assignment, next));
      replaced = true;
    }
  }
  return replaced;
}

function outcomes(
  asked: readonly Id<"Client">[] | undefined,
  assigned: readonly Assignment[],
  rows: readonly NewDelivery[],
): ClientOutcome[] {
  const byClient = Map.groupBy(rows, ({ clientId }) => clientId);
  const states = new Map(assigned.map(({ clientId, state }) => [clientId, state]));
  return (asked ?? [...states.keys()]).map((clientId): ClientOutcome => {
    const state = states.get(clientId);
    const made = byClient.get(clientId) ?? [];
    const queued = made.filter((row) => row.state === "queued");
    if (queued.length > 0) return { clientId, outcome: "queued", deliveryIds: queued.map(({ id }) => id) };
    if (state === undefined)
      return { clientId, outcome: "not_assigned", reason: "assign the client first", deliveryIds: [] };
    const reason = state === "open" ? (made[0]?.reason ?? "no_contact") : `assignment_${state}`;
    return { clientId, outcome: "skipped", reason, deliveryIds: [] };
  });
}
