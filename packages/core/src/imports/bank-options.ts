import type { ColumnMapping } from "@reminder-app/db/schema/imports";
import { AppError } from "@reminder-app/platform/errors";
import { businessRepo } from "../businesses/businesses.repo.ts";
import type { Ctx } from "../ctx.ts";
import { paymentRequestRepo } from "../payments/payment-requests.repo.ts";
import type { Columns } from "./fields.ts";
import { type DecimalSign, guessDecimal } from "./read-amount.ts";
import type { CsvRow } from "./read-csv.ts";
import { type DateOrder, dateOrders, guessOrder } from "./read-date.ts";
import { meant } from "./row-issue.ts";

/** How a statement writes days and amounts. It is guessed once, shown with the mapping, and kept with it. */
export interface BankOptions {
  readonly dateOrder: DateOrder;
  readonly decimal: DecimalSign;
  /** Of lines that name none. */
  readonly usualCurrency: string | undefined;
}

export function bankOptionsOf(mapping: ColumnMapping): BankOptions {
  return {
    dateOrder: dateOrders.find((order) => order === mapping["dateOrder"]) ?? "ymd",
    decimal: mapping["decimal"] === "," ? "," : ".",
    usualCurrency: mapping["usualCurrency"],
  };
}

/** The mapping with how days and amounts are written in these rows, where it does not say. Throws `validation_failed` when nobody can tell. */
export async function withBankOptions(ctx: Ctx, columns: Columns, rows: readonly CsvRow[]): Promise<ColumnMapping> {
  const { mapping } = columns;
  const samplesOf = (field: string) => {
    const place = columns.places.get(field);
    return place === undefined ? [] : rows.flatMap(({ cells }) => meant(cells[place]) ?? []);
  };
  const { locale } = await businessRepo(ctx).get();
  const dateOrder = mapping["dateOrder"] ?? guessOrder(samplesOf("date"), usualOrder(locale));
  const amounts = ["amount", "credit", "debit"].flatMap(samplesOf);
  const decimal = mapping["decimal"] ?? guessDecimal(amounts) ?? usualDecimal(locale);
  const currencies = columns.places.has("currency") ? [] : await paymentRequestRepo(ctx).currencies();
  const usualCurrency = mapping["usualCurrency"] ?? (currencies.length === 1 ? currencies[0] : undefined);
  const issues = [
    ...(dateOrder ? [] : [{ field: "mapping.dateOrder", message: "the days are written in no way that we know" }]),
    ...(usualCurrency || columns.places.has("currency")
      ? []
      : [{ field: "mapping.usualCurrency", message: "no column names the currency; say here which it is" }]),
  ];
  if (!dateOrder || issues.length > 0)
    throw new AppError("validation_failed", issues.map(({ message }) => message).join("; "), { issues });
  return { ...mapping, dateOrder, decimal, ...(usualCurrency !== undefined && { usualCurrency }) };
}

/** Whether the month comes first where the business is. */
function usualOrder(locale: string): DateOrder {
  const [first] = new Intl.DateTimeFormat(locale, { dateStyle: "short" }).formatToParts(new Date(0));
  if (first?.type === "year") return "ymd";
  return first?.type === "month" ? "mdy" : "dmy";
}

function usualDecimal(locale: string): DecimalSign {
  const parts = new Intl.NumberFormat(locale).formatToParts(1.5);
  return parts.some(({ type, value }) => type === "decimal" && value === ",") ? "," : ".";
}
