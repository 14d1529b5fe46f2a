import type { Id } from "@reminder-app/platform/ids";
import { formatCivilDate } from "@reminder-app/schedule/civil-date";
import { wallTimeIn } from "@reminder-app/schedule/zones";
import type { Assignment } from "../assignments/assignments.repo.ts";
import { type Business, businessRepo } from "../businesses/businesses.repo.ts";
import { type Client, clientRepo } from "../clients/clients.repo.ts";
import type { Ctx } from "../ctx.ts";
import { inForce } from "../reminders/plan-in-force.ts";
import type { PaymentRequest } from "../payments/payment-requests.repo.ts";
import type { Payment } from "../payments/payments.repo.ts";
import type { Reminder } from "../reminders/reminders.repo.ts";
import { clientFactRepo } from "./client-facts.repo.ts";
import { clientMomentRepo } from "./client-moments.repo.ts";
import type { TimelineEntry } from "./entry.ts";

/** What everything that is told of a client is told with. */
export interface ClientFile {
  readonly business: Business;
  readonly client: Client;
  /** The client, and those that were merged into it, whose history is told with it. */
  readonly all: ReadonlyMap<Id<"Client">, Client>;
  readonly assignments: readonly Assignment[];
  /** The reminder of each assignment, with the plan that is in force for it. */
  readonly reminders: ReadonlyMap<Id<"Assignment">, Reminder>;
  /** By id, also those who are archived. */
  readonly contacts: ReadonlyMap<Id<"Contact">, string>;
  /** What they were asked to pay, and what they paid. */
  readonly requests: readonly Pick<PaymentRequest, "id" | "title" | "reference" | "createdAt">[];
  readonly payments: readonly Pick<Payment, "id" | "createdAt">[];
}

/** Throws `not_found` for a client out of reach. */
export async function openFile(ctx: Ctx, clientId: Id<"Client">): Promise<ClientFile> {
  const client = await clientRepo(ctx).get(clientId);
  const all = new Map((await clientRepo(ctx).withMerged(clientId)).map((one) => [one.id, one]));
  const repo = clientMomentRepo(ctx, [...all.keys()]);
  const assignments = await repo.assignmentsOf();
  const byReminder = Map.groupBy(assignments, ({ reminderId }) => reminderId);
  const reminders = new Map<Id<"Assignment">, Reminder>();
  for (const present of await repo.remindersOf([...byReminder.keys()]))
    for (const { reminder, assignments: theirs } of await inForce(ctx, present, byReminder.get(present.id) ?? []))
      for (const { id } of theirs) reminders.set(id, reminder);
  const facts = clientFactRepo(ctx, [...all.keys()]);
  const contacts = await facts.contactsOf();
  return {
    business: await businessRepo(ctx).get(),
    client,
    all,
    assignments,
    reminders,
    contacts: new Map(contacts.map(({ id, name }) => [id, name])),
    requests: await facts.requestsOf(),
    payments: await facts.paymentsOf(),
  };
}

/** The zone in which times are told to who looks at a client. */
export function zoneOf({ client, business }: Pick<ClientFile, "client" | "business">): string {
  return client.timeZone ?? business.timeZone;
}

/** `4 January 2027 at 09:00`, on the client's clocks and in the business's language. */
export function localTime(file: Pick<ClientFile, "client" | "business">, at: Date): string {
  const [day = "", time] = wallTimeIn(zoneOf(file), at).split("T");
  return `${formatCivilDate(day, file.business.locale)} at ${time}`;
}

/** A reminder and, where it has one, the assignment's period, as a sentence names them. */
export function nameOf(reminder: Pick<Reminder, "name">, assignment?: Pick<Assignment, "period">): string {
  return assignment?.period ? `“${reminder.name}” (${assignment.period})` : `“${reminder.name}”`;
}

/** What an entry about an assignment says of it. */
export function aboutAssignment(
  { reminders }: Pick<ClientFile, "reminders">,
  { id, reminderId, period }: Assignment,
): Pick<TimelineEntry, "reminderId" | "reminderName" | "assignmentId" | "period"> {
  return {
    reminderId,
    reminderName: reminders.get(id)?.name ?? null,
    assignmentId: id,
    period: period === "" ? null : period,
  };
}
