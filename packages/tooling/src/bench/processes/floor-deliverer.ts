import { environment } from "../../../bootstrap/environment.mjs";
import { Worker } from "bullmq";
import { Redis } from "ioredis";
import { createPool } from "mysql2/promise";

/** What a job of a floor carries: the recipient, so that nothing has to be loaded. */
export interface FloorJob {
  readonly deliveryId: string;
  readonly to: string;
  readonly client: { readonly name: string };
  readonly contact: { readonly name: string; readonly first_name: string };
  readonly business: { readonly name: string };
}

interface Row {
  readonly values: readonly (string | Date)[];
  readonly resolve: () => void;
  readonly reject: (reason: unknown) => void;
}

const FLUSH_ROWS = 100;
const FLUSH_MS = 10;

/** Read jobs, send each, and insert what was sent in batches; a job ends when its batch is durable. No claim, no fence. */
export function runFloorDeliverer(queue: string, send: (job: FloorJob) => Promise<string>): void {
  const pool = createPool({ uri: environment["DATABASE_URL"] ?? "", connectionLimit: 5, timezone: "Z" });
  const connection = new Redis(environment["REDIS_URL"] ?? "", { maxRetriesPerRequest: null });
  let pending: Row[] = [];

  function flush(): void {
    const rows = pending;
    pending = [];
    if (rows.length === 0) return;
    pool
      .query("insert into bench_attempts (delivery_id, message_id, sent_at) values ?", [
        rows.map(({ values }) => values),
      ])
      .then(
        () => rows.forEach(({ resolve }) => resolve()),
        (error: unknown) => rows.forEach(({ reject }) => reject(error)),
      );
  }

  function record(values: Row["values"]): Promise<void> {
    return new Promise((resolve, reject) => {
      pending.push({ values, resolve, reject });
      if (pending.length === 1) setTimeout(flush, FLUSH_MS);
      if (pending.length >= FLUSH_ROWS) flush();
    });
  }

  const worker = new Worker<FloorJob>(
    queue,
    async ({ data }) => record([data.deliveryId, await send(data), new Date()]),
    {
      connection,
      prefix: environment["QUEUE_PREFIX"] ?? "",
      concurrency: Number(environment["WORKER_CONCURRENCY"]),
      removeOnComplete: { count: 0 },
    },
  );
  process.once("SIGTERM", () => process.exit());
  process.once("disconnect", () => process.exit());
  void worker.waitUntilReady().then(() => process.send?.({ ready: true }));
}
