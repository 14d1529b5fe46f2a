import type { SystemCtx } from "@reminder-app/core/ctx";
import { createPlanner } from "@reminder-app/core/occurrences/plan";
import { MINUTE_MS, after } from "@reminder-app/platform/clock";
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

  const plan = createPlanner(system, 2 * LEAD_MS);

  return {
    definition: planJob,
    async handle(payload) {
      const businessId = payload.businessId as Id<"Business">;
      const reminderId = payload.reminderId as Id<"Reminder">;
      const chunks = plan({ businessId, reminderId });
      for (;;) {
        const { done, value } = await chunks.next();
        if (!done) {
          if (value.length === 0) continue;
          await enqueueDeliveries(producer, businessId, value).catch(leaveToSweep);
          log.debug({ business: businessId, reminder: reminderId, count: value.length }, "planned deliveries");
          continue;
        }
        if (!value) return { kind: "done" };
        const { missed } = value;
        if (missed > 0) log.warn({ business: businessId, reminder: reminderId, count: missed }, "moments were missed");
        await producer.setTimer(value).catch(leaveToSweep);
        return { kind: "done" };
      }
    },
    // Its row is not settled, so the job is never left behind as failed: its id would keep the sweep from adding it.
    crashed: async () => after(system.now(), MINUTE_MS),
  };
}
