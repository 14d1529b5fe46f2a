import { expect, test } from "vitest";
import { findColumns } from "./fields.ts";
import { guessDecimal, readAmount } from "./read-amount.ts";
import { readBankRow } from "./read-bank-row.ts";
import { guessOrder, readDate } from "./read-date.ts";

test.each([
  ["1,234.50", ".", "GBP", 123_450],
  ["1.234,50", ",", "EUR", 123_450],
  ["1 234,5 €", ",", "EUR", 123_450],
  ["£1,234", ".", "GBP", 123_400],
  ["1'234.50", ".", "CHF", 123_450],
  ["-12.00", ".", "GBP", -1_200],
  ["12,00-", ",", "EUR", -1_200],
  ["(12.00)", ".", "USD", -1_200],
  ["12.00 DR", ".", "GBP", -1_200],
  ["12.00 CR", ".", "GBP", 1_200],
  ["\u221212.00", ".", "GBP", -1_200],
  ["1,50,000.00", ".", "INR", 15_000_000],
  ["1500", ".", "JPY", 1_500],
  ["1500.00", ".", "JPY", 1_500],
  ["1.234", ".", "KWD", 1_234],
  ["0.00", ".", "GBP", 0],
  ["12.345", ".", "GBP", undefined],
  ["15.5", ".", "JPY", undefined],
  ["1.234,50", ".", "EUR", undefined],
  ["12,34,5.6.7", ".", "GBP", undefined],
  ["twelve", ".", "GBP", undefined],
  ["", ".", "GBP", undefined],
  ["99999999999999999999", ".", "GBP", undefined],
] as const)("%j with %s in %s is %s minor units (B8, H10)", (written, decimal, currency, amount) => {
  expect(readAmount(written, { decimal, currency })).toBe(amount);
});

test.each([
  [["1.234", "1,5"], ","],
  [["1,234.00"], "."],
  [["1.234,00", "12"], ","],
  [["1,234", "12"], undefined],
  [["12"], undefined],
])("of %j the decimal sign is %s (B8)", (samples, sign) => {
  expect(guessDecimal(samples)).toBe(sign);
});

test.each([
  ["2026-03-31", "dmy", "2026-03-31"],
  ["31.03.2026", "dmy", "2026-03-31"],
  ["1/3/26", "dmy", "2026-03-01"],
  ["1/3/26", "mdy", "2026-01-03"],
  ["20260331", "dmy", "2026-03-31"],
  ["31 Mar 2026", "dmy", "2026-03-31"],
  ["2026-03-31T10:00:00Z", "ymd", "2026-03-31"],
  ["31/02/2026", "dmy", undefined],
  ["31/03/2026", "mdy", undefined],
  ["31/03/2026", "ymd", undefined],
  ["soon", "dmy", undefined],
] as const)("the day %j in the order %s is %s (B8)", (written, order, day) => {
  expect(readDate(written, order)).toBe(day);
});

test.each([
  [["01/02/2026", "13/02/2026"], "mdy", "dmy"],
  [["01/02/2026", "02/13/2026"], "dmy", "mdy"],
  [["01/02/2026"], "mdy", "mdy"],
  [["2026-02-01"], "dmy", "dmy"],
  [["01/13/2026", "13/01/2026"], "dmy", undefined],
] as const)("the order of %j, where %s is usual, is %s (B8)", (samples, usual, order) => {
  expect(guessOrder(samples, usual)).toBe(order);
});

const row = (heading: string, cells: string, options = {}) => {
  const found = findColumns("bank", heading.split(";"));
  const mapping = { ...found.mapping, dateOrder: "dmy", decimal: ",", ...options };
  return readBankRow({ row: 2, cells: cells.split(";") }, { ...found, mapping });
};

test("a German statement and one with columns for what came and what went are understood by their headings (B8)", () => {
  expect(
    row("Buchungstag;Auftraggeber;Verwendungszweck;Betrag;Währung", "31.03.2026;Müller GmbH;RE  INV-1042;1.234,50;EUR"),
  ).toEqual({
    row: {
      row: 2,
      bookedOn: "2026-03-31",
      currency: "EUR",
      amount: 123_450,
      payer: "Müller GmbH",
      reference: "RE INV-1042",
    },
  });
  const uk = { decimal: ".", usualCurrency: "GBP" };
  const heading = "Date;Description;Money out;Money in";
  expect(row(heading, "31/03/2026;HILL INV1042;;40.00", uk)).toMatchObject({ row: { amount: 4_000, currency: "GBP" } });
  expect(row(heading, "31/03/2026;RENT;900.00;", uk)).toMatchObject({ row: { amount: -90_000 } });
});

test("what is wrong in a line is told by its field (B8)", () => {
  expect(row("date;amount;currency", "2026-31-12;1.2.3;XXQ")).toMatchObject({
    issues: [{ field: "date" }, { field: "currency" }],
  });
  expect(row("date;amount;currency", "31.12.2026;1.2.3;EUR")).toMatchObject({ issues: [{ field: "amount" }] });
  expect(() => findColumns("bank", ["date", "payer"])).toThrow(/neither a column of amounts nor one of credits/);
});
