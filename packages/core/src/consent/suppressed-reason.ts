import type { SuppressionReason } from "@reminder-app/db/schema/consent";
import type { SuppressedReason } from "../deliveries/stop-deliveries.ts";

/** How a delivery that was not sent for this is filed: the person's own wish apart from all else. */
export function suppressedReason(reason: SuppressionReason): SuppressedReason {
  return reason === "opted_out" ? "opted_out" : "suppressed";
}
