import { isReceiptSlot } from "../deliveries/receipts.ts";
import type { Reminder } from "../reminders/reminders.repo.ts";
import type { DecidedSend } from "./decided-sends.repo.ts";

export type StaffReason = "held_by_staff" | "awaiting_approval";

const staffReasons: ReadonlySet<string> = new Set<StaffReason>(["held_by_staff", "awaiting_approval"]);

/** Whether a message with this reason may go only if a person lets it. */
export function isStaffReason(reason: string | null | undefined): boolean {
  return typeof reason === "string" && staffReasons.has(reason);
}

export interface Undecided {
  readonly needsApproval: Reminder["needsApproval"];
  readonly decision: DecidedSend["decision"];
  readonly slotKey: string;
}

/** Why a message waits for a person, until it expires. What was sent by hand was approved by whoever sent it, and thanks need no approval. */
export function waitsForPerson({ needsApproval, decision, slotKey }: Undecided): StaffReason | undefined {
  if (decision === "hold") return "held_by_staff";
  const isApproved = decision === "approve" || slotKey.startsWith("M:") || isReceiptSlot(slotKey);
  return needsApproval && !isApproved ? "awaiting_approval" : undefined;
}
