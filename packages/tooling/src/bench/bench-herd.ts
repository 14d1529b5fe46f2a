import { setTimeout as sleep } from "node:timers/promises";
import { deliveries } from "@reminder-app/db/schema/deliveries";
import { connectProducer } from "@reminder-app/queues/connection";
import { createProducer } from "@reminder-app/queues/producer";
import { LEAD_MS } from "@reminder-app/queues/repeat-strategy";
import { Queue } from "bullmq";
import { and, eq } from "drizzle-orm";
import { type Active, insertActive, insertDueAt } from "./active-reminders.ts";
import { floorJobs } from "./bench-deliveries.ts";
import { type BenchSetting, QUEUE_PREFIX, floorScript } from "./bench-setting.ts";
import { FLOOR_TIMERS, type Ring, ringOnce } from "./floor-timers.ts";
import { p99, round } from "./pairs.ts";
import type { FloorJob } from "./processes/floor-deliverer.ts";

const DUE = 10_000;
/** So long it takes at most to write the reminders and to set their timers. */
const SET_UP_MS = 45_000;
const PIPELINE = 200;

/**
 * How late the last of many are that are due at one instant: their messages with the provider, against BullMQ's bare
 * rings, and against the same messages as delayed jobs of the program that is the floor of T2.
 */
export interface HerdResult {
  readonly id: string;
  readonly active: number;
  readonly due: number;
  /** Of the rings. */
  readonly floorP99Ms: number;
  readonly productP99Ms: number;
  readonly p99Ratio: number;
  /** Of the messages. */
  readonly floorSentP99Ms: number;
  readonly sentRatio: number;
  /** How long after their timers rang the reminders were planned; up to the lead none is late for that. */
  readonly plannedP99Ms: number;
}

/** T5: 10,000 reminders due at one instant among `active` ones, each with a message to one client. */
export async function benchHerd(
  setting: BenchSetting,
  { id, active }: { id: string; active: number },
): Promise<HerdResult> {
  const redis = connectProducer(setting.redisUrl, () => {});
  const producer = createProducer({ connection: redis, prefix: QUEUE_PREFIX });
  const floorQueue = new Queue<Ring>(FLOOR_TIMERS, {
    connection: redis,
    prefix: QUEUE_PREFIX,
    settings: { repeatStrategy: ringOnce },
  });
  const sentQueue = new Queue<FloorJob>("floor-sms", { connection: redis, prefix: QUEUE_PREFIX });
  const setFloorTimer = (key: string, at: number) =>
    floorQueue.upsertJobScheduler(key, { pattern: `${at}` }, { name: "ring", data: { at } });

  const { db, id: businessId } = setting.business;
  for await (const rows of insertActive(db, businessId, active - DUE)) {
    await inPipelines(rows, (row) => setFloorTimer(row.id, row.nextDueAt.getTime()));
    await inPipelines(rows, (row) => producer.setTimer(row));
  }
  const floorP99Ms = round(await floorLag(setting, setFloorTimer), 0);
  const floorSentP99Ms = round(await floorSentLag(setting, sentQueue), 0);
  const product = await productLag(setting, (rows) => inPipelines(rows, (row) => producer.setTimer(row)));
  const [productP99Ms, plannedP99Ms] = [round(product.p99Ms, 0), round(product.plannedP99Ms, 0)];

  await Promise.all([floorQueue.close(), sentQueue.close(), producer.close()]);
  redis.disconnect();
  const p99Ratio = round(productP99Ms / floorP99Ms, 2);
  const sentRatio = round(productP99Ms / floorSentP99Ms, 2);
  return { id, active, due: DUE, floorP99Ms, productP99Ms, p99Ratio, floorSentP99Ms, sentRatio, plannedP99Ms };
}

async function floorLag(
  setting: BenchSetting,
  setTimer: (key: string, at: number) => Promise<unknown>,
): Promise<number> {
  const floor = await setting.start<unknown>(floorScript("timers"));
  await floor.tell({ expect: DUE });
  const at = wholeSecond(Date.now() + SET_UP_MS);
  const rung = floor.hear<{ p99Ms: number }>();
  await inPipelines(
    Array.from({ length: DUE }, (_, index) => `due-${at}-${index}`),
    (key) => setTimer(key, at),
  );
  requireEarly(at);
  const { p99Ms } = await rung;
  await floor.stop();
  return p99Ms;
}

async function floorSentLag({ start, sinks, business }: BenchSetting, queue: Queue<FloorJob>): Promise<number> {
  const floor = await start<unknown>(floorScript("sms"));
  const at = wholeSecond(Date.now() + SET_UP_MS);
  await sinks.tell({ expect: DUE, dueAt: at });
  const sent = sinks.hear<{ p99Ms: number }>();
  for (let made = 0; made < DUE;) {
    const jobs = floorJobs(business, { kind: "sms", count: DUE - made });
    await queue.addBulk(jobs.map((job) => ({ ...job, opts: { delay: at - Date.now() } })));
    made += jobs.length;
  }
  requireEarly(at);
  const { p99Ms } = await sent;
  await floor.stop();
  return p99Ms;
}

async function productLag(
  setting: BenchSetting,
  setTimers: (rows: readonly Active[]) => Promise<void>,
): Promise<{ p99Ms: number; plannedP99Ms: number }> {
  const { business, sinks } = setting;
  const product = await setting.start<unknown>("apps/worker/src/main.ts", { WORKER_QUEUES: "reminders,deliver-sms" });
  const at = wholeSecond(Date.now() + SET_UP_MS + LEAD_MS);
  await sinks.tell({ expect: DUE, dueAt: at });
  const sent = sinks.hear<{ p99Ms: number }>();
  const owner = { businessId: business.id, clientIds: business.clientIds };
  await setTimers(await insertDueAt(business.db, owner, { count: DUE, at: new Date(at) }));
  requireEarly(at - LEAD_MS);
  const { p99Ms } = await sent;
  await sleep(1_000); // the last outcome is being written
  await product.stop();
  const planned = await business.db
    .select({ createdAt: deliveries.createdAt })
    .from(deliveries)
    .where(and(eq(deliveries.businessId, business.id), eq(deliveries.dueAt, new Date(at))));
  return { p99Ms, plannedP99Ms: p99(planned.map(({ createdAt }) => createdAt.getTime() - (at - LEAD_MS))) };
}

async function inPipelines<Item>(items: readonly Item[], set: (item: Item) => Promise<unknown>): Promise<void> {
  for (let start = 0; start < items.length; start += PIPELINE)
    await Promise.all(items.slice(start, start + PIPELINE).map(set));
}

/** Reminders are due at whole seconds. */
function wholeSecond(ms: number): number {
  return Math.ceil(ms / 1_000) * 1_000;
}

function requireEarly(at: number): void {
  if (Date.now() > at) throw new Error("Setting the timers took longer than foreseen, so nothing can be measured");
}
