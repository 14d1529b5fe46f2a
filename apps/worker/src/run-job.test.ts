import { randomBytes } from "node:crypto";
import { connectConsumer } from "@reminder-app/queues/connection";
import { testSettings } from "@reminder-app/testing/test-settings";
import { Queue, Worker } from "bullmq";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { z } from "zod";
import { log } from "./given-worker.ts";
import { runJob } from "./run-job.ts";

const prefix = `test-${randomBytes(4).toString("hex")}`;
const connection = connectConsumer(testSettings().REDIS_URL, () => {});
let queue: Queue;
let worker: Worker;
const canary = new Error("Failed query: insert into clients\nparams: Canary Ltd,canary@clients.example");

beforeAll(() => {
  const payload = z.object({ v: z.literal(1), files: z.boolean() });
  const definition = { name: "crash", payload, queue: () => "events" as const, id: () => "crash" };
  const handle = () => Promise.reject(canary);
  const crashed = ({ files }: { files: boolean }) => (files ? Promise.resolve(undefined) : Promise.reject(canary));
  queue = new Queue("crashes", { connection, prefix });
  worker = new Worker(
    "crashes",
    runJob({ definition, handle, crashed }, log, () => false),
    { connection, prefix },
  );
});
afterAll(async () => {
  await worker.close();
  await queue.obliterate({ force: true });
  await queue.close();
  connection.disconnect();
});

test.each([
  ["a crash", true],
  ["a crash that cannot be filed", false],
])("what %s says stays out of Redis, and so off the board (S27, S42)", async (_what, files) => {
  const { id } = await queue.add("crash", { v: 1, files });
  const kept = await vi.waitFor(async () => {
    const fields = await connection.hgetall(`${prefix}:crashes:${id}`);
    expect(fields["failedReason"]).toBe("Error");
    return fields;
  });
  expect(JSON.stringify(kept)).not.toMatch(/canary/i);
});
