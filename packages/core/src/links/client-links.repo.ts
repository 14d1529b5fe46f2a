import { isOneOf } from "@reminder-app/db/bulk";
import { type LinkPurpose, clientLinks } from "@reminder-app/db/schema/documents";
import { NotFoundError } from "@reminder-app/platform/errors";
import type { Id } from "@reminder-app/platform/ids";
import { and, asc, desc, eq, gte, isNull, lt } from "drizzle-orm";
import { withinReach } from "../clients/client-staff.repo.ts";
import type { Scope } from "../ctx.ts";

export type ClientLink = typeof clientLinks.$inferSelect;
export type NewClientLink = Omit<typeof clientLinks.$inferInsert, "businessId">;

/** Every query below is limited to `businessId`, and to the clients within reach; there is no unscoped way in. */
export function clientLinkRepo(scope: Scope) {
  const { db, businessId } = scope;
  const mine = and(eq(clientLinks.businessId, businessId), withinReach(scope, clientLinks.clientId));
  const one = (id: Id<"ClientLink">) => and(mine, eq(clientLinks.id, id));

  async function get(id: Id<"ClientLink">): Promise<ClientLink> {
    const [row] = await db.select().from(clientLinks).where(one(id));
    if (!row) throw new NotFoundError("Link", id);
    return row;
  }

  /** The row, locked until the transaction ends. */
  async function lock(id: Id<"ClientLink">): Promise<ClientLink> {
    const [row] = await db.select().from(clientLinks).where(one(id)).for("update");
    if (!row) throw new NotFoundError("Link", id);
    return row;
  }

  /** Of one client, the newest first. */
  async function page(
    clientId: Id<"Client">,
    { limit, cursor }: { limit: number; cursor?: Id<"ClientLink"> | undefined },
  ): Promise<ClientLink[]> {
    return db
      .select()
      .from(clientLinks)
      .where(and(mine, eq(clientLinks.clientId, clientId), cursor && lt(clientLinks.id, cursor)))
      .orderBy(desc(clientLinks.id))
      .limit(limit + 1);
  }

  /** The links of some contacts that still open at `until`, the oldest first. */
  async function lasting(
    purpose: LinkPurpose,
    contactIds: readonly Id<"Contact">[],
    until: Date,
  ): Promise<ClientLink[]> {
    return db
      .select()
      .from(clientLinks)
      .where(
        and(
          mine,
          isOneOf(clientLinks.contactId, contactIds),
          eq(clientLinks.purpose, purpose),
          isNull(clientLinks.revokedAt),
          gte(clientLinks.expiresAt, until),
        ),
      )
      .orderBy(asc(clientLinks.id));
  }

  /** The calendar feeds of a contact, or of the client where it is for nobody in particular, the oldest first. */
  async function feeds(clientId: Id<"Client">, contactId: Id<"Contact"> | null, now: Date): Promise<ClientLink[]> {
    return db
      .select()
      .from(clientLinks)
      .where(
        and(
          mine,
          eq(clientLinks.clientId, clientId),
          contactId ? eq(clientLinks.contactId, contactId) : isNull(clientLinks.contactId),
          eq(clientLinks.purpose, "calendar"),
          isNull(clientLinks.revokedAt),
          gte(clientLinks.expiresAt, now),
        ),
      )
      .orderBy(asc(clientLinks.id));
  }

  async function insertMany(rows: readonly NewClientLink[]): Promise<void> {
    if (rows.length === 0) return;
    await db.insert(clientLinks).values(rows.map((row) => ({ ...row, businessId })));
  }

  /** Take away those links of a client that are not taken away yet. Answers how many. */
  async function revoke(
    clientId: Id<"Client">,
    which: { readonly id?: Id<"ClientLink"> },
    revokedAt: Date,
  ): Promise<number> {
    const [{ affectedRows }] = await db
      .update(clientLinks)
      .set({ revokedAt })
      .where(
        and(
          mine,
          eq(clientLinks.clientId, clientId),
          which.id && eq(clientLinks.id, which.id),
          isNull(clientLinks.revokedAt),
        ),
      );
    return affectedRows;
  }

  return { get, lock, page, lasting, feeds, insertMany, revoke };
}
