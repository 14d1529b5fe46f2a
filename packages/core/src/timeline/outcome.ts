import type { AttemptState, DeliveryState } from "@reminder-app/db/schema/deliveries";
import type { Delivery } from "../deliveries/deliveries.repo.ts";
import type { Occurrence } from "../occurrences/occurrences.repo.ts";
import { type ReasonCode, isReasonCode } from "../reasons.ts";

/** Why something is as it is, and what a provider said of it. */
export interface Told {
  readonly reason: ReasonCode;
  readonly said: string | null;
}

/** What a state means where no reason of ours stands beside it. */
const byState = {
  queued: "to_come",
  sending: "being_sent",
  retry: "provider_busy",
  unknown: "outcome_unknown",
  held: "outcome_unknown",
  accepted: "sent",
  delivered: "delivered",
  read: "read",
  undelivered: "bounced",
  failed: "provider_refused",
  dead: "attempts_used_up",
  skipped: "no_address",
  expired: "too_late",
  cancelled: "assignment_cancelled",
} as const satisfies Record<DeliveryState, ReasonCode>;

/** States in which it did reach somebody, whatever was noted on the way. */
const arrived: ReadonlySet<DeliveryState> = new Set(["delivered", "read"]);

/** Why a delivery is in its state. What a provider said is told beside a code of ours. */
export function reasonOfDelivery({ state, reason }: Pick<Delivery, "state" | "reason">): Told {
  if (reason === null) return { reason: byState[state], said: null };
  if (isReasonCode(reason) && !arrived.has(state)) return { reason, said: null };
  if (reason.startsWith("template/")) return { reason: "text_lacks_field", said: null };
  return { reason: byState[state], said: isReasonCode(reason) ? null : reason };
}

/** From what went best to what went worst: the first of a client's messages tells what became of the moment. */
const best: readonly DeliveryState[] = [
  "read",
  "delivered",
  "accepted",
  "sending",
  "unknown",
  "queued",
  "retry",
  "held",
  "undelivered",
  "failed",
  "dead",
  "expired",
  "cancelled",
  "skipped",
];

const open: ReadonlySet<string> = new Set(["sending", "unknown", "queued", "retry", "held", "planned", "expanding"]);

/** What became of a moment for a client. */
export interface Outcome extends Told {
  readonly state: DeliveryState | Occurrence["state"];
  /** Nothing more will become of it by itself. */
  readonly final: boolean;
}

type Made = Pick<Delivery, "state" | "reason"> & {
  /** The message that carries its line, where one does. */
  readonly carrier: Pick<Delivery, "state" | "reason"> | null;
};

/** What is known of a client where a moment made no message for it. */
export interface Bystander {
  readonly archivedAt: Date | null;
  /** It was put on the reminder again after it had been taken off, or was done. */
  readonly cameBack: boolean;
}

/** What became of a moment for one client, from what was made of it for them. */
export function outcomeFor(
  occurrence: Pick<Occurrence, "state" | "reason" | "dueAt">,
  made: readonly Made[],
  client: Bystander,
): Outcome {
  const [first] = made.toSorted((one, other) => best.indexOf(one.state) - best.indexOf(other.state));
  const { state } = first ?? occurrence;
  const told = first ? reasonOfDelivery(first) : { reason: bareReason(occurrence, client), said: null };
  return { ...told, state, final: !open.has(first?.carrier?.state ?? state) };
}

/** Why a moment made no message for a client who was on the reminder. */
export function bareReason(
  { state, reason, dueAt }: Pick<Occurrence, "state" | "reason" | "dueAt">,
  { archivedAt, cameBack }: Bystander,
): ReasonCode {
  if (state === "planned" || state === "expanding") return "to_come";
  if (state !== "expanded" && state !== "settled" && reason !== null && isReasonCode(reason)) return reason;
  if (state === "missed") return "grace_over";
  if (state === "cancelled") return "reminder_cancelled";
  if (archivedAt && archivedAt <= dueAt) return "client_archived";
  return cameBack ? "not_open" : "no_contact";
}

/** What a call to a provider came to, in plain words. */
export const attemptSentences = {
  started: "The provider was being called.",
  accepted: "The provider took it.",
  refused: "The provider refused it.",
  throttled: "The provider could not take it at that moment.",
  unknown: "The call was cut off, so it is not known whether the provider took it.",
  absent: "It turned out that the provider never got it.",
} as const satisfies Record<AttemptState, string>;
