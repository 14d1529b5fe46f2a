import { idempotencyKeys } from "@reminder-app/db/schema/audit";
import { and, eq } from "drizzle-orm";
import type { Scope } from "../ctx.ts";

export type KeyRow = typeof idempotencyKeys.$inferSelect;
export type Answer = NonNullable<KeyRow["answer"]>;
export type KeyName = Pick<KeyRow, "actor" | "route" | "key">;

/** Every query below is limited to `businessId`; there is no unscoped way in. */
export function idempotencyRepo({ db, businessId }: Scope) {
  const one = ({ actor, route, key }: KeyName) =>
    and(
      eq(idempotencyKeys.businessId, businessId),
      eq(idempotencyKeys.actor, actor),
      eq(idempotencyKeys.route, route),
      eq(idempotencyKeys.key, key),
    );

  /** The row of a request that has ended: it commits together with its answer. */
  async function find(name: KeyName): Promise<KeyRow | undefined> {
    const [row] = await db.select().from(idempotencyKeys).where(one(name));
    return row;
  }

  /** The row, locked. Fails at once with a busy lock while the request that made it still runs. */
  async function lockNow(name: KeyName): Promise<KeyRow | undefined> {
    const [row] = await db.select().from(idempotencyKeys).where(one(name)).for("update", { noWait: true });
    return row;
  }

  async function insert(name: KeyName, row: Pick<KeyRow, "bodyHash" | "createdAt">): Promise<void> {
    await db.insert(idempotencyKeys).values({ ...name, ...row, businessId });
  }

  async function setAnswer(name: KeyName, answer: Answer): Promise<void> {
    await db.update(idempotencyKeys).set({ answer }).where(one(name));
  }

  return { find, lockNow, insert, setAnswer };
}
