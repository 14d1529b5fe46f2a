import { isDuplicateKey } from "@reminder-app/db/faults";
import { paymentAccounts } from "@reminder-app/db/schema/payments";
import { AppError } from "@reminder-app/platform/errors";
import { eq } from "drizzle-orm";
import type { Scope } from "../ctx.ts";

export type PaymentAccount = typeof paymentAccounts.$inferSelect;

/** Every query below is limited to `businessId`; there is no unscoped way in. */
export function paymentAccountRepo({ db, businessId }: Scope) {
  const mine = eq(paymentAccounts.businessId, businessId);

  async function find(): Promise<PaymentAccount | undefined> {
    const [row] = await db.select().from(paymentAccounts).where(mine);
    return row;
  }

  /** The same, locked until the transaction ends: nobody begins to pay into an account while it is replaced. */
  async function lock(): Promise<PaymentAccount | undefined> {
    const [row] = await db.select().from(paymentAccounts).where(mine).for("update");
    return row;
  }

  /** Writes the one account of the business; `before` is what it has now. Throws `conflict` when it is another's. */
  async function put(account: Omit<PaymentAccount, "businessId">, before: PaymentAccount | undefined): Promise<void> {
    try {
      if (before) await db.update(paymentAccounts).set(account).where(mine);
      else await db.insert(paymentAccounts).values({ ...account, businessId });
    } catch (thrown) {
      if (!isDuplicateKey(thrown)) throw thrown;
      throw new AppError("conflict", "This account belongs to another business here; each has its own");
    }
  }

  async function update(change: Partial<Omit<PaymentAccount, "businessId">>): Promise<void> {
    await db.update(paymentAccounts).set(change).where(mine);
  }

  async function remove(): Promise<void> {
    await db.delete(paymentAccounts).where(mine);
  }

  return { find, lock, put, update, remove };
}
