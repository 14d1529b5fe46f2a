import { type SystemCtx, actFor } from "@reminder-app/core/ctx";
import { isTestBusiness } from "@reminder-app/core/test-clock/on-test-clock";
import { plan } from "@reminder-app/core/occurrences/plan";
import { MINUTE_MS, after } from "@reminder-app/platform/clock";
import { AppError } from "@reminder-app/platform/errors";
import type { Id } from "@reminder-app/platform/ids";
import type { Logger } from "@reminder-app/platform/log";
import { enqueueDeliveries } from "@reminder-app/queues/enqueue";
import { planJob } from "@reminder-app/queues/jobs";
import type { Producer } from "@reminder-app/queues/producer";
import { LEAD_MS } from "@reminder-app/queues/repeat-strategy";
import type { JobHandler } from "../run-job.ts";

export interface PlanDeps {
  readonly system: SystemCtx;
  readonly producer: Producer;
  readonly log: Logger;
}

/**
 * A timer rang: plan what is due up to two leads from now, make its deliveries chunk by chunk, queue them, and set
 * the timer again from the row, which also mends a timer that Redis lost.
 */
export function planHandler({ system, producer, log }: PlanDeps): JobHandler<typeof planJob.payload> {
  /** What was planned is in MySQL: without Redis the fan-out goes on, and the sweep adds the jobs. */
  const leaveToSweep = (error: unknown) => log.warn({ error }, "Redis is away; the sweep takes over");

  return {
    definition: planJob,
    async handle(payload) {
      const businessId = payload.businessId as Id<"Business">;
      const reminderId = payload.reminderId as Id<"Reminder">;
      const ctx = actFor(system, businessId, "plan");
      if (await isTestBusiness(ctx)) return { kind: "done" };
      const chunks = plan(ctx, reminderId, 2 * LEAD_MS);
      for (;;) {
        const chunk = await chunks.next().catch(undefinedWhenGone);
        if (!chunk) return { kind: "done" };
        if (chunk.done) {
          const { missed } = chunk.value;
          if (missed > 0)
            log.warn({ business: businessId, reminder: reminderId, count: missed }, "moments were missed");
          await producer.setTimer(chunk.value).catch(leaveToSweep);
          return { kind: "done" };
        }
        await enqueueDeliveries(producer, businessId, chunk.value).catch(leaveToSweep);
        log.info({ business: businessId, reminder: reminderId, count: chunk.value.length }, "planned deliveries");
      }
    },
    // Its row is not settled, so the job is never left behind as failed: its id would keep the sweep from adding it.
    crashed: async () => after(system.now(), MINUTE_MS),
  };
}

function undefinedWhenGone(thrown: unknown): undefined {
  if (thrown instanceof AppError && thrown.code === "not_found") return undefined;
  throw thrown;
}
