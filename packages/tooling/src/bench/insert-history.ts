import type { Ctx } from "@reminder-app/core/ctx";
import { newPaymentRequest } from "@reminder-app/core/payments/new-payment-request";
import { CreateReminderInput, createReminder } from "@reminder-app/core/reminders/create-reminder";
import { insertRows } from "@reminder-app/db/bulk";
import { contacts } from "@reminder-app/db/schema/clients";
import { type DeliveryState, deliveries, occurrences } from "@reminder-app/db/schema/deliveries";
import { paymentRequests, payments } from "@reminder-app/db/schema/payments";
import { assignments } from "@reminder-app/db/schema/reminders";
import { DAY_MS, HOUR_MS, after } from "@reminder-app/platform/clock";
import { type Id, newId } from "@reminder-app/platform/ids";
import { and, eq, inArray } from "drizzle-orm";
import { paragraph, subject } from "./texts.ts";

const REMINDERS = 20;
const CLIENTS = 200;
const DAYS = 355;
const AT_ONCE = 4_000;
/** What becomes of messages: most arrive. */
const outcomes: readonly (readonly [DeliveryState, string | null])[] = [
  ...Array.from({ length: 14 }, () => ["delivered", null] as const),
  ["accepted", null],
  ["undelivered", "bounced"],
  ["failed", "smtp/550"],
  ["skipped", "opted_out"],
  ["cancelled", "done"],
  ["cancelled", "paid"],
];

interface History {
  readonly clientIds: readonly Id<"Client">[];
  readonly deliveries: number;
  readonly log: (line: string) => void;
}

/** A year of messages of one business, written as they would stand: 20 reminders, 200 clients, three of four done soon. */
export async function insertHistory(
  ctx: Ctx,
  { clientIds, deliveries: wanted, log }: History,
): Promise<{ reminderId: Id<"Reminder">; clientId: Id<"Client"> }> {
  const people = await contactsOf(ctx, clientIds.slice(0, CLIENTS));
  const moments = Math.ceil(wanted / (REMINDERS * people.length));
  let last: Id<"Reminder"> | undefined;
  for (let reminder = 0; reminder < REMINDERS; reminder += 1) {
    last = await insertReminder(ctx, reminder);
    for (let moment = 0; moment < moments; moment += 1) {
      const at = after(ctx.now(), -Math.floor(((moment + 1) / moments) * DAYS * DAY_MS) + (reminder % 9) * HOUR_MS);
      await insertMoment(ctx, { reminderId: last, at, people, seed: reminder * moments + moment });
    }
    log(`T10: wrote ${(reminder + 1) * moments * people.length} of ${wanted} deliveries`);
  }
  await insertRequests(ctx, people);
  const [first] = people;
  if (!last || !first) throw new Error("There are no clients to write a history of");
  return { reminderId: last, clientId: first.clientId };
}

type Person = Awaited<ReturnType<typeof contactsOf>>[number];

async function contactsOf({ db, businessId }: Ctx, clientIds: readonly Id<"Client">[]) {
  return db
    .select({ clientId: contacts.clientId, contactId: contacts.id })
    .from(contacts)
    .where(and(eq(contacts.businessId, businessId), inArray(contacts.clientId, [...clientIds])));
}

async function insertReminder(ctx: Ctx, index: number): Promise<Id<"Reminder">> {
  const input = CreateReminderInput.parse({
    name: `Reminder ${index}`,
    type: index % 2 === 0 ? "deadline" : "document",
    schedule: { kind: "recurring", start: "2024-01-01T09:00", zone: "Europe/London", rule: "FREQ=DAILY" },
    channels: ["email"],
    subject,
    body: paragraph,
  });
  return (await createReminder(ctx, input, new Map())).id;
}

interface Moment {
  readonly reminderId: Id<"Reminder">;
  readonly at: Date;
  readonly people: readonly Person[];
  readonly seed: number;
}

