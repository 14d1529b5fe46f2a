import { setTimeout as sleep } from "node:timers/promises";
import { clientRepo } from "@reminder-app/core/clients/clients.repo";
import { PageClientsQuery, pageClients } from "@reminder-app/core/clients/page-clients";
import { inTransaction } from "@reminder-app/core/ctx";
import { newId } from "@reminder-app/platform/ids";
import { givenBusiness } from "@reminder-app/testing/given-business";
import { expect, test } from "vitest";
import { withDeadline } from "./deadline.ts";

test("what is done in time is answered, and what takes too long is a 503 (S43)", async () => {
  expect(await withDeadline(async () => "done", 10_000)).toBe("done");
  await expect(withDeadline(() => sleep(60_000, "late", { ref: false }), 20)).rejects.toMatchObject({
    code: "database_unavailable",
  });
});

test("what nobody waits for any more commits nothing, neither what it has begun nor what it would begin (S43)", async () => {
  const { ctx, client, clock } = await givenBusiness();
  const known = await client();
  const insert = (tx: typeof ctx) => {
    const at = clock.now();
    const fields = { name: "Hill Ltd", externalId: null, timeZone: null, locale: null };
    return clientRepo(tx).insert({ id: newId(), ...fields, createdAt: at, updatedAt: at });
  };
  const ended: unknown[] = [];
  const late = withDeadline(async (signal) => {
    const begun = inTransaction({ ...ctx, signal }, async (tx) => {
      await insert(tx);
      await new Promise((resolve) => signal.addEventListener("abort", resolve));
    });
    ended.push(await begun.catch((error: unknown) => error));
    ended.push(await inTransaction({ ...ctx, signal }, insert).catch((error: unknown) => error));
  }, 200);
  await expect(late).rejects.toMatchObject({ code: "database_unavailable" });
  await expect.poll(() => ended).toEqual([expect.any(Error), expect.any(Error)]);
  const { items } = await pageClients(ctx, PageClientsQuery.parse({}));
  expect(items.map(({ id }) => id)).toEqual([known.id]);
});
