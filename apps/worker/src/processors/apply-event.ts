import type { SystemCtx } from "@reminder-app/core/ctx";
import { applyProviderEvent, recordEventCrash } from "@reminder-app/core/system/apply-provider-event";
import type { Id } from "@reminder-app/platform/ids";
import { applyEventJob } from "@reminder-app/queues/jobs";
import type { JobHandler } from "../run-job.ts";

/** Apply what a provider reported. */
export function applyEventHandler(system: SystemCtx): JobHandler<typeof applyEventJob.payload> {
  return {
    definition: applyEventJob,
    async handle({ eventId }) {
      await applyProviderEvent(system, eventId as Id<"ProviderEvent">);
      return { kind: "done" };
    },
    crashed: ({ eventId }) => recordEventCrash(system, eventId as Id<"ProviderEvent">),
  };
}
