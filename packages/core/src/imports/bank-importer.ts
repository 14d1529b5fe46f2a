import { sealedColumns } from "@reminder-app/db/sealed-columns";
import { AppError } from "@reminder-app/platform/errors";
import { type Id, newId } from "@reminder-app/platform/ids";
import { civilDateIn } from "@reminder-app/schedule/civil-date";
import { businessRepo } from "../businesses/businesses.repo.ts";
import { clientRepo } from "../clients/clients.repo.ts";
import type { Ctx } from "../ctx.ts";
import { payableOf } from "../payments/balance.ts";
import { type NewBankLine, bankLineRepo } from "../payments/bank-lines.repo.ts";
import { type BankMatch, matchBankLine, referenceKey } from "../payments/match-bank-line.ts";
import { type PaymentRequestSummary, paymentRequestRepo } from "../payments/payment-requests.repo.ts";
import { recordPayment } from "../payments/record-payment.ts";
import type { Columns } from "./fields.ts";
import { type Importer, type Verdict, refused } from "./importer.ts";
import { type BankRow, readBankRow } from "./read-bank-row.ts";
import type { RowIssue } from "./row-issue.ts";
import { createSeenKeys } from "./seen-keys.ts";

interface ReadLine {
  readonly row: number;
  /** The line, and which of those that are like it in this file. */
  readonly line?: BankRow & { readonly nth: number };
  readonly issues: readonly RowIssue[];
}

/** Payments lock what they are for until the chunk ends, so chunks are small. */
const CHUNK = 50;

/**
 * Lines of a statement become bank lines, and payments of what they are surely for. A line that is known from another
 * import is left alone; so is what went out.
 */
export async function bankImporter(ctx: Ctx, columns: Columns): Promise<Importer<ReadLine>> {
  const { timeZone } = await businessRepo(ctx).get();
  const today = civilDateIn(timeZone, ctx.now());
  const seen = createSeenKeys();

  return {
    chunk: CHUNK,
    rowOf: ({ row }) => row,
    applied: () => undefined,
    read: (rows) =>
      rows.map((csv) => {
        const result = readBankRow(csv, columns);
        if ("issues" in result) return { row: csv.row, issues: result.issues };
        const { row } = result;
        if (row.bookedOn > today)
          return { row: csv.row, issues: [{ field: "date", message: `must be ${today} or earlier` }] };
        let nth = 1;
        while (seen.find(keyOf({ ...row, nth })) !== undefined) nth += 1;
        seen.add(keyOf({ ...row, nth }), csv.row);
        return { row: csv.row, line: { ...row, nth }, issues: [] };
      }),
    async apply(tx, rows, write) {
      const lines = rows.flatMap(({ line }) => (line && line.amount > 0 ? [line] : []));
      const prints = new Map(lines.map((line) => [line.row, tx.vault.lookups("bank-line", keyOf(line))]));
      const known = await bankLineRepo(tx).known([...prints.values()].flat());
      const news = lines.filter(({ row }) => !prints.get(row)?.some((print) => known.has(print.toString("hex"))));
      if (write) await takeIn(tx, news, prints);
      const created = new Set(news.map(({ row }) => row));
      return rows.map(({ row, issues }): Verdict => {
        if (issues.length > 0) return refused(row, ...issues);
        return { row, outcome: created.has(row) ? "created" : "unchanged", issues: [] };
      });
    },
  };
}

/** Equal for the same line of the same statement, whenever it is imported. */
function keyOf({ bookedOn, currency, amount, payer, reference, nth }: BankRow & { readonly nth: number }): string {
  return JSON.stringify([bookedOn, currency, amount, payer.toLowerCase(), reference.toLowerCase(), nth]);
}

type Prints = ReadonlyMap<number, readonly Buffer[]>;

async function takeIn(tx: Ctx, lines: readonly BankRow[], prints: Prints): Promise<void> {
  const found = await openRequests(tx, [...new Set(lines.map(({ currency }) => currency))]);
  const rows: NewBankLine[] = [];
  for (const line of lines) {
    const [fingerprint] = prints.get(line.row) ?? [];
    if (!fingerprint) continue;
    const id = newId<"BankLine">();
    const text = textOf(line);
    const match = matchBankLine({ amount: line.amount, text }, found.candidates(line.currency));
    const paymentId = match.kind === "sure" ? await pay(tx, line, found.get(match.id)) : undefined;
    if (paymentId && match.kind === "sure") found.paid(match.id, line.amount);
    rows.push({
      id,
      bookedOn: line.bookedOn,
      currency: line.currency,
      amount: line.amount,
      text: tx.vault.seal(text, sealedColumns.bankLine.cell({ businessId: tx.businessId, id })),
      fingerprint,
      state: paymentId ? "matched" : "open",
      suggestedId: suggestionOf(match),
      paymentId: paymentId ?? null,
      createdAt: tx.now(),
      updatedAt: tx.now(),
    });
  }
  await bankLineRepo(tx).insertMany(rows);
}

function textOf({ payer, reference }: BankRow): string {
  return [payer, reference].filter((part) => part !== "").join(" · ");
}

function suggestionOf(match: BankMatch<Id<"PaymentRequest">>): Id<"PaymentRequest"> | null {
  return match.kind === "open" ? null : match.id;
}

/** Undefined when it is not owed any more: somebody paid it meanwhile, and a person has to look. */
async function pay(
  tx: Ctx,
  { bookedOn: receivedOn, amount, currency }: BankRow,
  request: PaymentRequestSummary | undefined,
): Promise<Id<"Payment"> | undefined> {
  if (!request) return undefined;
  const parts = [{ paymentRequestId: request.id, amount }];
  try {
    const payment = await recordPayment(tx, {
      clientId: request.clientId,
      amount,
      currency,
      method: "bank",
      receivedOn,
      parts,
    });
    return payment.id;
  } catch (thrown) {
    if (thrown instanceof AppError && thrown.code === "validation_failed") return undefined;
    throw thrown;
  }
}

/** What clients owe in some currencies, and how much of it is still to be paid as lines are matched. */
async function openRequests(tx: Ctx, currencies: readonly string[]) {
  const requests = await paymentRequestRepo(tx).openIn(currencies);
  const clients = await clientRepo(tx).some([...new Set(requests.map(({ clientId }) => clientId))]);
  const known = new Map(
    requests.map((request) => {
      const clientName = clients.get(request.clientId)?.name ?? "";
      const candidate = {
        id: request.id,
        key: referenceKey(request.reference),
        payable: payableOf(request),
        clientName,
      };
      return [request.id, { request, candidate }] as const;
    }),
  );
  const byCurrency = Map.groupBy(known.values(), ({ request }) => request.currency);
  const lists = new Map([...byCurrency].map(([currency, own]) => [currency, own.map(({ candidate }) => candidate)]));
  return {
    get: (id: Id<"PaymentRequest">) => known.get(id)?.request,
    candidates: (currency: string) => lists.get(currency) ?? [],
    paid(id: Id<"PaymentRequest">, amount: number) {
      const candidate = known.get(id)?.candidate;
      if (candidate) candidate.payable -= amount;
    },
  };
}
