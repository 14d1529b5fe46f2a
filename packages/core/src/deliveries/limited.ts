import type { Business } from "../businesses/businesses.repo.ts";
import type { Client } from "../clients/clients.repo.ts";
import type { ContactRow } from "../clients/contacts.repo.ts";
import type { Reminder } from "../reminders/reminders.repo.ts";
import type { Verdict } from "./check-sendable.ts";
import type { Delivery } from "./deliveries.repo.ts";

/** What the limits of what one person gets ask of a message, whether it is made already or foreseen by the outbox. */
export interface Limited {
  readonly delivery: Pick<
    Delivery,
    "id" | "assignmentId" | "stepId" | "contactId" | "channel" | "dueAt" | "expiresAt" | "nextAt" | "urgent" | "tries"
  >;
  readonly context: {
    readonly business: Pick<Business, "timeZone" | "quietHours" | "sendWindows" | "dailyMessageAt" | "contactCap">;
    readonly reminder: Pick<Reminder, "priority" | "type" | "graceMs">;
    readonly client: Pick<Client, "timeZone">;
    readonly contact: Pick<ContactRow, "timeZone">;
  };
  readonly verdict: Verdict;
}

/** Whether the business limits what one person gets: then all of their messages count, and claims for them take turns. */
export function limitsPersons({
  contactCap,
  dailyMessageAt,
}: Pick<Business, "contactCap" | "dailyMessageAt">): boolean {
  return contactCap !== null || dailyMessageAt !== null;
}

const RANK = { high: 0, normal: 1, low: 2 } as const;

/** In the order in which they go: the more important first, then what was due first. */
export function byImportance(one: Limited, other: Limited): number {
  return (
    RANK[one.context.reminder.priority] - RANK[other.context.reminder.priority] ||
    one.delivery.dueAt.getTime() - other.delivery.dueAt.getTime() ||
    (placeOf(one) < placeOf(other) ? -1 : 1)
  );
}

/** By what it is about, which is the same before it is made and after. */
function placeOf({ delivery: { assignmentId, stepId, channel, id } }: Limited): string {
  return `${assignmentId} ${stepId} ${channel} ${id}`;
}

/** Messages by the person that they go to. */
export function byContact<One extends Pick<Limited, "delivery">>(rows: readonly One[]) {
  return Map.groupBy(rows, ({ delivery }) => delivery.contactId);
}
