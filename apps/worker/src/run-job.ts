import type { Logger } from "@reminder-app/platform/log";
import type { JobDefinition } from "@reminder-app/queues/define-job";
import { DelayedError, type Job, type Processor, UnrecoverableError } from "bullmq";
import type { z } from "zod";

/** What became of a job. Throwing is a bug. */
export type JobOutcome = { readonly kind: "done" } | { readonly kind: "wait"; readonly until: Date };

export interface JobHandler<Payload extends z.ZodType> {
  readonly definition: JobDefinition<Payload>;
  readonly handle: (payload: z.output<Payload>) => Promise<JobOutcome>;
  /** File the bug on the row that the job is about. Answers when to look again; never, when the row is settled. */
  readonly crashed: (payload: z.output<Payload>) => Promise<Date | undefined>;
}

const VERSION_UNKNOWN_MS = 60_000;
const AWAY_MS = 1_000;

/**
 * Run a handler as BullMQ wants it; the only place that speaks its exceptions. A job that must wait is moved to
 * `delayed`, which costs no attempt. A payload of an unknown version is left for a newer worker.
 */
export function runJob<Payload extends z.ZodType>(
  handler: JobHandler<Payload>,
  log: Logger,
  isPassing: (thrown: unknown) => boolean,
): Processor {
  return async (job, token) => {
    const payload = handler.definition.payload.safeParse(job.data);
    if (!payload.success) return refuse(job, token);

    const outcome = await outcomeOf(handler, payload.data, { job, log, isPassing });
    if (outcome.kind === "wait") await snooze(job, token, outcome.until);
  };
}

/** Jobs of several kinds on one queue, told apart by name. One that nobody here knows fails for good. */
export function runByName(processors: ReadonlyMap<string, Processor>): Processor {
  return async (job, token) => {
    const process = processors.get(job.name);
    if (!process) throw new UnrecoverableError(`There is no job ${job.name} here`);
    return process(job, token) as Promise<unknown>;
  };
}

async function outcomeOf<Payload extends z.ZodType>(
  handler: JobHandler<Payload>,
  payload: z.output<Payload>,
  { job, log, isPassing }: { job: Job; log: Logger; isPassing: (thrown: unknown) => boolean },
): Promise<JobOutcome> {
  try {
    return await handler.handle(payload);
  } catch (error) {
    const fields = { queue: job.queueName, job: job.id, error };
    if (isPassing(error)) {
      log.warn(fields, "the database is away or busy, the job waits");
      return { kind: "wait", until: new Date(Date.now() + AWAY_MS) };
    }
    log.error(fields, "the job crashed");
    const nextAt = await handler.crashed(payload).catch((worse: unknown) => {
      log.error({ ...fields, error: worse }, "the crash could not be filed");
      return isPassing(worse) ? new Date(Date.now() + AWAY_MS) : undefined;
    });
    if (nextAt) return { kind: "wait", until: nextAt };
    // No message: Redis keeps it in clear text, and it may hold what a row does.
    throw new UnrecoverableError(error instanceof Error ? error.name : "crashed");
  }
}

async function refuse(job: Job, token: string | undefined): Promise<void> {
  const data: unknown = job.data;
  const version = typeof data === "object" && data !== null && "v" in data ? data.v : undefined;
  if (typeof version === "number" && version > 1) await snooze(job, token, new Date(Date.now() + VERSION_UNKNOWN_MS));
  throw new UnrecoverableError(`The payload of ${job.name} is malformed`);
}

async function snooze(job: Job, token: string | undefined, until: Date): Promise<never> {
  await job.moveToDelayed(until.getTime(), token);
  throw new DelayedError();
}
