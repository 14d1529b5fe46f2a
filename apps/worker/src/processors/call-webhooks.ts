import type { WebhookClient } from "@reminder-app/channels/webhooks/client";
import { type SystemCtx, actFor } from "@reminder-app/core/ctx";
import { CALLS_AT_ONCE, sendCalls } from "@reminder-app/core/webhooks/send-calls";
import { MINUTE_MS, SECOND_MS, after } from "@reminder-app/platform/clock";
import type { Id } from "@reminder-app/platform/ids";
import { callWebhooksJob } from "@reminder-app/queues/jobs";
import type { JobHandler } from "../run-job.ts";

/** No endpoint is served for longer at a stretch, so that all take turns; the sweep comes back for the rest. */
const STRETCH_MS = 10 * SECOND_MS;

/** Call an endpoint with what waits for it, until nothing is due or it fails. */
export function callWebhooksHandler({
  system,
  client,
}: {
  readonly system: SystemCtx;
  readonly client: WebhookClient;
}): JobHandler<typeof callWebhooksJob.payload> {
  return {
    definition: callWebhooksJob,
    async handle({ businessId, endpointId }) {
      const ctx = actFor(system, businessId as Id<"Business">, "webhooks");
      const until = performance.now() + STRETCH_MS;
      for (;;) {
        const { delivered, failed } = await sendCalls(ctx, endpointId as Id<"WebhookEndpoint">, client);
        if (failed > 0 || delivered < CALLS_AT_ONCE || performance.now() > until) return { kind: "done" };
      }
    },
    // The rows still wait, so the job is never left behind as failed: its id would keep the sweep from adding it.
    crashed: async () => after(system.now(), MINUTE_MS),
  };
}
