import { importMappings } from "@reminder-app/db/schema/imports";
import { NotFoundError } from "@reminder-app/platform/errors";
import type { Id } from "@reminder-app/platform/ids";
import { and, asc, eq, gt } from "drizzle-orm";
import type { Scope } from "../ctx.ts";

export type ImportMapping = typeof importMappings.$inferSelect;

/** Mappings to be used again. Every query below is limited to `businessId`; there is no unscoped way in. */
export function importMappingRepo({ db, businessId }: Scope) {
  const mine = eq(importMappings.businessId, businessId);
  const one = (id: Id<"ImportMapping">) => and(mine, eq(importMappings.id, id));

  async function get(id: Id<"ImportMapping">): Promise<ImportMapping> {
    const [row] = await db.select().from(importMappings).where(one(id));
    if (!row) throw new NotFoundError("Mapping", id);
    return row;
  }

  async function page({ limit, cursor }: { limit: number; cursor?: Id<"ImportMapping"> | undefined }) {
    return db
      .select()
      .from(importMappings)
      .where(and(mine, cursor && gt(importMappings.id, cursor)))
      .orderBy(asc(importMappings.id))
      .limit(limit + 1);
  }

  /** One of the same kind and name gets the new mapping, and keeps its id. */
  async function put(row: Omit<typeof importMappings.$inferInsert, "businessId">): Promise<ImportMapping> {
    const { kind, name, mapping, updatedAt } = row;
    await db
      .insert(importMappings)
      .values({ ...row, businessId })
      .onDuplicateKeyUpdate({ set: { mapping, updatedAt } });
    const [saved] = await db
      .select()
      .from(importMappings)
      .where(and(mine, eq(importMappings.kind, kind), eq(importMappings.name, name)));
    if (!saved) throw new NotFoundError("Mapping", name);
    return saved;
  }

  async function remove(id: Id<"ImportMapping">): Promise<void> {
    await db.delete(importMappings).where(one(id));
  }

  return { get, page, put, remove };
}
