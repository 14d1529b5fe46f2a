import { type SystemCtx, actFor } from "@reminder-app/core/ctx";
import type { PaymentDeps } from "@reminder-app/core/payments/gateway-account";
import { reviewCheckout } from "@reminder-app/core/payments/review-checkout";
import { reviewPayment } from "@reminder-app/core/payments/review-payment";
import { MINUTE_MS, after } from "@reminder-app/platform/clock";
import type { Id } from "@reminder-app/platform/ids";
import { reviewPaymentJob } from "@reminder-app/queues/jobs";
import type { JobHandler } from "../run-job.ts";

/** Look at a checkout or a payment that nobody has followed up. */
export function reviewPaymentHandler(
  system: SystemCtx,
  deps: PaymentDeps,
): JobHandler<typeof reviewPaymentJob.payload> {
  return {
    definition: reviewPaymentJob,
    async handle({ businessId, kind, id }) {
      const ctx = actFor(system, businessId as Id<"Business">, "payment-review");
      if (kind === "payment") await reviewPayment(ctx, deps, id as Id<"Payment">);
      const until = kind === "checkout" ? await reviewCheckout(ctx, deps, id as Id<"Checkout">) : undefined;
      return until ? { kind: "wait", until } : { kind: "done" };
    },
    // Its row is not settled, so the job is never left behind as failed: its id would keep the sweep from adding it.
    crashed: async () => after(system.now(), MINUTE_MS),
  };
}
