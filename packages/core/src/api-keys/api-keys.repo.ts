import { apiKeys } from "@reminder-app/db/schema/access";
import { NotFoundError } from "@reminder-app/platform/errors";
import type { Id } from "@reminder-app/platform/ids";
import { and, desc, eq, getTableColumns, isNull, lt, lte, or } from "drizzle-orm";
import type { Scope } from "../ctx.ts";

const { keyHash: _, ...columns } = getTableColumns(apiKeys);
/** A key as it may be shown: not the key, nor its hash. */
export type ApiKey = Omit<typeof apiKeys.$inferSelect, "keyHash">;

/** Every query below is limited to `businessId`; there is no unscoped way in. */
export function apiKeyRepo({ db, businessId }: Scope) {
  const mine = eq(apiKeys.businessId, businessId);
  const one = (id: Id<"ApiKey">) => and(mine, eq(apiKeys.id, id));

  async function get(id: Id<"ApiKey">): Promise<ApiKey> {
    const [row] = await db.select(columns).from(apiKeys).where(one(id));
    if (!row) throw new NotFoundError("API key", id);
    return row;
  }

  /** The newest first. */
  async function page({ limit, cursor }: { limit: number; cursor?: Id<"ApiKey"> | undefined }): Promise<ApiKey[]> {
    return db
      .select(columns)
      .from(apiKeys)
      .where(and(mine, cursor && lt(apiKeys.id, cursor)))
      .orderBy(desc(apiKeys.id))
      .limit(limit + 1);
  }

  async function insert(key: Omit<typeof apiKeys.$inferInsert, "businessId">): Promise<void> {
    await db.insert(apiKeys).values({ ...key, businessId });
  }

  /** False when it was revoked before. */
  async function revoke(id: Id<"ApiKey">, revokedAt: Date): Promise<boolean> {
    const [{ affectedRows }] = await db
      .update(apiKeys)
      .set({ revokedAt })
      .where(and(one(id), isNull(apiKeys.revokedAt)));
    return affectedRows === 1;
  }

  /** Note a use, unless one after `since` is noted already. */
  async function touch(id: Id<"ApiKey">, lastUsedAt: Date, since: Date): Promise<void> {
    await db
      .update(apiKeys)
      .set({ lastUsedAt })
      .where(and(one(id), or(isNull(apiKeys.lastUsedAt), lte(apiKeys.lastUsedAt, since))));
  }

  return { get, page, insert, revoke, touch };
}
