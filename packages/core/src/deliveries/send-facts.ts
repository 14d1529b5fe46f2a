import type { SendDecision } from "@reminder-app/db/schema/deliveries";
import type { Assignment } from "../assignments/assignments.repo.ts";
import type { Business } from "../businesses/businesses.repo.ts";
import type { Client } from "../clients/clients.repo.ts";
import { recipientZone } from "../clients/recipient-zone.ts";
import type { ContactRow } from "../clients/contacts.repo.ts";
import { waitsForPerson } from "../outbox/waits-for-person.ts";
import type { Reminder } from "../reminders/reminders.repo.ts";
import type { SendFacts } from "./check-sendable.ts";
import type { Delivery } from "./deliveries.repo.ts";
import { besideChase, isReceiptSlot } from "./receipts.ts";
import type { StandingFacts } from "./standstill.ts";

/** The rows that decide about a send, as the claim reads them and as the outbox does. */
export interface Standing extends StandingFacts {
  readonly business: StandingFacts["business"] & Pick<Business, "status" | "timeZone" | "quietHours" | "sendWindows">;
  readonly reminder: StandingFacts["reminder"] & Pick<Reminder, "needsApproval">;
  readonly assignment: StandingFacts["assignment"] & Pick<Assignment, "state" | "closedBecause">;
  readonly client: StandingFacts["client"] & Pick<Client, "timeZone" | "archivedAt">;
  readonly contact: Pick<ContactRow, "timeZone" | "archived">;
  readonly slotKey: string;
  readonly suppression: SendFacts["suppression"];
  readonly decision: SendDecision | null;
}

/** What the claim asks of those rows. */
export function sendFacts(
  standing: Standing,
  { channel, urgent, expiresAt }: Pick<Delivery, "channel" | "urgent" | "expiresAt">,
  found: Pick<SendFacts, "testMode" | "hasAddress" | "countryAllowed">,
): SendFacts {
  const { business, reminder, assignment, client, contact, decision, slotKey } = standing;
  const isReceipt = isReceiptSlot(slotKey);
  return {
    ...found,
    businessActive: business.status === "active",
    reminderStatus: isReceipt ? "active" : reminder.status,
    assignmentState: isReceipt ? "open" : assignment.state,
    closedBecause: assignment.closedBecause,
    clientArchived: client.archivedAt !== null,
    contactArchived: contact.archived,
    suppression: standing.suppression,
    standing: isReceipt ? besideChase(standing) : standing,
    decision,
    waitsForPerson: waitsForPerson({ needsApproval: reminder.needsApproval, decision, slotKey }),
    openings: business,
    channel,
    zone: recipientZone(standing),
    urgent,
    expiresAt,
  };
}
