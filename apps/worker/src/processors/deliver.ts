import type { Channel } from "@reminder-app/channels/channel";
import { actFor } from "@reminder-app/core/ctx";
import { type DelivererOptions, createDeliverer } from "@reminder-app/core/deliveries/deliver";
import { recordCrash } from "@reminder-app/core/deliveries/record-crash";
import { MINUTE_MS } from "@reminder-app/platform/clock";
import type { Id } from "@reminder-app/platform/ids";
import { deliverJob } from "@reminder-app/queues/jobs";
import type { JobHandler } from "../run-job.ts";

export interface DeliverDeps extends Omit<DelivererOptions, "channel"> {
  /** Undefined when the channel has no provider here: its deliveries wait for one, until they expire. */
  readonly channel: Channel | undefined;
}

/** Send one delivery, or find out what became of it. */
export function deliverHandler({ channel, ...parts }: DeliverDeps): JobHandler<typeof deliverJob.payload> {
  const deliver = channel && createDeliverer({ ...parts, channel });
  return {
    definition: deliverJob,
    async handle(payload) {
      if (!deliver) return { kind: "wait", until: new Date(Date.now() + MINUTE_MS) };
      return deliver(keyOf(payload));
    },
    crashed: (payload) => {
      const { businessId, deliveryId } = keyOf(payload);
      return recordCrash(actFor(parts.system, businessId, "deliver"), deliveryId);
    },
  };
}

function keyOf({ businessId, deliveryId }: { businessId: string; deliveryId: string }) {
  return { businessId: businessId as Id<"Business">, deliveryId: deliveryId as Id<"Delivery"> };
}
