import { type Id, newId } from "@reminder-app/platform/ids";
import type { Assignment } from "./assignments.repo.ts";
import { noHold } from "./no-hold.ts";

type Given = Pick<Assignment, "reminderId" | "clientId" | "period" | "dueOn" | "amount" | "currency" | "overrides">;

/** An open assignment that nothing has happened to yet. */
export function blankAssignment(given: Given, now: Date): Omit<Assignment, "businessId"> {
  return {
    ...given,
    id: newId<"Assignment">() satisfies Id<"Assignment">,
    state: "open",
    replacedSlot: null,
    round: 1,
    planRevision: null,
    nextAt: null,
    plannedThrough: null,
    nextOpened: false,
    paymentRequestId: null,
    payingAt: null,
    tagRuleId: null,
    calendarSequence: 0,
    ...noHold,
    closedBecause: null,
    closedAt: null,
    createdAt: now,
    updatedAt: now,
  };
}
