import { randomBytes } from "node:crypto";
import { idempotencyRepo } from "@reminder-app/core/idempotency/idempotency.repo";
import { providerEventRepo } from "@reminder-app/core/system/provider-events.repo";
import { newId } from "@reminder-app/platform/ids";
import { openTask } from "@reminder-app/core/tasks/open-task";
import { throttleRepo } from "@reminder-app/core/throttling/throttles.repo";
import { givenBusiness } from "@reminder-app/testing/given-business";
import { keptEvents, listen } from "@reminder-app/testing/given-webhooks";
import { expect, test, vi } from "vitest";
import { testSettings } from "@reminder-app/testing/test-settings";
import { createFileStore } from "@reminder-app/files/create-file-store";
import { log } from "./given-worker.ts";
import { runHousekeeping } from "./housekeeping.ts";

const files = createFileStore(testSettings());

test("a worker deletes answers that nobody repeats the request for any more, and keeps young ones (J9)", async () => {
  const { ctx, system } = await givenBusiness();
  const name = (key: string) => ({ actor: "a", route: "createClient", key });
  const repo = idempotencyRepo(ctx);
  await repo.insert(name("old"), { bodyHash: "", createdAt: new Date("2001-01-01T00:00:00Z") });
  await repo.insert(name("young"), { bodyHash: "", createdAt: new Date() });

  const stopping = new AbortController();
  const keeping = runHousekeeping({ system: { ...system, now: () => new Date() }, files, log }, stopping.signal);
  await vi.waitFor(async () => expect(await repo.find(name("old"))).toBeUndefined());
  stopping.abort();
  await keeping;
  expect(await repo.find(name("young"))).toBeDefined();
});

test("a worker deletes old counters, and leaves those that still slow someone down (S12)", async () => {
  const { system } = await givenBusiness();
  const repo = throttleRepo(system.db);
  const [old, young] = [randomBytes(32), randomBytes(32)];
  await repo.charge(old, new Date("2001-01-01T00:00:00Z"));
  await repo.charge(young, new Date());

  const stopping = new AbortController();
  const keeping = runHousekeeping({ system: { ...system, now: () => new Date() }, files, log }, stopping.signal);
  await vi.waitFor(async () => expect(await repo.find(old)).toBeUndefined());
  stopping.abort();
  await keeping;
  expect(await repo.find(young)).toBeDefined();
});

test("a worker deletes what was told to businesses' own programs long ago, and keeps what is young (J10, S66)", async () => {
  const [old, young] = [await givenBusiness({ now: "2001-01-01T00:00:00Z" }), await givenBusiness()];
  for (const shop of [old, young]) {
    await listen(shop);
    await openTask(shop.ctx, { kind: "missed", subject: "a" });
  }
  const stopping = new AbortController();
  const keeping = runHousekeeping({ system: { ...old.system, now: () => new Date() }, files, log }, stopping.signal);
  await vi.waitFor(async () => expect(await keptEvents(old)).toEqual([]));
  stopping.abort();
  await keeping;
  expect(await keptEvents(young)).toEqual(["task.opened"]);
});

test("a worker deletes what providers reported long ago, and keeps what is young or still to be applied (D7)", async () => {
  const { system } = await givenBusiness();
  const repo = providerEventRepo(system.db);
  const long = new Date("2001-01-01T00:00:00Z");
  const report = (appliedAt: Date | null) => ({
    id: newId<"ProviderEvent">(),
    provider: "twilio",
    account: "AC1",
    eventKey: newId(),
    status: "delivered" as const,
    receivedAt: long,
    appliedAt,
  });
  const [old, young, waiting] = [report(long), report(new Date()), report(null)];
  await repo.insertManyOnce([old, young, waiting]);

  const stopping = new AbortController();
  const keeping = runHousekeeping({ system: { ...system, now: () => new Date() }, files, log }, stopping.signal);
  await vi.waitFor(async () => expect(await repo.find(old.id)).toBeUndefined());
  stopping.abort();
  await keeping;
  expect(await repo.find(young.id)).toBeDefined();
  expect(await repo.find(waiting.id)).toBeDefined();
  await repo.finish(waiting.id, "unmatched", new Date());
});
