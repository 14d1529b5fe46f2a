import { type SystemCtx, actFor } from "@reminder-app/core/ctx";
import { applyPaymentEvent, recordPaymentEventCrash } from "@reminder-app/core/payments/apply-payment-event";
import type { PaymentDeps } from "@reminder-app/core/payments/gateway-account";
import type { Id } from "@reminder-app/platform/ids";
import { applyPaymentEventJob } from "@reminder-app/queues/jobs";
import type { JobHandler } from "../run-job.ts";

interface Payload {
  readonly businessId: string;
  readonly eventId: string;
}

/** Apply what happened in a business's payment account. */
export function applyPaymentEventHandler(
  system: SystemCtx,
  deps: PaymentDeps,
): JobHandler<typeof applyPaymentEventJob.payload> {
  const ctxOf = ({ businessId }: Payload) => actFor(system, businessId as Id<"Business">, "payment-event");
  const idOf = ({ eventId }: Payload) => eventId as Id<"PaymentEvent">;
  return {
    definition: applyPaymentEventJob,
    async handle(payload) {
      const until = await applyPaymentEvent(ctxOf(payload), deps, idOf(payload));
      return until ? { kind: "wait", until } : { kind: "done" };
    },
    crashed: (payload) => recordPaymentEventCrash(ctxOf(payload), idOf(payload)),
  };
}
