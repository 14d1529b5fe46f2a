import { type HoldReason, closingFacts, holdReasons } from "@reminder-app/db/schema/reminders";
import { formatCivilDate } from "@reminder-app/schedule/civil-date";
import type { Client } from "../clients/clients.repo.ts";
import type { Ctx } from "../ctx.ts";
import { type ClientAnswer, clientAnswers } from "../links/open-work.ts";
import { holdReasonCode } from "../deliveries/standstill.ts";
import { type ReasonCode, reasons } from "../reasons.ts";
import { type Concern, DEEDS, type Deed, clientFactRepo } from "./client-facts.repo.ts";
import { type ClientFile, aboutAssignment, localTime, nameOf } from "./client-file.ts";
import { type Placed, type TimelineEntry, type TimelineKind, entryOf } from "./entry.ts";
import { moneyActions, moneyEntry } from "./money-deeds.ts";
import type { Window } from "./place.ts";

/** What was done, as a sentence goes on after the name of what it was done to. */
interface Wording {
  readonly kind: TimelineKind;
  readonly says: string | ((details: Deed["details"], file: ClientFile) => string);
  readonly reason?: (details: Deed["details"]) => ReasonCode | null;
}

const actions = (): string[] => [...Object.keys(wordings), ...moneyActions];

/** The deeds that concern a client, by their action in the audit trail. */
const wordings: Readonly<Record<string, Wording>> = {
  "assignment.changed": { kind: "assignment_changed", says: "was changed for this client" },
  "assignment.held": { kind: "held", says: "was held", reason: ({ reason }) => heldBecause(reason) },
  "assignment.released": { kind: "released", says: "went on after a hold" },
  "assignment.done": { kind: "closed", says: "was closed", reason: ({ because }) => closedBecause(because) },
  "assignment.answered": { kind: "answered", says: answered },
  "assignment.cancelled": { kind: "taken_off", says: "no longer reminds this client" },
  "assignment.reopened": { kind: "reopened", says: "reminds this client again" },
  "client.created": { kind: "client_created", says: "was added" },
  "client.changed": { kind: "client_changed", says: "was changed" },
  "client.paused": { kind: "client_paused", says: "was paused" },
  "client.resumed": { kind: "client_resumed", says: "went on after a pause" },
  "client.archived": { kind: "client_archived", says: "was archived" },
  "client.restored": { kind: "client_restored", says: "was taken out of the archive" },
  "client.merged": { kind: "client_merged", says: "took over all that another record of the same client had" },
  "client.tagged": { kind: "client_tagged", says: "got other tags" },
  "contact.created": { kind: "contact_created", says: "was added as a contact" },
  "contact.changed": { kind: "contact_changed", says: "was changed" },
  "contact.archived": { kind: "contact_archived", says: "was archived" },
  "reminder.changed": { kind: "reminder_changed", says: "was changed" },
  "reminder.activated": { kind: "reminder_activated", says: "was started" },
  "reminder.paused": { kind: "reminder_paused", says: "was paused" },
  "reminder.resumed": { kind: "reminder_resumed", says: "went on after a pause" },
  "reminder.cancelled": { kind: "reminder_cancelled", says: "was cancelled" },
  "business.paused": { kind: "business_paused", says: "paused all sending" },
  "business.resumed": { kind: "business_resumed", says: "went on sending" },
};

/** What the client said on their page. */
function answered({ answer, promised }: Deed["details"], { business }: ClientFile): string {
  const day = typeof promised === "string" ? formatCivilDate(promised, business.locale) : "later";
  const said: Readonly<Record<ClientAnswer, string>> = {
    done: "is done, the client said on their page",
    says_paid: "was paid another way, the client said on their page",
    promise: `will be done by ${day}, the client promised on their page`,
    not_applicable: "does not concern them, the client said on their page",
  };
  return clientAnswers.includes(answer as ClientAnswer) ? said[answer as ClientAnswer] : "was answered by the client";
}

function heldBecause(reason: unknown): ReasonCode | null {
  return holdReasons.includes(reason as HoldReason) ? holdReasonCode[reason as HoldReason] : null;
}

function closedBecause(because: unknown): ReasonCode | null {
  return closingFacts.find((fact) => fact === because) ?? null;
}

/** What people and programs did that concerns a client, while it did. */
export async function clientDeeds(ctx: Ctx, file: ClientFile, window: Window): Promise<Placed[]> {
  const concerns = concernsOf(file);
  const rows = await clientFactRepo(ctx, [...file.all.keys()]).deeds([...concerns.values()], actions(), window);
  return rows.flatMap((deed) => {
    const wording = wordings[deed.action];
    const entry = wording ? tell(file, deed, wording) : moneyEntry(file, deed);
    return entry ? [{ at: deed.at, key: `${DEEDS}${deed.id}`, entry }] : [];
  });
}

function concernsOf({
  business,
  client,
  all,
  assignments,
  contacts,
  requests,
  payments,
}: ClientFile): ReadonlyMap<string, Concern> {
  const concerns = new Map<string, Concern>();
  // The trail keeps real time, which has nothing to do with a test clock's.
  const add = (entityId: string, since: Date) =>
    concerns.set(entityId, { entityId, since: business.mode === "test" ? new Date(0) : since });
  for (const { id, createdAt } of all.values()) add(id, createdAt);
  add(business.id, client.createdAt);
  const since = new Date(Math.min(...[...all.values()].map(({ createdAt }) => createdAt.getTime())));
  for (const id of contacts.keys()) add(id, since);
  for (const { id, createdAt } of [...requests, ...payments]) add(id, createdAt);
  for (const { id, reminderId, createdAt } of assignments) {
    add(id, createdAt);
    const known = concerns.get(reminderId);
    if (!known || createdAt < known.since) add(reminderId, createdAt);
  }
  return concerns;
}

function tell(file: ClientFile, deed: Deed, { kind, says, reason }: Wording): TimelineEntry {
  const { name, ...about } = subjectOf(file, deed.entityId);
  const because = reason?.(deed.details) ?? null;
  const { until } = deed.details;
  const end = typeof until === "string" ? ` until ${localTime(file, new Date(until))}` : "";
  return entryOf({
    at: deed.at,
    kind,
    reason: because,
    sentence: `${name} ${typeof says === "string" ? says : says(deed.details, file)}${end}.${because ? ` ${reasons[because]}` : ""}`,
    by: deed.actor,
    ...about,
  });
}

function subjectOf(file: ClientFile, entityId: string): { name: string } & Partial<TimelineEntry> {
  const { all, contacts, business, assignments, reminders } = file;
  const known = all.get(entityId as Client["id"]);
  if (known) return { name: known.name };
  if (entityId === business.id) return { name: business.name };
  const contact = [...contacts].find(([id]) => id === entityId);
  if (contact) return { name: contact[1] };
  const own = assignments.find(({ id }) => id === entityId);
  const assignment = own ?? assignments.find(({ reminderId }) => reminderId === entityId);
  const reminder = assignment && reminders.get(assignment.id);
  if (!assignment || !reminder) return { name: "A reminder" };
  if (own) return { name: nameOf(reminder, own), ...aboutAssignment(file, own) };
  return { name: nameOf(reminder), reminderId: reminder.id, reminderName: reminder.name };
}
