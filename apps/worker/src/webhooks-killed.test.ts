import { openTask } from "@reminder-app/core/tasks/open-task";
import { createEndpoint } from "@reminder-app/core/webhooks/create-endpoint";
import { PageCallsQuery, pageCalls } from "@reminder-app/core/webhooks/page-calls";
import { givenBusiness, liveSystem } from "@reminder-app/testing/given-business";
import { expect, test, vi } from "vitest";
import { givenWorkers } from "./given-worker.ts";

test("an event whose worker is killed in the middle of its call comes again, under the same id (J10)", async () => {
  const workers = await givenWorkers({ WEBHOOK_LOOPBACK: "1", WORKER_QUEUES: "webhooks" });
  const victim = await workers.startProcess();
  const shop = await givenBusiness({ now: new Date().toISOString() });
  const ctx = { ...shop.ctx, now: liveSystem.now };
  const name = ctx.businessId;
  await workers.hooks.script(name, ["hang", "ok"]);
  const input = { url: `${workers.hooks.url}/hooks/${name}`, description: null, events: [] };
  const endpoint = await createEndpoint(ctx, input, { loopback: true });
  await openTask(ctx, { kind: "missed", subject: "a" });

  await vi.waitFor(async () => expect(await workers.hooks.calls(name)).toHaveLength(1), { timeout: 20_000 });
  victim.kill();
  await workers.start();
  const log = async () => (await pageCalls(ctx, endpoint.id, PageCallsQuery.parse({}))).items;
  await vi.waitFor(async () => expect(await log()).toMatchObject([{ state: "delivered", tries: 2 }]), {
    timeout: 40_000,
  });
  expect((await log())[0]!.tried.map(({ problem }) => problem)).toEqual(["cut_off", null]);
  const ids = (await workers.hooks.calls(name)).map(({ body }) => (JSON.parse(body) as { id: string }).id);
  expect([ids.length, new Set(ids).size]).toEqual([2, 1]);
  await workers.close();
}, 90_000);
