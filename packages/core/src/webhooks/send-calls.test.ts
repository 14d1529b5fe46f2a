import { type WebhookClient, createWebhookClient } from "@reminder-app/channels/webhooks/client";
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from "@reminder-app/platform/clock";
import { type GivenBusiness, givenBusiness } from "@reminder-app/testing/given-business";
import { type Behaviour, givenReceiver, isSignedBy } from "@reminder-app/testing/given-receiver";
import { keptEvents, whenNext } from "@reminder-app/testing/given-webhooks";
import { afterAll, afterEach, expect, test } from "vitest";
import { businessRepo } from "../businesses/businesses.repo.ts";
import { openTask } from "../tasks/open-task.ts";
import { PageTasksQuery, pageTasks } from "../tasks/page-tasks.ts";
import { changeEndpoint } from "./change-endpoint.ts";
import { createEndpoint } from "./create-endpoint.ts";
import { forgetLogOf } from "./forget-webhook-log.ts";
import { PageCallsQuery, pageCalls } from "./page-calls.ts";
import { removeEndpoint } from "./remove-endpoint.ts";
import { replayCall } from "./replay-call.ts";
import { rotateEndpointSecret } from "./rotate-endpoint-secret.ts";
import { sendCalls } from "./send-calls.ts";
import { testEndpoint } from "./test-endpoint.ts";

const rules = { loopback: true };
const client = createWebhookClient({ ...rules, timeoutMs: 500 });
const opened: { close(): void }[] = [];
afterEach(() => {
  for (const one of opened.splice(0)) one.close();
});
afterAll(() => client.close());

async function given(behaviours: readonly Behaviour[] = []) {
  const shop = await givenBusiness();
  const receiver = await givenReceiver(behaviours);
  opened.push(receiver);
  const endpoint = await createEndpoint(
    shop.ctx,
    { url: receiver.url, description: null, events: ["task.opened"] },
    rules,
  );
  return { ...shop, shop, receiver, endpoint, send: () => sendCalls(shop.ctx, endpoint.id, client) };
}

let subjects = 0;
async function happen({ ctx }: Pick<GivenBusiness, "ctx">) {
  subjects += 1;
  await openTask(ctx, { kind: "missed", subject: `a${subjects}` });
}
type Given = Awaited<ReturnType<typeof given>>;
const logOf = async ({ ctx, endpoint }: Pick<Given, "ctx" | "endpoint">) =>
  (await pageCalls(ctx, endpoint.id, PageCallsQuery.parse({}))).items;

/** Let time pass until the last call of the endpoint was settled, or for as long as it is told; each try at its moment. */
async function tryUntil({ shop, ctx, clock, send }: Given, end: Date): Promise<void> {
  for (let next = await whenNext({ ctx }); next && next <= end; next = await whenNext({ ctx })) {
    clock.set(next > shop.clock.now() ? next : shop.clock.now());
    await send();
  }
  clock.set(end);
}

test("an event is posted with its id and a signature that its secret verifies, and no other (J10, S41)", async () => {
  const one = await given();
  await happen(one);
  expect(await one.send()).toEqual({ delivered: 1, failed: 0 });
  const [call] = await logOf(one);
  const [got] = one.receiver.received;
  expect(JSON.parse(got!.body)).toEqual({
    id: call!.event.id,
    type: "task.opened",
    createdAt: one.clock.now().toISOString(),
    businessId: one.ctx.businessId,
    data: call!.event.data,
  });
  expect(got!.headers["reminder-event-id"]).toBe(call!.event.id);
  expect([isSignedBy(got!, one.endpoint.secret), isSignedBy(got!, "whsec_other")]).toEqual([true, false]);
  expect(got!.headers["reminder-signature"]).toMatch(
    new RegExp(String.raw`^t=${one.clock.now().getTime() / 1_000},v1=[0-9a-f]{64}$`),
  );
  expect(call).toMatchObject({
    state: "delivered",
    tries: 1,
    nextAt: null,
    tried: [{ number: 1, status: 200, problem: null }],
  });
  expect(await one.send()).toEqual({ delivered: 0, failed: 0 });
});

