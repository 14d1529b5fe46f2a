import type { DbOrTransaction } from "@reminder-app/db/database";
import { contactAddresses } from "@reminder-app/db/schema/clients";
import { suppressions } from "@reminder-app/db/schema/consent";
import { recoveryCodes } from "@reminder-app/db/schema/members";
import { and, count, eq, isNull, notExists, sql } from "drizzle-orm";

/** What is known by a keyed hash alone, over all businesses; for the retirement of keys only. */
export function hashedOnlyRepo(db: DbOrTransaction) {
  /** Suppressions whose hash no client's address has. */
  async function suppressionsOfNoAddress() {
    const { businessId, channel, addressHash } = suppressions;
    const stored = db
      .select({ one: sql`1` })
      .from(contactAddresses)
      .where(
        and(
          eq(contactAddresses.businessId, businessId),
          eq(contactAddresses.channel, channel),
          eq(contactAddresses.addressHash, addressHash),
        ),
      );
    return db
      .select({ businessId, channel, addressHash })
      .from(suppressions)
      .where(and(isNull(suppressions.liftedAt), notExists(stored)));
  }

  async function countRecoveryCodes(): Promise<number> {
    const [row] = await db.select({ count: count() }).from(recoveryCodes).where(isNull(recoveryCodes.usedAt));
    return row?.count ?? 0;
  }

  return { suppressionsOfNoAddress, countRecoveryCodes };
}
