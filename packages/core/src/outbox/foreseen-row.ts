import type { Id } from "@reminder-app/platform/ids";
import type { SendFacts } from "../deliveries/check-sendable.ts";
import type { Limited } from "../deliveries/limited.ts";

/** What the claim sees of a message that is foreseen, where its business limits what one person gets. */
export interface ForeseenRow extends Omit<Limited, "verdict"> {
  readonly facts: SendFacts;
  /** When the planner makes it, or made it. */
  readonly arrivesAt: Date;
  /** It is a line of this one already. */
  readonly mergedInto: Id<"Delivery"> | null;
}
