import { sealedColumns } from "@reminder-app/db/sealed-columns";
import { bankLineStates } from "@reminder-app/db/schema/payments";
import { AppError } from "@reminder-app/platform/errors";
import type { Id } from "@reminder-app/platform/ids";
import { z } from "zod";
import { recordAudit } from "../audit/record-audit.ts";
import { type Ctx, inTransaction, requireAllClients, requireRole } from "../ctx.ts";
import { type Page, PageQuery, toPage } from "../page.ts";
import { payableOf } from "./balance.ts";
import { type BankLineRow, bankLineRepo } from "./bank-lines.repo.ts";
import { paymentRequestRepo } from "./payment-requests.repo.ts";
import { recordPayment, removePayment } from "./record-payment.ts";

/** A line of a statement, with its text in clear. */
export interface BankLine extends Omit<BankLineRow, "businessId" | "fingerprint" | "text"> {
  readonly text: string;
}

export const PageBankLinesQuery = PageQuery.extend({ state: z.enum(bankLineStates).optional() });

export const MatchBankLineInput = z.strictObject({
  paymentRequestId: z.uuid().optional().describe("What it is for; what was suggested when left out"),
});

/** Lines of bank statements, the newest first. */
export async function pageBankLines(
  ctx: Ctx,
  { state, limit, cursor }: z.output<typeof PageBankLinesQuery>,
): Promise<Page<BankLine>> {
  requireAllClients(ctx, "see bank lines");
  const rows = await bankLineRepo(ctx).page(state, { limit, cursor: cursor as Id<"BankLine"> | undefined });
  return toPage(
    rows.map((row) => opened(ctx, row)),
    limit,
  );
}

/** Note that a line is the payment of a request. What is more than was owed is the client's credit. */
export async function matchLine(
  ctx: Ctx,
  id: Id<"BankLine">,
  input: z.output<typeof MatchBankLineInput>,
): Promise<BankLine> {
  requireDecider(ctx);
  return inTransaction(ctx, async (tx) => {
    const line = await bankLineRepo(tx).lock(id);
    if (line.state === "matched") throw new AppError("conflict", "The line is matched already; open it again first");
    const requestId = (input.paymentRequestId ?? line.suggestedId) as Id<"PaymentRequest"> | null;
    if (!requestId) throw new AppError("conflict", "Nothing was suggested for the line; name the payment request");
    const request = await paymentRequestRepo(tx).get(requestId);
    const { clientId } = request;
    const part = Math.min(line.amount, payableOf(request));
    if (request.currency !== line.currency || part === 0)
      throw new AppError("conflict", `Nothing of it is owed in ${line.currency}; name another payment request`);
    const { id: paymentId } = await recordPayment(tx, {
      clientId,
      amount: line.amount,
      currency: line.currency,
      method: "bank",
      receivedOn: line.bookedOn,
      parts: [{ paymentRequestId: requestId, amount: part }],
    });
    const change = { state: "matched", suggestedId: requestId, paymentId } as const;
    return decide(tx, line, { change, action: "bank_line.matched" });
  });
}

/** Note that a line is no client's payment. */
export async function ignoreLine(ctx: Ctx, id: Id<"BankLine">): Promise<BankLine> {
  requireDecider(ctx);
  return inTransaction(ctx, async (tx) => {
    const line = await bankLineRepo(tx).lock(id);
    if (line.state === "matched") throw new AppError("conflict", "The line is matched; open it again first");
    if (line.state === "ignored") return opened(tx, line);
    return decide(tx, line, { change: { state: "ignored" }, action: "bank_line.ignored" });
  });
}

/** Take back what was decided about a line: its payment is removed, and what it paid is owed again. */
export async function reopenLine(ctx: Ctx, id: Id<"BankLine">): Promise<BankLine> {
  requireDecider(ctx);
  return inTransaction(ctx, async (tx) => {
    const line = await bankLineRepo(tx).lock(id);
    if (line.state === "open") return opened(tx, line);
    if (line.paymentId) await removePayment(tx, line.paymentId);
    return decide(tx, line, { change: { state: "open", paymentId: null }, action: "bank_line.reopened" });
  });
}

function requireDecider(ctx: Ctx): void {
  requireRole(ctx, "staff", "decide about bank lines");
  requireAllClients(ctx, "decide about bank lines");
}

async function decide(
  tx: Ctx,
  line: BankLineRow,
  {
    change,
    action,
  }: { readonly change: Partial<Pick<BankLineRow, "state" | "suggestedId" | "paymentId">>; readonly action: string },
): Promise<BankLine> {
  const updatedAt = tx.now();
  await bankLineRepo(tx).update(line.id, { ...change, updatedAt });
  const { amount, currency } = line;
  await recordAudit(tx, action, { entityId: line.id, amount, currency, ...change });
  return opened(tx, { ...line, ...change, updatedAt });
}

function opened(ctx: Ctx, { businessId, fingerprint: _, text, ...line }: BankLineRow): BankLine {
  return { ...line, text: ctx.vault.open(text, sealedColumns.bankLine.cell({ businessId, id: line.id })) };
}