test("while a secret is rotated both sign for 24 hours, and then the new one alone (S41)", async () => {
  const one = await given();
  const { secret, oldSecretUntil } = await rotateEndpointSecret(one.ctx, one.endpoint.id);
  expect(oldSecretUntil).toEqual(new Date(one.clock.now().getTime() + DAY_MS));
  const signedBy = async () => {
    await happen(one);
    await one.send();
    const got = one.receiver.received.at(-1)!;
    return [isSignedBy(got, secret), isSignedBy(got, one.endpoint.secret)];
  };
  expect(await signedBy()).toEqual([true, true]);
  one.clock.advance(DAY_MS - 1);
  expect(await signedBy()).toEqual([true, true]);
  one.clock.advance(1);
  expect(await signedBy()).toEqual([true, false]);
  expect(await one.shop.auditTrail()).toEqual(["webhook_endpoint.created", "webhook_endpoint.secret_rotated"]);
});

test("a receiver that is down for an hour gets what happened meanwhile once it is back, each event once (J10)", async () => {
  const one = await given();
  one.receiver.script(...Array.from({ length: 1_000 }, () => 503));
  for (const _event of [1, 2, 3]) await happen(one);
  const start = one.clock.now().getTime();
  await tryUntil(one, new Date(start + HOUR_MS));
  expect((await logOf(one)).map(({ state }) => state)).toEqual(["waiting", "waiting", "waiting"]);
  const before = one.receiver.received.length;
  expect(before).toBeGreaterThan(9);
  one.receiver.script();
  await tryUntil(one, new Date(start + 3 * HOUR_MS));
  expect((await logOf(one)).map(({ state }) => state)).toEqual(["delivered", "delivered", "delivered"]);
  const ids = one.receiver.received.slice(before).map(({ body }) => (JSON.parse(body) as { id: string }).id);
  expect([ids.length, new Set(ids).size]).toEqual([3, 3]);
});

test("a call that nobody takes for three days has failed, and staff are told once for the endpoint (J10, S41)", async () => {
  const one = await given();
  one.receiver.script(...Array.from({ length: 1_000 }, () => 500));
  await happen(one);
  await happen(one);
  const start = one.clock.now().getTime();
  await tryUntil(one, new Date(start + 3 * DAY_MS - 1));
  expect((await logOf(one)).map(({ state }) => state)).toEqual(["waiting", "waiting"]);
  const tasks = async () => (await pageTasks(one.ctx, PageTasksQuery.parse({ kind: "webhook_failing" }))).items;
  expect(await tasks()).toEqual([]);
  await tryUntil(one, new Date(start + 3 * DAY_MS + HOUR_MS));
  const [last] = (await logOf(one)).filter(({ state }) => state === "failed");
  expect(last!.tried.length).toBe(last!.tries);
  expect(last!.tried.at(-1)).toMatchObject({ status: 500, problem: "status", startedAt: new Date(start + 3 * DAY_MS) });
  expect(await tasks()).toMatchObject([{ state: "open", count: 2 }]);
  // The endpoint is not switched off: what happens now is tried.
  one.receiver.script();
  await happen(one);
  expect(await one.send()).toMatchObject({ delivered: expect.any(Number), failed: 0 });
});

test("a receiver that says when to come again is called then (J10)", async () => {
  const one = await given([(res) => res.writeHead(429, { "retry-after": "600" }).end()]);
  one.clock.set(new Date());
  await happen(one);
  await one.send();
  const wait = (await whenNext(one))!.getTime() - one.clock.now().getTime();
  expect(Math.round(wait / MINUTE_MS)).toBe(10);
});

