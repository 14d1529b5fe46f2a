import { insertRows, isOneOf } from "@reminder-app/db/bulk";
import { type BankLineState, bankLines } from "@reminder-app/db/schema/payments";
import { NotFoundError } from "@reminder-app/platform/errors";
import type { Id } from "@reminder-app/platform/ids";
import { and, desc, eq, lt } from "drizzle-orm";
import type { Scope } from "../ctx.ts";

export type BankLineRow = typeof bankLines.$inferSelect;
export type NewBankLine = Omit<typeof bankLines.$inferInsert, "businessId">;

/** Lines of bank statements. Every query below is limited to `businessId`; there is no unscoped way in. */
export function bankLineRepo({ db, businessId }: Scope) {
  const mine = eq(bankLines.businessId, businessId);
  const one = (id: Id<"BankLine">) => and(mine, eq(bankLines.id, id));

  async function lock(id: Id<"BankLine">): Promise<BankLineRow> {
    const [row] = await db.select().from(bankLines).where(one(id)).for("update");
    if (!row) throw new NotFoundError("Bank line", id);
    return row;
  }

  /** Which of these lines are there. */
  async function known(fingerprints: readonly Buffer[]): Promise<ReadonlySet<string>> {
    if (fingerprints.length === 0) return new Set();
    const rows = await db
      .select({ fingerprint: bankLines.fingerprint })
      .from(bankLines)
      .where(and(mine, isOneOf(bankLines.fingerprint, fingerprints)));
    return new Set(rows.map(({ fingerprint }) => fingerprint.toString("hex")));
  }

  /** The newest first. */
  async function page(
    state: BankLineState | undefined,
    { limit, cursor }: { limit: number; cursor?: Id<"BankLine"> | undefined },
  ): Promise<BankLineRow[]> {
    return db
      .select()
      .from(bankLines)
      .where(and(mine, state && eq(bankLines.state, state), cursor && lt(bankLines.id, cursor)))
      .orderBy(desc(bankLines.id))
      .limit(limit + 1);
  }

  async function insertMany(rows: readonly NewBankLine[]): Promise<void> {
    if (rows.length === 0) return;
    await db.execute(
      insertRows(
        bankLines,
        rows.map((row) => ({ ...row, businessId })),
      ),
    );
  }

  async function update(id: Id<"BankLine">, change: Partial<NewBankLine>): Promise<void> {
    await db.update(bankLines).set(change).where(one(id));
  }

  /** What a payment was recorded for is to be decided once more. */
  async function reopenOf(paymentId: Id<"Payment">, updatedAt: Date): Promise<void> {
    await db
      .update(bankLines)
      .set({ state: "open", paymentId: null, updatedAt })
      .where(and(mine, eq(bankLines.paymentId, paymentId)));
  }

  return { lock, known, page, insertMany, update, reopenOf };
}
