import type { Channel } from "@reminder-app/channels/channel";
import { recordMailCrash, sendAccountMail } from "@reminder-app/core/account-mail/send-account-mail";
import type { SystemCtx } from "@reminder-app/core/ctx";
import { MINUTE_MS, after } from "@reminder-app/platform/clock";
import type { Id } from "@reminder-app/platform/ids";
import { sendAccountMailJob } from "@reminder-app/queues/jobs";
import type { JobHandler } from "../run-job.ts";

export interface AccountMailDeps {
  readonly system: SystemCtx;
  /** Undefined when there is no mail server here: the mail waits for one. */
  readonly channel: Channel | undefined;
  readonly publicUrl: string;
}

/** Write to somebody about their account. */
export function sendAccountMailHandler({
  system,
  channel,
  publicUrl,
}: AccountMailDeps): JobHandler<typeof sendAccountMailJob.payload> {
  return {
    definition: sendAccountMailJob,
    async handle({ mailId }) {
      if (!channel) return { kind: "wait", until: after(system.now(), MINUTE_MS) };
      const nextAt = await sendAccountMail({ system, channel, publicUrl }, mailId as Id<"AccountMail">);
      return nextAt ? { kind: "wait", until: nextAt } : { kind: "done" };
    },
    crashed: ({ mailId }) => recordMailCrash(system, mailId as Id<"AccountMail">),
  };
}