test("a call can be replayed in a new round, with the same event id (J10)", async () => {
  const one = await given([204]);
  await happen(one);
  const [waiting] = await logOf(one);
  const key = { endpointId: one.endpoint.id, callId: waiting!.id };
  await expect(replayCall(one.ctx, key)).rejects.toMatchObject({ code: "conflict" });
  await one.send();
  expect(await replayCall(one.ctx, key)).toMatchObject({ round: 1, state: "waiting" });
  await one.send();
  await replayCall(one.ctx, key);
  await one.send();
  expect((await logOf(one)).map(({ round, state }) => [round, state])).toEqual([
    [2, "delivered"],
    [1, "delivered"],
    [0, "delivered"],
  ]);
  expect(new Set(one.receiver.received.map(({ headers }) => headers["reminder-event-id"])).size).toBe(1);
});

test("a ping goes out whatever the endpoint hears of, and to it alone (J10)", async () => {
  const one = await given();
  await testEndpoint(one.ctx, one.endpoint.id);
  await one.send();
  expect(one.receiver.received.map(({ body }) => (JSON.parse(body) as { type: string }).type)).toEqual(["ping"]);
});

test("two workers try a call once (J10)", async () => {
  const one = await given();
  for (let event = 0; event < 25; event += 1) await happen(one);
  await Promise.all([1, 2, 3, 4, 5].map(() => one.send()));
  const ids = one.receiver.received.map(({ headers }) => headers["reminder-event-id"]);
  expect([ids.length, new Set(ids).size]).toEqual([25, 25]);
});

test("a call whose worker died before it could note the answer comes again, with the same event id (J10)", async () => {
  const one = await given();
  await happen(one);
  const dying: Pick<WebhookClient, "post"> = {
    async post(sent) {
      await client.post(sent);
      throw new Error("killed");
    },
  };
  await expect(sendCalls(one.ctx, one.endpoint.id, dying)).rejects.toThrow("killed");
  expect((await logOf(one))[0]).toMatchObject({ state: "waiting", tries: 1, tried: [{ problem: "cut_off" }] });
  expect(await one.send()).toEqual({ delivered: 0, failed: 0 });
  one.clock.advance(15 * SECOND_MS);
  expect(await one.send()).toEqual({ delivered: 1, failed: 0 });
  const ids = one.receiver.received.map(({ headers }) => headers["reminder-event-id"]);
  expect([ids.length, new Set(ids).size]).toEqual([2, 1]);
});

test("a paused endpoint gets nothing, and what happened meanwhile when it goes on (J10)", async () => {
  const one = await given();
  const set = (state: "active" | "paused") => changeEndpoint(one.ctx, { id: one.endpoint.id, rules, state });
  await set("paused");
  await happen(one);
  expect(await one.send()).toEqual({ delivered: 0, failed: 0 });
  await expect(testEndpoint(one.ctx, one.endpoint.id)).rejects.toMatchObject({ code: "conflict" });
  await set("active");
  expect(await one.send()).toEqual({ delivered: 1, failed: 0 });
});

test("a removed endpoint is gone, and hears nothing more (J10)", async () => {
  const one = await given();
  await happen(one);
  await removeEndpoint(one.ctx, one.endpoint.id);
  await happen(one);
  expect(await one.send()).toEqual({ delivered: 0, failed: 0 });
  await expect(logOf(one)).rejects.toMatchObject({ code: "not_found" });
  expect(await keptEvents(one)).toHaveLength(1);
});

test("the log is kept as long as the business says, and 30 days when it does not (J10, S66)", async () => {
  const [standard, longer] = [await given(), await given()];
  await businessRepo(longer.ctx).update({ retention: { logsDays: 60 } });
  for (const one of [standard, longer]) {
    await happen(one);
    await one.send();
    await removeEndpoint(one.ctx, one.endpoint.id);
  }
  const forget = async (days: number) => {
    const now = () => new Date(standard.clock.now().getTime() + days * DAY_MS);
    for (const { ctx } of [standard, longer]) await forgetLogOf({ ...ctx, now }, ctx.businessId);
  };
  await forget(29);
  expect([await keptEvents(standard), await keptEvents(longer)].map(({ length }) => length)).toEqual([1, 1]);
  await forget(31);
  expect([await keptEvents(standard), await keptEvents(longer)].map(({ length }) => length)).toEqual([0, 1]);
});
