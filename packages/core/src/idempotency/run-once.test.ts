import { isLockBusy } from "@reminder-app/db/faults";
import { newId } from "@reminder-app/platform/ids";
import { givenBusiness } from "@reminder-app/testing/given-business";
import { expect, test } from "vitest";
import { type Ctx, inTransaction } from "../ctx.ts";
import { reminderRepo } from "../reminders/reminders.repo.ts";
import { runOnce } from "./run-once.ts";

const once = () => ({ actor: newId(), route: "test", key: newId(), bodyHash: "0".repeat(64) });
const done = { answer: { status: 200, body: null } };

/** Hold a lock in another transaction while `work` runs. */
async function whileLocked<Result>(ctx: Ctx, lock: (tx: Ctx) => Promise<unknown>, work: () => Promise<Result>) {
  return inTransaction(ctx, async (tx) => {
    await lock(tx);
    return work();
  });
}

const impatient = (tx: Ctx) => tx.db.execute("set session innodb_lock_wait_timeout = 1");

test("a lock on something that the work needs says that the thing is busy, not that the key is in use (J9, S43)", async () => {
  const { ctx, reminder } = await givenBusiness();
  const { id } = await reminder();
  const attempt = () =>
    runOnce(ctx, once(), async (tx) => {
      await impatient(tx);
      await reminderRepo(tx).lock(id);
      return done;
    });
  const refused = await whileLocked(
    ctx,
    (tx) => reminderRepo(tx).lock(id),
    () => attempt().catch((error: unknown) => error),
  );
  expect(isLockBusy(refused)).toBe(true);
  expect(refused).not.toMatchObject({ code: "idempotency_in_progress" });
  expect((await attempt()).kind).toBe("ran");
});

test("while the request that made a key still runs, another one with it is told so (J9)", async () => {
  const { ctx } = await givenBusiness();
  const key = once();
  await runOnce(ctx, key, async () => {
    await expect(runOnce(ctx, key, async () => done)).rejects.toMatchObject({ code: "idempotency_in_progress" });
    return done;
  });
  expect((await runOnce(ctx, key, async () => done)).kind).toBe("replayed");
});
