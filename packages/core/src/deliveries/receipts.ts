import type { Id } from "@reminder-app/platform/ids";
import type { StandingFacts } from "./standstill.ts";

/** Stands where other messages have their step; none can be named so. */
export const RECEIPT_STEP = "(receipt)";

const PREFIX = "R:";

/** The moment at which a client is thanked for a payment. Of each payment there is one, so the client is thanked once. */
export function receiptSlot(id: Id<"Payment">): string {
  return `${PREFIX}${id}`;
}

/** Which payment a moment thanks for; undefined of all other moments. */
export function paymentOfSlot(slotKey: string): Id<"Payment"> | undefined {
  return isReceiptSlot(slotKey) ? (slotKey.slice(PREFIX.length) as Id<"Payment">) : undefined;
}

export function isReceiptSlot(slotKey: string): boolean {
  return slotKey.startsWith(PREFIX);
}

/** What keeps a receipt back: it is no chase, so that the chase has ended, is held or paused does not concern it. */
export function besideChase<Facts extends Pick<StandingFacts, "reminder" | "assignment">>(facts: Facts): Facts {
  return {
    ...facts,
    reminder: { ...facts.reminder, status: "active", pausedUntil: null, stopRule: "none" },
    assignment: { ...facts.assignment, hold: null, heldAt: null, holdUntil: null, payingAt: null },
  };
}
