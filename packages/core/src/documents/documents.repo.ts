import { isOneOf } from "@reminder-app/db/bulk";
import { type DocumentDirection, documents } from "@reminder-app/db/schema/documents";
import { NotFoundError } from "@reminder-app/platform/errors";
import type { Id } from "@reminder-app/platform/ids";
import { and, count, desc, eq, inArray, isNull, lt } from "drizzle-orm";
import { withinReach } from "../clients/client-staff.repo.ts";
import type { Scope } from "../ctx.ts";

export type Document = typeof documents.$inferSelect;
export type NewDocument = Omit<typeof documents.$inferInsert, "businessId">;

/** What it takes for two files to be one. */
export type Sameness = Pick<Document, "clientId" | "assignmentId" | "itemId" | "direction"> & {
  readonly sha256: Buffer;
};

/** Every query below is limited to `businessId`, and to the clients within reach; there is no unscoped way in. */
export function documentRepo(scope: Scope) {
  const { db, businessId } = scope;
  const mine = and(eq(documents.businessId, businessId), withinReach(scope, documents.clientId));
  const one = (id: Id<"Document">) => and(mine, eq(documents.id, id));

  async function find(id: Id<"Document">): Promise<Document | undefined> {
    const [row] = await db.select().from(documents).where(one(id));
    return row;
  }

  async function get(id: Id<"Document">): Promise<Document> {
    const row = await find(id);
    if (!row) throw new NotFoundError("Document", id);
    return row;
  }

  /** The row, locked until the transaction ends. */
  async function lock(id: Id<"Document">): Promise<Document> {
    const [row] = await db.select().from(documents).where(one(id)).for("update");
    if (!row) throw new NotFoundError("Document", id);
    return row;
  }

  /** Of one client, the newest first, without those that are still coming. */
  async function page(
    { clientId, direction }: { clientId: Id<"Client">; direction?: DocumentDirection | undefined },
    { limit, cursor }: { limit: number; cursor?: Id<"Document"> | undefined },
  ): Promise<Document[]> {
    return db
      .select()
      .from(documents)
      .where(
        and(
          mine,
          eq(documents.clientId, clientId),
          inArray(documents.state, ["ready", "infected", "deleted"]),
          direction && eq(documents.direction, direction),
          cursor && lt(documents.id, cursor),
        ),
      )
      .orderBy(desc(documents.id))
      .limit(limit + 1);
  }

  /** What can be read of some items of checklists, the newest first. */
  async function ofItems(itemIds: readonly Id<"ChecklistItem">[]): Promise<Document[]> {
    return db
      .select()
      .from(documents)
      .where(and(mine, isOneOf(documents.itemId, itemIds), eq(documents.state, "ready")))
      .orderBy(desc(documents.id));
  }

  async function countOfItem(itemId: Id<"ChecklistItem">): Promise<number> {
    const [row] = await db
      .select({ found: count() })
      .from(documents)
      .where(and(mine, eq(documents.itemId, itemId), inArray(documents.state, ["storing", "ready"])));
    return row?.found ?? 0;
  }

  /** A file that is there already, of the same content and about the same. */
  async function findSame({
    sha256,
    clientId,
    assignmentId,
    itemId,
    direction,
  }: Sameness): Promise<Document | undefined> {
    const [row] = await db
      .select()
      .from(documents)
      .where(
        and(
          mine,
          eq(documents.clientId, clientId),
          eq(documents.state, "ready"),
          eq(documents.direction, direction),
          assignmentId ? eq(documents.assignmentId, assignmentId) : isNull(documents.assignmentId),
          itemId ? eq(documents.itemId, itemId) : isNull(documents.itemId),
          eq(documents.sha256, sha256),
        ),
      )
      .limit(1);
    return row;
  }

  /** What was stored before and can still be read. */
  async function readyBefore(before: Date, limit: number): Promise<Document[]> {
    return db
      .select()
      .from(documents)
      .where(and(mine, eq(documents.state, "ready"), lt(documents.createdAt, before)))
      .limit(limit);
  }

  async function insert(document: NewDocument): Promise<void> {
    await db.insert(documents).values({ ...document, businessId });
  }

  async function update(id: Id<"Document">, change: Partial<NewDocument>): Promise<void> {
    await db.update(documents).set(change).where(one(id));
  }

  /** Forget a file that never came whole. */
  async function removeUnstored(id: Id<"Document">): Promise<void> {
    await db.delete(documents).where(and(one(id), eq(documents.state, "storing")));
  }

  return { find, get, lock, page, ofItems, countOfItem, findSame, readyBefore, insert, update, removeUnstored };
}
