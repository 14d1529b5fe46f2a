import type { Channel } from "@reminder-app/channels/channel";
import type { WebhookClient } from "@reminder-app/channels/webhooks/client";
import type { SystemCtx } from "@reminder-app/core/ctx";
import { timingOf } from "@reminder-app/core/deliveries/timing";
import type { FileStore } from "@reminder-app/files/file-store";
import { isPassing } from "@reminder-app/db/faults";
import type { PaymentGateway } from "@reminder-app/payments/gateway";
import { type ChannelKind, channelKinds } from "@reminder-app/platform/channel-kinds";
import type { Logger } from "@reminder-app/platform/log";
import type { Settings } from "@reminder-app/platform/settings";
import { answerHelpJob, applyEventJob, applyPaymentEventJob, reviewPaymentJob } from "@reminder-app/queues/jobs";
import type { Producer } from "@reminder-app/queues/producer";
import type { Processor } from "bullmq";
import type { z } from "zod";
import { answerHelpHandler } from "./processors/answer-help.ts";
import { applyEventHandler } from "./processors/apply-event.ts";
import { applyPaymentEventHandler } from "./processors/apply-payment-event.ts";
import { callWebhooksHandler } from "./processors/call-webhooks.ts";
import { deliverHandler } from "./processors/deliver.ts";
import { planHandler } from "./processors/plan.ts";
import { reviewPaymentHandler } from "./processors/review-payment.ts";
import { runImportHandler } from "./processors/run-import.ts";
import { sendAccountMailHandler } from "./processors/send-account-mail.ts";
import type { Senders } from "./senders.ts";
import { type JobHandler, runByName, runJob } from "./run-job.ts";

export interface ProcessorParts {
  readonly system: SystemCtx;
  readonly producer: Producer;
  /** The installation's own. */
  readonly channels: ReadonlyMap<ChannelKind, Channel>;
  readonly gateway: PaymentGateway;
  readonly senders: Senders;
  readonly files: FileStore;
  readonly webhooks: WebhookClient;
  /** Told when this worker is to leave. */
  readonly stopping: AbortSignal;
  readonly settings: Settings;
  readonly log: Logger;
}

/** What is done with the jobs of a queue. */
export function processorFor(queue: string, parts: ProcessorParts): Processor {
  const { system, producer, channels, gateway, senders, settings, log } = parts;
  const { PUBLIC_URL: publicUrl, PROVIDER_TIMEOUT_MS: timeoutMs } = settings;
  const run = <Payload extends z.ZodType>(handler: JobHandler<Payload>) => runJob(handler, log, isPassing);
  switch (queue) {
    case "reminders":
      return run(planHandler({ system, producer, log }));
    case "webhooks":
      return run(callWebhooksHandler({ system, client: parts.webhooks }));
    case "account-mail":
      return run(sendAccountMailHandler({ system, channel: channels.get("email"), publicUrl }));
    case "imports":
      return run(runImportHandler(parts));
    case "events": {
      const help = answerHelpHandler({ system, channel: channels.get("whatsapp"), timeoutMs });
      return runByName(
        new Map([
          [applyEventJob.name, run(applyEventHandler(system))],
          [answerHelpJob.name, run(help)],
          [applyPaymentEventJob.name, run(applyPaymentEventHandler(system, { gateway }))],
          [reviewPaymentJob.name, run(reviewPaymentHandler(system, { gateway }))],
        ]),
      );
    }
    default: {
      const senderOf = senders.of(kindOf(queue));
      const sendsPerDay = settings.BUSINESS_SENDS_PER_DAY;
      return run(deliverHandler({ system, senderOf, timing: timingOf(settings), publicUrl, sendsPerDay }));
    }
  }
}

function kindOf(queue: string): ChannelKind {
  const kind = channelKinds.find((known) => queue === `deliver-${known}`);
  if (!kind) throw new Error(`There is no queue ${queue}`);
  return kind;
}
