import { insertRows } from "@reminder-app/db/bulk";
import { importErrors, imports } from "@reminder-app/db/schema/imports";
import { NotFoundError } from "@reminder-app/platform/errors";
import type { Id } from "@reminder-app/platform/ids";
import { type SQL, and, asc, desc, eq, gt, inArray, isNull, lt, or, sql } from "drizzle-orm";
import type { Scope } from "../ctx.ts";

export type Import = typeof imports.$inferSelect;
export type NewImport = Omit<typeof imports.$inferInsert, "businessId">;
export type ImportError = Omit<typeof importErrors.$inferSelect, "businessId" | "importId">;

/** An import that is under way, under a lease that only the one with its fence may use. */
export interface ClaimedImport {
  readonly id: Id<"Import">;
  readonly fence: number;
}

const unfinished = ["waiting", "running"] as const;
/** By the database's clock, as all leases are. */
const leaseFor = (ms: number): SQL<Date> => sql`date_add(utc_timestamp(3), interval ${ms * 1_000} microsecond)`;

/** Every query below is limited to `businessId`; there is no unscoped way in. */
export function importRepo({ db, businessId }: Scope) {
  const mine = eq(imports.businessId, businessId);
  const one = (id: Id<"Import">) => and(mine, eq(imports.id, id));
  const held = ({ id, fence }: ClaimedImport) => and(one(id), eq(imports.fence, fence), eq(imports.state, "running"));

  async function find(id: Id<"Import">): Promise<Import | undefined> {
    const [row] = await db.select().from(imports).where(one(id));
    return row;
  }

  async function get(id: Id<"Import">): Promise<Import> {
    const row = await find(id);
    if (!row) throw new NotFoundError("Import", id);
    return row;
  }

  /** The newest first. */
  async function page({ limit, cursor }: { limit: number; cursor?: Id<"Import"> | undefined }): Promise<Import[]> {
    return db
      .select()
      .from(imports)
      .where(and(mine, cursor && lt(imports.id, cursor)))
      .orderBy(desc(imports.id))
      .limit(limit + 1);
  }

  async function insert(row: NewImport): Promise<void> {
    await db.insert(imports).values({ ...row, businessId });
  }

  /** What waits or runs, locked, with whether its lease holds. */
  async function lockUnfinished(): Promise<(Import & { readonly isHeld: boolean })[]> {
    const rows = await db
      .select({ row: imports, isHeld: sql<number | string>`coalesce(${imports.leaseUntil} > utc_timestamp(3), 0)` })
      .from(imports)
      .where(and(mine, inArray(imports.state, [...unfinished])))
      .orderBy(asc(imports.id))
      .for("update");
    return rows.map(({ row, isHeld }) => ({ ...row, isHeld: Number(isHeld) === 1 }));
  }

  async function update(id: Id<"Import">, change: Partial<NewImport>): Promise<void> {
    await db.update(imports).set(change).where(one(id));
  }

  async function lease({ id, fence }: ClaimedImport, ms: number, change: Partial<NewImport>): Promise<void> {
    await db
      .update(imports)
      .set({ ...change, state: "running", fence, leaseUntil: leaseFor(ms) })
      .where(one(id));
  }

  /** False: it is not ours any more, and nothing was written. */
  async function updateHeld(claim: ClaimedImport, change: Partial<NewImport>, leaseMs?: number): Promise<boolean> {
    const [{ affectedRows }] = await db
      .update(imports)
      .set({ ...change, ...(leaseMs !== undefined && { leaseUntil: leaseFor(leaseMs) }) })
      .where(held(claim));
    return affectedRows === 1;
  }

  /** Count rows that are done. False: the import is not ours any more. */
  async function moveOn(
    claim: ClaimedImport,
    { leaseMs, now, ...moved }: Moved & { readonly leaseMs: number; readonly now: Date },
  ): Promise<boolean> {
    const [{ affectedRows }] = await db
      .update(imports)
      .set({
        rowsDone: moved.rowsDone,
        created: sql`${imports.created} + ${moved.created}`,
        changed: sql`${imports.changed} + ${moved.changed}`,
        unchanged: sql`${imports.unchanged} + ${moved.unchanged}`,
        refused: sql`${imports.refused} + ${moved.refused}`,
        crashes: 0,
        leaseUntil: leaseFor(leaseMs),
        updatedAt: now,
      })
      .where(held(claim));
    return affectedRows === 1;
  }

  /** Whether a file belongs to an import that has not ended, or has since `before`. */
  async function isNeeded(fileKey: string, before: Date): Promise<boolean> {
    const [row] = await db
      .select({ id: imports.id })
      .from(imports)
      .where(and(mine, eq(imports.fileKey, fileKey), or(isNull(imports.finishedAt), gt(imports.finishedAt, before))))
      .limit(1);
    return row !== undefined;
  }

  async function insertErrors(importId: Id<"Import">, errors: readonly ImportError[]): Promise<void> {
    if (errors.length === 0) return;
    await db.execute(
      insertRows(
        importErrors,
        errors.map((error) => ({ ...error, businessId, importId })),
      ),
    );
  }

  /** In the order of the file; the ones after the row `after`. */
  async function pageErrors(
    importId: Id<"Import">,
    { limit, after }: { limit: number; after: number },
  ): Promise<ImportError[]> {
    const { row, position, field, message } = importErrors;
    return db
      .select({ row, position, field, message })
      .from(importErrors)
      .where(and(eq(importErrors.businessId, businessId), eq(importErrors.importId, importId), gt(row, after)))
      .orderBy(asc(row), asc(position))
      .limit(limit);
  }

  return {
    find,
    get,
    page,
    insert,
    lockUnfinished,
    update,
    lease,
    updateHeld,
    moveOn,
    isNeeded,
    insertErrors,
    pageErrors,
  };
}

/** How far an import got with some rows, and how many of them became what. */
export interface Moved {
  readonly rowsDone: number;
  readonly created: number;
  readonly changed: number;
  readonly unchanged: number;
  readonly refused: number;
}
