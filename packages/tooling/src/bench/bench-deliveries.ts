import { setTimeout as sleep } from "node:timers/promises";
import { connectProducer } from "@reminder-app/queues/connection";
import { enqueueDeliveries } from "@reminder-app/queues/enqueue";
import { createProducer } from "@reminder-app/queues/producer";
import { newId } from "@reminder-app/platform/ids";
import { Queue } from "bullmq";
import { type BenchSetting, QUEUE_PREFIX, floorScript } from "./bench-setting.ts";
import type { BusinessUnderTest } from "./business-under-test.ts";
import type { MeasuredProcess } from "./measured-process.ts";
import { type BenchResult, type Sample, measurePairs, summarise } from "./pairs.ts";
import type { FloorJob } from "./processes/floor-deliverer.ts";

type Kind = "email" | "sms";

/** Clients that the business needs; each gets a measurement's messages this often. */
export const CLIENTS = 1_000;
const ROUNDS = 2;
const WARM_UP = 200;

const POLL_MS = 20;

/** T1 and T2: what a delivery costs a worker, from its job to its record. */
export async function benchDeliveries(
  setting: BenchSetting,
  { id, kind, pairs }: { id: string; kind: Kind; pairs: number },
): Promise<BenchResult> {
  const { business, redisUrl } = setting;
  const redis = connectProducer(redisUrl, () => {});
  const producer = createProducer({ connection: redis, prefix: QUEUE_PREFIX });
  const floorQueue = new Queue<FloorJob>(`floor-${kind}`, { connection: redis, prefix: QUEUE_PREFIX });
  const floor = await setting.start<unknown>(floorScript(kind));
  const product = await setting.start<unknown>("apps/worker/src/main.ts", { WORKER_QUEUES: `deliver-${kind}` });

  const floorSide: Side = {
    process: floor,
    queue: floorQueue,
    fill: async (count) => void (await floorQueue.addBulk(floorJobs(business, { kind, count }))),
  };
  const productSide: Side = {
    process: product,
    queue: producer.queue(`deliver-${kind}`),
    fill: async (count) => enqueueDeliveries(producer, business.id, await business.makeDue(kind, count)),
  };
  for (const side of [floorSide, productSide]) await deliver(setting, side, { clients: CLIENTS, rounds: 1 });
  const measured = await measurePairs(
    { floor: () => measure(setting, floorSide), product: () => measure(setting, productSide) },
    pairs,
  );

  await Promise.all([floor.stop(), product.stop()]);
  await Promise.all([floorQueue.close(), producer.close()]);
  redis.disconnect();
  return summarise(id, measured);
}

interface Side {
  readonly process: MeasuredProcess<unknown>;
  readonly queue: Queue;
  readonly fill: (count: number) => Promise<void>;
}

async function measure(setting: BenchSetting, side: Side): Promise<Sample> {
  await deliver(setting, side, { clients: WARM_UP, rounds: 1 });
  return deliver(setting, side, { clients: CLIENTS, rounds: ROUNDS });
}

interface Amount {
  readonly clients: number;
  readonly rounds: number;
}

/** Queue deliveries while the queue rests, let them go, and wait until the last is sent and recorded. */
async function deliver(
  { sinks }: BenchSetting,
  { process, queue, fill }: Side,
  { clients, rounds }: Amount,
): Promise<Sample> {
  const count = clients * rounds;
  await queue.pause();
  for (let round = 0; round < rounds; round += 1) await fill(clients);
  await sinks.tell({ expect: count });
  const before = await process.cpuUs();
  const sent = sinks.hear<{ ms: number }>();
  await queue.resume();
  const { ms } = await sent;
  await untilEmpty(queue);
  return { cpuUs: ((await process.cpuUs()) - before) / count, rate: ((count - 1) / ms) * 1_000 };
}

async function untilEmpty(queue: Queue): Promise<void> {
  for (;;) {
    const counts = await queue.getJobCounts("waiting", "active", "delayed");
    if (Object.values(counts).every((count) => count === 0)) return;
    await sleep(POLL_MS);
  }
}

/** Messages to the first `count` clients, as a floor's jobs. */
export function floorJobs({ clients, name }: BusinessUnderTest, { kind, count }: { kind: Kind; count: number }) {
  return clients.slice(0, count).map((client, index) => ({
    name: "deliver",
    data: {
      deliveryId: newId(),
      to: kind === "email" ? client.email : client.phone,
      client: { name: client.name },
      contact: { name: `Ada Number${index}`, first_name: "Ada" },
      business: { name },
    },
  }));
}
