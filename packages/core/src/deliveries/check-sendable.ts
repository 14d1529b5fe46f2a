import type { SuppressionReason } from "@reminder-app/db/schema/consent";
import type { SendDecision } from "@reminder-app/db/schema/deliveries";
import type { AssignmentState, ClosingFact, ReminderStatus } from "@reminder-app/db/schema/reminders";
import type { ChannelKind } from "@reminder-app/platform/channel-kinds";
import { suppressedReason } from "../consent/suppressed-reason.ts";
import type { StaffReason } from "../outbox/waits-for-person.ts";
import { type OpeningRules, openingFor } from "./opening.ts";
import type { ReasonCode } from "../reasons.ts";
import { type StandingFacts, standstillAt } from "./standstill.ts";

/** What the ledger says at the moment of a claim. */
export interface SendFacts {
  readonly businessActive: boolean;
  /** It is of a test business, and the provider is a real one: nothing leaves. */
  readonly testMode: boolean;
  readonly reminderStatus: ReminderStatus;
  readonly assignmentState: AssignmentState;
  /** What ended the chase, where the assignment is done. */
  readonly closedBecause: ClosingFact | null;
  readonly clientArchived: boolean;
  readonly contactArchived: boolean;
  readonly hasAddress: boolean;
  /** What stands against the address now. */
  readonly suppression: SuppressionReason | null;
  /** Pauses, holds, and what is never chased. */
  readonly standing: StandingFacts;
  /** What staff decided about this send. */
  readonly decision: SendDecision | null;
  /** Why it waits for a person. */
  readonly waitsForPerson: StaffReason | undefined;
  /** The business writes to numbers of the address's country. */
  readonly countryAllowed: boolean;
  /** When the business lets messages go. */
  readonly openings: OpeningRules;
  readonly channel: ChannelKind;
  /** The recipient's zone: contact, client, business, in this order. */
  readonly zone: string;
  readonly urgent: boolean;
  readonly expiresAt: Date;
}

export type Verdict =
  | { readonly kind: "send" }
  | { readonly kind: "stop"; readonly state: "cancelled" | "skipped" | "expired"; readonly reason: ReasonCode }
  | {
      readonly kind: "wait";
      readonly until: Date;
      readonly reason: ReasonCode;
      /** Where it may wait for longer than it might before. */
      readonly expiresAt?: Date;
    };

/** Whether a delivery may go at this moment; checked in the step that hands over to the provider. */
export function checkSendable(facts: SendFacts, now: Date): Verdict {
  return stopOf(facts, now) ?? waitOf(facts, now) ?? (facts.testMode ? stop("skipped", "test_mode") : { kind: "send" });
}

function stopOf(facts: SendFacts, now: Date): Verdict | undefined {
  if (!facts.businessActive) return stop("skipped", "business_suspended");
  if (facts.reminderStatus === "cancelled") return stop("cancelled", "reminder_cancelled");
  if (facts.assignmentState === "done") return stop("cancelled", facts.closedBecause ?? "done");
  // What is exhausted has no more to plan; its last messages end by their own expiry, for their own reasons.
  if (facts.assignmentState === "cancelled") return stop("cancelled", "assignment_cancelled");
  if (facts.clientArchived) return stop("cancelled", "client_archived");
  if (facts.contactArchived) return stop("cancelled", "contact_archived");
  const still = standstillAt(facts.standing, now);
  if (still?.kind === "never") return stop("skipped", still.reason);
  if (facts.decision === "skip") return stop("skipped", "skipped_by_staff");
  if (now >= facts.expiresAt) return stop("expired", facts.waitsForPerson ?? still?.reason ?? "too_late");
  if (!facts.hasAddress) return stop("skipped", "no_address");
  if (facts.suppression) return stop("skipped", suppressedReason(facts.suppression));
  if (!facts.countryAllowed) return stop("skipped", "country_not_allowed");
  return undefined;
}

function waitOf(facts: SendFacts, now: Date): Verdict | undefined {
  const still = standstillAt(facts.standing, now);
  if (still?.kind === "pause")
    return { kind: "wait", until: earlier(still.until, facts.expiresAt), reason: still.reason };
  if (facts.waitsForPerson) return { kind: "wait", until: facts.expiresAt, reason: facts.waitsForPerson };
  if (facts.urgent) return undefined;
  const opening = openingFor(facts.openings, facts, now);
  if (opening && !opening.closedBy) return undefined;
  if (opening?.closedBy && opening.at < facts.expiresAt)
    return { kind: "wait", until: opening.at, reason: opening.closedBy };
  return stop("skipped", opening?.closedBy === "quiet_hours" ? "quiet_hours_expired" : "window_expired");
}

/** A person may end a pause before its time, so a message waits as long as it may. */
function earlier(until: Date | null, expiresAt: Date): Date {
  return until && until < expiresAt ? until : expiresAt;
}

function stop(state: "cancelled" | "skipped" | "expired", reason: ReasonCode): Verdict {
  return { kind: "stop", state, reason };
}
