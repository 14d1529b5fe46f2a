import type { NeverChase } from "@reminder-app/db/schema/clients";
import type { HoldReason, ReminderStatus, StopRule } from "@reminder-app/db/schema/reminders";

/** What may keep messages back for a time, or for good, as the rows have it. */
export interface StandingFacts {
  readonly business: { readonly pausedAt: Date | null; readonly pausedUntil: Date | null };
  readonly reminder: {
    readonly status: ReminderStatus;
    readonly pausedUntil: Date | null;
    readonly stopRule: StopRule;
  };
  readonly client: {
    readonly pausedAt: Date | null;
    readonly pausedUntil: Date | null;
    readonly neverChase: NeverChase | null;
  };
  readonly assignment: {
    readonly hold: HoldReason | null;
    readonly heldAt: Date | null;
    readonly holdUntil: Date | null;
    readonly amount: number | null;
    readonly payingAt: Date | null;
  };
}

/** Holds are named as they are, but for a snooze, which is over and done as a reason. */
export const holdReasonCode = {
  promise: "promise",
  dispute: "dispute",
  not_applicable: "not_applicable",
  snooze: "snoozed",
  part_payment: "part_payment",
  says_paid: "says_paid",
  refunded: "refunded",
  bank_dispute: "bank_dispute",
} as const satisfies Record<HoldReason, string>;

export type PauseReason =
  | "business_paused"
  | "client_paused"
  | "paused"
  | "payment_on_its_way"
  | (typeof holdReasonCode)[keyof typeof holdReasonCode];

/** Why nothing goes. */
export type Standstill =
  /** Nothing will, unless the facts change. */
  | { readonly kind: "never"; readonly reason: NeverChase | "nothing_owed" }
  /** It ends at `until`, or where that is empty when a person ends it. */
  | { readonly kind: "pause"; readonly reason: PauseReason; readonly until: Date | null };

/**
 * What keeps messages back at the instant `at`; where several things do, the one that lasts longest. Planner, claim and
 * outbox ask the same question of the same facts, so it does not matter who ends a pause, or when. What began after
 * `begunBy` is left out.
 */
export function standstillAt(facts: StandingFacts, at: Date, begunBy = at): Standstill | undefined {
  const never = neverReason(facts);
  if (never) return { kind: "never", reason: never };
  return pausesOf(facts)
    .filter(({ from, until }) => (!from || (from <= at && from <= begunBy)) && (!until || until > at))
    .map(({ reason, until }) => ({ kind: "pause" as const, reason, until }))
    .reduce<Extract<Standstill, { kind: "pause" }> | undefined>(
      (longest, one) => (longest && !isLonger(one.until, longest.until) ? longest : one),
      undefined,
    );
}

/** Whether a reminder is paused at `at`: what comes due for all of its clients then is filed, and sent to none. */
export function isPausedAt(
  { status, pausedUntil }: Pick<StandingFacts["reminder"], "status" | "pausedUntil">,
  at: Date,
): boolean {
  return status === "paused" && (!pausedUntil || pausedUntil > at);
}

function neverReason({ reminder, client, assignment }: StandingFacts): NeverChase | "nothing_owed" | undefined {
  if (client.neverChase) return client.neverChase;
  return isNothingOwed(reminder, assignment) ? "nothing_owed" : undefined;
}

/** Whether a reminder to pay is about nothing. */
export function isNothingOwed(
  { stopRule }: Pick<StandingFacts["reminder"], "stopRule">,
  { amount }: Pick<StandingFacts["assignment"], "amount">,
): boolean {
  return stopRule === "paid" && amount === 0;
}

/** Since when a pause that stands, or is set at `now`, has stood. */
export function pausedSince({ pausedAt, pausedUntil }: StandingFacts["business"], now: Date): Date {
  return pausedAt && (!pausedUntil || pausedUntil > now) ? pausedAt : now;
}

interface Pause {
  readonly reason: PauseReason;
  readonly from: Date | null;
  readonly until: Date | null;
}

function pausesOf({ business, reminder, client, assignment }: StandingFacts): Pause[] {
  const pauses: Pause[] = [];
  if (business.pausedAt)
    pauses.push({ reason: "business_paused", from: business.pausedAt, until: business.pausedUntil });
  if (client.pausedAt) pauses.push({ reason: "client_paused", from: client.pausedAt, until: client.pausedUntil });
  if (reminder.status === "paused") pauses.push({ reason: "paused", from: null, until: reminder.pausedUntil });
  const { hold, heldAt, holdUntil, payingAt } = assignment;
  if (payingAt) pauses.push({ reason: "payment_on_its_way", from: payingAt, until: null });
  if (hold) pauses.push({ reason: holdReasonCode[hold], from: heldAt, until: holdUntil });
  return pauses;
}

function isLonger(one: Date | null, other: Date | null): boolean {
  return other !== null && (one === null || one > other);
}