async function insertMoment(ctx: Ctx, { reminderId, at, people, seed }: Moment): Promise<void> {
  const { db, businessId } = ctx;
  const occurrenceId = newId<"Occurrence">();
  const slotKey = `S:${at.toISOString().slice(0, 10)}-${seed}`;
  const times = { dueAt: at, expiresAt: after(at, DAY_MS), createdAt: at, updatedAt: at };
  const occurrence = { businessId, id: occurrenceId, reminderId, slotKey, state: "expanded" as const, ...times };
  await db.execute(insertRows(occurrences, [occurrence]));
  const work = people.map(({ clientId, contactId }, index) => {
    const isDone = (seed + index) % 4 > 0;
    const closedAt = isDone ? after(at, (1 + ((seed * 7 + index) % 100)) * HOUR_MS) : null;
    return { assignmentId: newId<"Assignment">(), clientId, contactId, closedAt, index };
  });
  const common = {
    businessId,
    reminderId,
    round: 1,
    nextOpened: false,
    calendarSequence: 0,
    createdAt: at,
    updatedAt: at,
  };
  const open = work.map(({ assignmentId, clientId, closedAt }) => ({
    ...common,
    id: assignmentId,
    clientId,
    period: `${seed}`,
    dueOn: at.toISOString().slice(0, 10),
    state: closedAt ? ("done" as const) : ("cancelled" as const),
    closedBecause: closedAt ? ("done" as const) : null,
    closedAt,
  }));
  const sent = work.map(({ assignmentId, clientId, contactId, index }) => {
    const [state, reason] = outcomes[(seed * 31 + index) % outcomes.length] ?? ["delivered", null];
    const wasTaken = state === "delivered" || state === "accepted" || state === "undelivered";
    return {
      businessId,
      id: newId<"Delivery">(),
      occurrenceId,
      reminderId,
      assignmentId,
      clientId,
      contactId,
      channel: (["email", "sms", "whatsapp"] as const)[index % 3] ?? "email",
      state,
      reason,
      hop: 0,
      fence: 1,
      tries: 1,
      crashes: 0,
      acceptedAt: wasTaken ? after(at, 2_000) : null,
      ...times,
    };
  });
  for (let from = 0; from < work.length; from += AT_ONCE) {
    await db.execute(insertRows(assignments, open.slice(from, from + AT_ONCE)));
    await db.execute(insertRows(deliveries, sent.slice(from, from + AT_ONCE)));
  }
}

const REQUESTS = 20_000;

/** What clients were asked to pay in that year: every other request is paid in full by one transfer. */
async function insertRequests(ctx: Ctx, people: readonly Person[]): Promise<void> {
  const { businessId, db } = ctx;
  const asked = Array.from({ length: REQUESTS }, (_, index) => {
    const now = after(ctx.now(), -((index % DAYS) + 1) * DAY_MS);
    const clientId = people[index % people.length]?.clientId ?? newId<"Client">();
    const given = { clientId, title: "Fee", items: [{ description: "Fee", amount: 12_000 }], currency: "GBP" };
    const request = newPaymentRequest({ ...given, dueOn: dayOf(now) }, { business: { paymentPolicy: null }, now });
    const paidAt = index % 2 === 0 ? after(now, (index % 20) * DAY_MS) : null;
    return { ...request, businessId, ...(paidAt && { paidAt, paid: request.total, state: "paid" as const }) };
  });
  const paid = asked.flatMap(({ clientId, paidAt, paid: amount }) =>
    paidAt === null
      ? []
      : [
          {
            businessId,
            id: newId<"Payment">(),
            clientId,
            method: "bank" as const,
            currency: "GBP",
            amount,
            refunded: 0,
            disputed: 0,
            disputeOpen: false,
            state: "succeeded" as const,
            receivedOn: dayOf(paidAt),
            recordedBy: "system:bench",
            createdAt: paidAt,
            updatedAt: paidAt,
          },
        ],
  );
  for (let from = 0; from < asked.length; from += AT_ONCE)
    await db.execute(insertRows(paymentRequests, asked.slice(from, from + AT_ONCE)));
  for (let from = 0; from < paid.length; from += AT_ONCE)
    await db.execute(insertRows(payments, paid.slice(from, from + AT_ONCE)));
}

function dayOf(at: Date): string {
  return at.toISOString().slice(0, 10);
}
