import type { DbOrTransaction } from "@reminder-app/db/database";
import { invitations } from "@reminder-app/db/schema/members";
import { NotFoundError } from "@reminder-app/platform/errors";
import type { Id } from "@reminder-app/platform/ids";
import { and, count, desc, eq, gt, inArray, isNull, lt } from "drizzle-orm";
import type { Scope } from "../ctx.ts";

export type Invitation = typeof invitations.$inferSelect;

/** Invitations to one business. */
export function invitationRepo({ db, businessId }: Scope) {
  const mine = eq(invitations.businessId, businessId);
  const one = (id: Id<"Invitation">) => and(mine, eq(invitations.id, id));
  const open = (now: Date) =>
    and(isNull(invitations.acceptedAt), isNull(invitations.revokedAt), gt(invitations.expiresAt, now));

  async function find(id: Id<"Invitation">): Promise<Invitation | undefined> {
    const [row] = await db.select().from(invitations).where(one(id));
    return row;
  }

  async function get(id: Id<"Invitation">): Promise<Invitation> {
    const row = await find(id);
    if (!row) throw new NotFoundError("Invitation", id);
    return row;
  }

  async function page({ limit, cursor }: { limit: number; cursor?: Id<"Invitation"> | undefined }) {
    return db
      .select()
      .from(invitations)
      .where(and(mine, cursor ? lt(invitations.id, cursor) : undefined))
      .orderBy(desc(invitations.id))
      .limit(limit + 1);
  }

  async function countOpen(now: Date): Promise<number> {
    const [row] = await db
      .select({ open: count() })
      .from(invitations)
      .where(and(mine, open(now)));
    return row?.open ?? 0;
  }

  async function insert(invitation: Omit<typeof invitations.$inferInsert, "businessId">): Promise<void> {
    await db.insert(invitations).values({ ...invitation, businessId });
  }

  async function setTokenHash(id: Id<"Invitation">, tokenHash: Buffer): Promise<void> {
    await db.update(invitations).set({ tokenHash }).where(one(id));
  }

  /** Take back what is still open for an address, by its hashes under all look-up keys. */
  async function revokeOpenFor(emailHashes: readonly Buffer[], now: Date): Promise<void> {
    await db
      .update(invitations)
      .set({ revokedAt: now })
      .where(and(mine, inArray(invitations.emailHash, [...emailHashes]), open(now)));
  }

  /** False when it was accepted or taken back before. */
  async function revoke(id: Id<"Invitation">, now: Date): Promise<boolean> {
    const [{ affectedRows }] = await db
      .update(invitations)
      .set({ revokedAt: now })
      .where(and(one(id), isNull(invitations.acceptedAt), isNull(invitations.revokedAt)));
    return affectedRows === 1;
  }

  /** True for the one caller that accepts it with this token. */
  async function accept(id: Id<"Invitation">, tokenHash: Buffer, now: Date): Promise<boolean> {
    const [{ affectedRows }] = await db
      .update(invitations)
      .set({ acceptedAt: now })
      .where(and(one(id), eq(invitations.tokenHash, tokenHash), open(now)));
    return affectedRows === 1;
  }

  return { find, get, page, countOpen, insert, setTokenHash, revokeOpenFor, revoke, accept };
}

/** Which invitation the token of a link is about. */
export async function findInvitationByToken(
  db: DbOrTransaction,
  tokenHash: Buffer,
): Promise<{ businessId: Id<"Business">; id: Id<"Invitation"> } | undefined> {
  const [row] = await db
    .select({ businessId: invitations.businessId, id: invitations.id })
    .from(invitations)
    .where(eq(invitations.tokenHash, tokenHash));
  return row;
}
