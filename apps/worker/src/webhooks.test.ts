import { createEndpoint } from "@reminder-app/core/webhooks/create-endpoint";
import { PageCallsQuery, pageCalls } from "@reminder-app/core/webhooks/page-calls";
import { openTask } from "@reminder-app/core/tasks/open-task";
import { type GivenBusiness, givenBusiness, liveSystem } from "@reminder-app/testing/given-business";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { type GivenWorkers, givenWorkers } from "./given-worker.ts";

let workers: GivenWorkers;
beforeAll(async () => {
  workers = await givenWorkers({ WEBHOOK_LOOPBACK: "1", WORKER_QUEUES: "webhooks" });
  await Promise.all([workers.start(), workers.start()]);
});
afterAll(() => workers.close());

/** A live business whose program is at the sandbox, under its own name. */
async function given(outcomes: readonly string[]) {
  const shop = await givenBusiness({ now: new Date().toISOString() });
  const ctx = { ...shop.ctx, now: liveSystem.now };
  const name = ctx.businessId;
  await workers.hooks.script(name, outcomes);
  const input = { url: `${workers.hooks.url}/hooks/${name}`, description: null, events: [] };
  const endpoint = await createEndpoint(ctx, input, { loopback: true });
  return { ctx, name, endpoint };
}
type Given = Awaited<ReturnType<typeof given>>;
const happen = ({ ctx }: Pick<GivenBusiness, "ctx">) => openTask(ctx, { kind: "missed", subject: "a" });
const logOf = async ({ ctx, endpoint }: Given) => (await pageCalls(ctx, endpoint.id, PageCallsQuery.parse({}))).items;

test("what happens reaches the firm's program within seconds, without any job having been added for it (J10)", async () => {
  const one = await given([]);
  await happen(one);
  await vi.waitFor(async () => expect(await workers.hooks.calls(one.name)).toHaveLength(1), { timeout: 15_000 });
  const [got] = await workers.hooks.calls(one.name);
  expect(JSON.parse(got!.body)).toMatchObject({ type: "task.opened", businessId: one.ctx.businessId });
  await vi.waitFor(async () => expect(await logOf(one)).toMatchObject([{ state: "delivered", tries: 1 }]));
});

test("a program that hangs holds up no other one's calls (J10)", async () => {
  const [slow, quick] = [await given(["hang"]), await given([])];
  await happen(slow);
  await happen(quick);
  await vi.waitFor(async () => expect(await logOf(quick)).toMatchObject([{ state: "delivered" }]), { timeout: 15_000 });
  await vi.waitFor(
    async () => expect(await logOf(slow)).toMatchObject([{ state: "waiting", tried: [{ problem: "timeout" }] }]),
    { timeout: 15_000 },
  );
});

test("the queue can be emptied: what waits is found again (J10)", async () => {
  const one = await given(["fail", "ok"]);
  await happen(one);
  await vi.waitFor(async () => expect(await logOf(one)).toMatchObject([{ tries: 1 }]), { timeout: 15_000 });
  await workers.emptyRedis();
  await vi.waitFor(async () => expect(await logOf(one)).toMatchObject([{ state: "delivered" }]), { timeout: 40_000 });
}, 60_000);
