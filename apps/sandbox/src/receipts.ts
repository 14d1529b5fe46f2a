import type { Ledger } from "./ledger.ts";
import type { LedgerEntry, MessageStatus } from "./ledger-entry.ts";
import type { Decision } from "./outcomes.ts";
import type { Timers } from "./timers.ts";

/** Between one status of a message and the next. */
const STEP_MS = 100;
const LATE_MS = 5_000;
const REPEATS = 3;

/** How one provider reports a message's statuses. */
export interface ReceiptSender {
  /** Posts one status; false: it was not taken and may be tried again. */
  post(status: MessageStatus): Promise<boolean>;
  /** Wait before try `number` (the first repetition is 1); undefined: it gives up. */
  retryAfterMs(number: number): number | undefined;
}

export interface ReceiptPlan {
  readonly entry: LedgerEntry;
  readonly decision: Decision;
  readonly statuses: readonly MessageStatus[];
  /** Left out where nobody asked to be told. */
  readonly sender?: ReceiptSender | undefined;
}

/** Moves an accepted message through its statuses, and reports them as its script wants. */
export function startReceipts({ ledger, timers }: { ledger: Ledger; timers: Timers }, plan: ReceiptPlan): void {
  const { entry, decision, statuses, sender } = plan;
  for (const [index, status] of statuses.entries()) {
    timers.after(index * STEP_MS, () => ledger.setStatus(entry, status));
  }
  if (!sender) return;
  for (const { status, afterMs } of callbacksOf(statuses, decision)) {
    timers.after(afterMs, () => void report(sender, { status, timers }));
  }
}

function callbacksOf(statuses: readonly MessageStatus[], { callbacks, callbackDelayMs }: Decision) {
  const inTurn = (list: readonly MessageStatus[], delayMs: number) =>
    list.map((status, index) => ({ status, afterMs: delayMs + index * STEP_MS }));
  switch (callbacks) {
    case "none":
      return [];
    case "late":
      return inTurn(statuses, callbackDelayMs || LATE_MS);
    case "repeated":
      return Array.from({ length: REPEATS }, () => inTurn(statuses, callbackDelayMs)).flat();
    case "shuffled":
      return inTurn(statuses.toReversed(), callbackDelayMs);
    case "normal":
      return inTurn(statuses, callbackDelayMs);
  }
}

async function report(sender: ReceiptSender, { status, timers }: { status: MessageStatus; timers: Timers }, tries = 1) {
  if (await sender.post(status)) return;
  const waitMs = sender.retryAfterMs(tries);
  if (waitMs !== undefined) timers.after(waitMs, () => void report(sender, { status, timers }, tries + 1));
}
