import { setTimeout as sleep } from "node:timers/promises";
import { aContact, givenBusiness, liveSystem } from "@reminder-app/testing/given-business";
import { takeIn } from "@reminder-app/testing/given-import";
import { actFor } from "@reminder-app/core/ctx";
import { getImport } from "@reminder-app/core/imports/page-imports";
import { enqueueImports } from "@reminder-app/queues/enqueue";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type GivenWorkers, givenWorkers } from "./given-worker.ts";

let workers: GivenWorkers;
beforeAll(async () => {
  workers = await givenWorkers();
  await workers.start();
  await workers.start();
});
afterAll(() => workers.close());

const rows = Array.from({ length: 1_000 }, (_, at) => `Client ${at},${aContact().addresses?.email}`);
const file = `name,email\n${rows.join("\n")}\n`;

async function untilOver(ctx: Parameters<typeof getImport>[0], id: Parameters<typeof getImport>[1]) {
  for (;;) {
    const { state, ...rest } = await getImport(ctx, id);
    if (state !== "waiting" && state !== "running") return { state, ...rest };
    await sleep(50);
  }
}

test.each(["live", "test"] as const)(
  "a file of a %s business is read by the workers, once (F3)",
  { timeout: 60_000 },
  async (mode) => {
    const shop = await givenBusiness({ mode, ...(mode === "test" && { clockAt: new Date() }) });
    const { id } = await takeIn(shop, file);
    const { businessId } = shop.ctx;
    await enqueueImports(workers.producer, [
      { businessId, importId: id },
      { businessId, importId: id },
    ]);
    const done = await untilOver(actFor(liveSystem, businessId, "test"), id);
    expect(done).toMatchObject({ state: "done", created: 1_000, refused: 0 });
  },
);

test(
  "a file whose job was lost is read all the same, and those of one business take turns (F3, J15)",
  { timeout: 60_000 },
  async () => {
    const shop = await givenBusiness();
    const [one, two] = [await takeIn(shop, file), await takeIn(shop, file)];
    const ctx = actFor(liveSystem, shop.ctx.businessId, "test");
    const done = await Promise.all([one, two].map(({ id }) => untilOver(ctx, id)));
    expect(done.map(({ created, unchanged }) => created + unchanged)).toEqual([1_000, 1_000]);
    expect(done.reduce((all, { created }) => all + created, 0)).toBe(1_000);
  },
);
