import type { Channel } from "@reminder-app/channels/channel";
import { type SystemCtx, actFor } from "@reminder-app/core/ctx";
import { createDeliverer } from "@reminder-app/core/deliveries/deliver";
import { recordCrash } from "@reminder-app/core/deliveries/record-crash";
import type { DeliveryTiming } from "@reminder-app/core/deliveries/timing";
import { MINUTE_MS } from "@reminder-app/platform/clock";
import type { Id } from "@reminder-app/platform/ids";
import { deliverJob } from "@reminder-app/queues/jobs";
import type { JobHandler } from "../run-job.ts";

export interface DeliverDeps {
  readonly system: SystemCtx;
  /** Undefined when the channel has no provider here: its deliveries wait for one, until they expire. */
  readonly channel: Channel | undefined;
  readonly timing: DeliveryTiming;
  readonly publicUrl: string;
}

/** Send one delivery, or find out what became of it. */
export function deliverHandler({
  system,
  channel,
  timing,
  publicUrl,
}: DeliverDeps): JobHandler<typeof deliverJob.payload> {
  const deliver = channel && createDeliverer({ system, channel, timing, publicUrl });
  return {
    definition: deliverJob,
    async handle(payload) {
      if (!deliver) return { kind: "wait", until: new Date(Date.now() + MINUTE_MS) };
      return deliver(keyOf(payload));
    },
    crashed: (payload) => {
      const { businessId, deliveryId } = keyOf(payload);
      return recordCrash(actFor(system, businessId, "deliver"), deliveryId);
    },
  };
}

function keyOf({ businessId, deliveryId }: { businessId: string; deliveryId: string }) {
  return { businessId: businessId as Id<"Business">, deliveryId: deliveryId as Id<"Delivery"> };
}
