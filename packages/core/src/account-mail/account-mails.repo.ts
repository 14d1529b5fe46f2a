import type { DbOrTransaction } from "@reminder-app/db/database";
import { accountMails } from "@reminder-app/db/schema/members";
import type { Id } from "@reminder-app/platform/ids";
import { and, eq, sql } from "drizzle-orm";

export type AccountMail = typeof accountMails.$inferSelect;

/** Mail about accounts that is still to be written, whoever asked for it. */
export function accountMailRepo(db: DbOrTransaction) {
  const one = (id: Id<"AccountMail">) => eq(accountMails.id, id);

  async function insert(mail: typeof accountMails.$inferInsert): Promise<void> {
    await db.insert(accountMails).values(mail);
  }

  async function find(id: Id<"AccountMail">): Promise<AccountMail | undefined> {
    const [row] = await db.select().from(accountMails).where(one(id));
    return row;
  }

  /** Ours to send until `nextAt`. False: another was faster. */
  async function claim({ id, nextAt: seen }: AccountMail, nextAt: Date): Promise<boolean> {
    if (!seen) return false;
    const [{ affectedRows }] = await db
      .update(accountMails)
      .set({ nextAt, tries: sql`${accountMails.tries} + 1` })
      .where(and(one(id), eq(accountMails.nextAt, seen)));
    return affectedRows === 1;
  }

  /** Try it again at `nextAt`. */
  async function postpone(id: Id<"AccountMail">, nextAt: Date): Promise<void> {
    await db.update(accountMails).set({ nextAt }).where(one(id));
  }

  async function remove(id: Id<"AccountMail">): Promise<void> {
    await db.delete(accountMails).where(one(id));
  }

  return { insert, find, claim, postpone, remove };
}
