import type { Schedule } from "@reminder-app/schedule/schedule";
import { Queue } from "bullmq";
import type { Redis } from "ioredis";
import type { z } from "zod";
import type { JobDefinition, QueueName } from "./define-job.ts";
import { planJob } from "./jobs.ts";
import { nextRing, patternOf } from "./repeat-strategy.ts";

/** Retries live in the row, so a job has one attempt. Only jobs of settled rows are ever kept as failed. */
export const jobOptions = { attempts: 1, removeOnComplete: true, removeOnFail: { count: 1_000 } } as const;

export interface QueueOptions {
  readonly connection: Redis;
  readonly prefix: string;
}

export interface Addition<Payload extends z.ZodType> {
  readonly data: z.input<Payload> & z.output<Payload>;
  /** When it should run; at once when left out or past. */
  readonly at?: Date;
}

/** What a timer needs to know of a reminder. */
export interface TimedReminder {
  readonly businessId: string;
  readonly id: string;
  readonly status: string;
  readonly schedule: Schedule;
  readonly nextDueAt: Date | null;
}

export interface Producer {
  /** Add jobs in one round trip for each queue. Rejects when Redis is away; the sweep will add them then. */
  add<Payload extends z.ZodType>(
    definition: JobDefinition<Payload>,
    additions: readonly Addition<Payload>[],
  ): Promise<void>;
  /** Register, move or remove the one timer of a reminder, as its row says. */
  setTimer(reminder: TimedReminder): Promise<void>;
  queue(name: QueueName): Queue;
  close(): Promise<void>;
}

export function createProducer({ connection, prefix }: QueueOptions): Producer {
  const queues = new Map<QueueName, Queue>();

  function queue(name: QueueName): Queue {
    const known = queues.get(name);
    if (known) return known;
    const opened = new Queue(name, {
      connection,
      prefix,
      skipVersionCheck: true,
      skipWaitingForReady: true,
      defaultJobOptions: jobOptions,
      settings: { repeatStrategy: nextRing },
    });
    opened.on("error", () => {}); // the connection's own listener has told it already
    queues.set(name, opened);
    return opened;
  }

  return {
    queue,
    async add(definition, additions) {
      const byQueue = Map.groupBy(additions, ({ data }) => definition.queue(data));
      for (const [name, group] of byQueue)
        await queue(name).addBulk(group.map((addition) => bulkJob(definition, addition)));
    },
    async setTimer(reminder) {
      const { id, businessId, nextDueAt, schedule, status } = reminder;
      const hasTimer = status === "active" || status === "paused"; // what comes due in a pause is filed
      if (!hasTimer || !nextDueAt) {
        await queue("reminders").removeJobScheduler(id);
        return;
      }
      await queue("reminders").upsertJobScheduler(
        id,
        { pattern: patternOf(schedule, nextDueAt) },
        { name: planJob.name, data: { v: 1, businessId, reminderId: id }, opts: jobOptions },
      );
    },
    async close() {
      await Promise.all([...queues.values()].map((opened) => opened.close()));
    },
  };
}

function bulkJob<Payload extends z.ZodType>(definition: JobDefinition<Payload>, { data, at }: Addition<Payload>) {
  const delay = at ? Math.max(0, at.getTime() - Date.now()) : 0;
  return { name: definition.name, data, opts: { jobId: definition.id(data), ...(delay > 0 && { delay }) } };
}
