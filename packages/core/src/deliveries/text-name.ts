import type { TextName } from "../reminders/template-source.ts";
import type { Delivery, SendContext } from "./deliveries.repo.ts";

/** Which text a message has. */
export function textNameOf({
  delivery: { reminderId, stepId },
  context: { revision },
}: {
  readonly delivery: Pick<Delivery, "reminderId" | "stepId">;
  readonly context: Pick<SendContext, "revision">;
}): TextName {
  return { reminderId, revision, stepId };
}
