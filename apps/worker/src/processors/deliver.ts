import { actFor } from "@reminder-app/core/ctx";
import { type DelivererOptions, createDeliverer } from "@reminder-app/core/deliveries/deliver";
import { recordCrash } from "@reminder-app/core/deliveries/record-crash";
import type { Id } from "@reminder-app/platform/ids";
import { deliverJob } from "@reminder-app/queues/jobs";
import type { JobHandler } from "../run-job.ts";

/** Send one delivery, or find out what became of it. */
export function deliverHandler(options: DelivererOptions): JobHandler<typeof deliverJob.payload> {
  const deliver = createDeliverer(options);
  return {
    definition: deliverJob,
    handle: (payload) => deliver(keyOf(payload)),
    crashed: (payload) => {
      const { businessId, deliveryId } = keyOf(payload);
      return recordCrash(actFor(options.system, businessId, "deliver"), deliveryId);
    },
  };
}

function keyOf({ businessId, deliveryId }: { businessId: string; deliveryId: string }) {
  return { businessId: businessId as Id<"Business">, deliveryId: deliveryId as Id<"Delivery"> };
}
