import { randomBytes } from "node:crypto";
import { throttleRepo } from "@reminder-app/core/throttling/throttles.repo";
import { givenBusiness } from "@reminder-app/testing/given-business";
import { expect, test, vi } from "vitest";
import { log } from "./given-worker.ts";
import { runHousekeeping } from "./housekeeping.ts";

test("a worker deletes old counters, and leaves those that still slow someone down (S12)", async () => {
  const { system } = await givenBusiness();
  const repo = throttleRepo(system.db);
  const [old, young] = [randomBytes(32), randomBytes(32)];
  await repo.charge(old, new Date("2001-01-01T00:00:00Z"));
  await repo.charge(young, new Date());

  const stopping = new AbortController();
  const keeping = runHousekeeping({ system: { ...system, now: () => new Date() }, log }, stopping.signal);
  await vi.waitFor(async () => expect(await repo.find(old)).toBeUndefined());
  stopping.abort();
  await keeping;
  expect(await repo.find(young)).toBeDefined();
});
