import { assignClients, AssignClientsInput } from "@reminder-app/core/assignments/assign-clients";
import type { AssignmentWithNext } from "@reminder-app/core/assignments/next-message";
import { plan } from "@reminder-app/core/occurrences/plan";
import type { CreateReminderInput } from "@reminder-app/core/reminders/create-reminder";
import { type Reminder, reminderRepo } from "@reminder-app/core/reminders/reminders.repo";
import { DAY_MS, MINUTE_MS, after, latest } from "@reminder-app/platform/clock";
import type { Id } from "@reminder-app/platform/ids";
import type { z } from "zod";
import type { GivenBusiness } from "./given-business.ts";
import { deliveriesOf, occurrencesOf } from "./given-delivery.ts";

type Schedule = z.input<typeof CreateReminderInput>["schedule"];
type SequenceInput = Extract<Schedule, { kind: "sequence" }>;
type AssignmentInput = z.input<typeof AssignClientsInput>["assignments"][number];

const HORIZON_MS = MINUTE_MS;

/** A sequence in London of steps at nine in the morning, so many days from the due date. */
export function aSequence(days: readonly number[], more: Partial<SequenceInput> = {}): SequenceInput {
  const steps = days.map((day) => ({ id: day > 0 ? `t+${day}` : `t${day}`, days: day, time: "09:00" }));
  return { kind: "sequence", zone: "Europe/London", steps, ...more };
}

export interface GivenSequence {
  readonly shop: GivenBusiness;
  readonly reminder: Reminder;
  readonly assignment: AssignmentWithNext;
  readonly key: { readonly reminderId: Id<"Reminder">; readonly assignmentId: Id<"Assignment"> };
}

/** An active sequence with one client on it. */
export async function givenSequence(
  shop: GivenBusiness,
  schedule: SequenceInput,
  input: Partial<AssignmentInput> & { readonly reminder?: Partial<z.input<typeof CreateReminderInput>> } = {},
): Promise<GivenSequence> {
  const { reminder: wanted, ...given } = input;
  const reminder = await shop.reminder({ schedule, ...wanted });
  const clientId = given.clientId ?? (await shop.client()).id;
  const parsed = AssignClientsInput.parse({ assignments: [{ ...given, clientId }] });
  const [assignment] = await assignClients(shop.ctx, reminder.id, parsed);
  if (!assignment) throw new Error("Nobody was assigned");
  return { shop, reminder, assignment, key: { reminderId: reminder.id, assignmentId: assignment.id } };
}

/** Plan what is due now, as the reminder's timer and the sweep do. */
export async function planNow({ ctx }: Pick<GivenBusiness, "ctx">, id: Id<"Reminder">): Promise<void> {
  for await (const _queued of plan(ctx, id, HORIZON_MS));
}

/** Let days pass with a planner that runs whenever the reminder is due, as its timer rings. */
export async function passDays(shop: GivenBusiness, id: Id<"Reminder">, days: number): Promise<void> {
  const end = after(shop.clock.now(), days * DAY_MS);
  await planNow(shop, id);
  while (shop.clock.now() < end) {
    const { nextDueAt } = await reminderRepo(shop.ctx).get(id);
    const next = latest(nextDueAt ?? end, after(shop.clock.now(), MINUTE_MS));
    shop.clock.set(next < end ? next : end);
    await planNow(shop, id);
  }
}

/** What the ledger has of a sequence's steps, in the order of time: which, when, and what became of it. */
export async function stepsOf(shop: GivenBusiness, id: Id<"Reminder">): Promise<string[]> {
  const rows = await occurrencesOf(shop, id);
  return rows.map(({ slot, dueAt, state }) => `${slot.split(":").slice(3).join(":")} ${stamp(dueAt)} ${state}`);
}

/** When messages of a reminder are to go, in the order of time. */
export async function messagesOf(shop: GivenBusiness, id: Id<"Reminder">): Promise<string[]> {
  const rows = (await deliveriesOf(shop, id)).filter(({ state }) => state === "queued");
  return rows
    .map(({ stepId, dueAt }) => `${stepId} ${stamp(dueAt)}`)
    .toSorted((a, b) => timeOf(a).localeCompare(timeOf(b)));
}

const stamp = (at: Date) => at.toISOString().slice(0, 16);
const timeOf = (text: string) => text.split(" ")[1] ?? "";
