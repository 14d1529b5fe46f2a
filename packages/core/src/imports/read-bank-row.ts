import { currencySchema } from "../payments/request-input.ts";
import { hasHiddenCharacters } from "../hidden-characters.ts";
import { type BankOptions, bankOptionsOf } from "./bank-options.ts";
import type { BankField, Columns } from "./fields.ts";
import { readAmount } from "./read-amount.ts";
import type { CsvRow } from "./read-csv.ts";
import { readDate } from "./read-date.ts";
import { type RowIssue, beyondHeading, meant } from "./row-issue.ts";

const MOST_TEXT = 500;

/** A line of a statement. `amount` in minor units; what went out is negative. */
export interface BankRow {
  readonly row: number;
  readonly bookedOn: string;
  readonly currency: string;
  readonly amount: number;
  readonly payer: string;
  readonly reference: string;
}

export type ReadBankRow = { readonly row: BankRow } | { readonly issues: readonly RowIssue[] };

export function readBankRow({ row, cells }: CsvRow, columns: Columns): ReadBankRow {
  const options = bankOptionsOf(columns.mapping);
  const say = (field: BankField) => {
    const place = columns.places.get(field);
    return place === undefined ? undefined : meant(cells[place]);
  };
  const issues: RowIssue[] = beyondHeading(cells, columns.count);
  const bookedOn = readDate(say("date") ?? "", options.dateOrder);
  if (bookedOn === undefined) issues.push({ field: "date", message: `must be a day, written as ${shape(options)}` });
  const named = currencySchema.safeParse((say("currency") ?? options.usualCurrency ?? "").toUpperCase());
  if (!named.success) issues.push({ field: "currency", message: "must be an ISO 4217 code such as GBP" });
  const amount = named.success ? amountOf(say, { ...options, currency: named.data }) : undefined;
  if (named.success && amount === undefined)
    issues.push({
      field: "amount",
      message: `must be an amount in ${named.data} with ${options.decimal} before its decimals`,
    });
  const text = { payer: plain(say("payer")), reference: plain(say("reference")) };
  if (bookedOn === undefined || !named.success || amount === undefined || issues.length > 0) return { issues };
  return { row: { row, bookedOn, currency: named.data, amount, ...text } };
}

function amountOf(
  say: (field: BankField) => string | undefined,
  options: BankOptions & { readonly currency: string },
): number | undefined {
  const [amount, credit, debit] = [say("amount"), say("credit"), say("debit")];
  if (amount !== undefined) return readAmount(amount, options);
  if (credit === undefined && debit === undefined) return undefined;
  const came = credit === undefined ? 0 : readAmount(credit, options);
  const went = debit === undefined ? 0 : readAmount(debit, options);
  return came === undefined || went === undefined ? undefined : came - Math.abs(went);
}

/** One line without anything hidden: it is shown, and compared with other statements. */
function plain(text: string | undefined): string {
  const line = (text ?? "").replaceAll(/\s+/g, " ").slice(0, MOST_TEXT).toWellFormed();
  return hasHiddenCharacters(line)
    ? Array.from(line)
        .filter((letter) => !hasHiddenCharacters(letter))
        .join("")
    : line;
}

const shapes = { ymd: "2026-03-31", dmy: "31.03.2026", mdy: "03/31/2026" } as const;

function shape({ dateOrder }: BankOptions): string {
  return shapes[dateOrder];
}
