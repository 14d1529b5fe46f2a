import type { Channel } from "@reminder-app/channels/channel";
import type { SystemCtx } from "@reminder-app/core/ctx";
import { answerHelp } from "@reminder-app/core/system/answer-help";
import type { Id } from "@reminder-app/platform/ids";
import { answerHelpJob } from "@reminder-app/queues/jobs";
import type { JobHandler } from "../run-job.ts";

export interface AnswerHelpDeps {
  readonly system: SystemCtx;
  /** Undefined when WhatsApp has no provider here. */
  readonly channel: Channel | undefined;
  readonly timeoutMs: number;
}

/** Answer a client who asked for help. */
export function answerHelpHandler({
  system,
  channel,
  timeoutMs,
}: AnswerHelpDeps): JobHandler<typeof answerHelpJob.payload> {
  return {
    definition: answerHelpJob,
    async handle({ inboundId }) {
      if (channel) await answerHelp(system, inboundId as Id<"InboundMessage">, { channel, timeoutMs });
      return { kind: "done" };
    },
    // It may have been answered, and it is answered once at most.
    crashed: async () => undefined,
  };
}
