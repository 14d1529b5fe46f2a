import { type GivenBusiness, givenBusiness } from "@reminder-app/testing/given-business";
import { importFile, takeIn } from "@reminder-app/testing/given-import";
import { expect, test } from "vitest";
import { createPaymentRequest } from "../payments/create-payment-request.ts";
import { CreatePaymentRequestInput } from "../payments/create-payment-request.ts";
import {
  MatchBankLineInput,
  PageBankLinesQuery,
  ignoreLine,
  matchLine,
  pageBankLines,
  reopenLine,
} from "../payments/decide-bank-line.ts";
import { paymentRequestRepo } from "../payments/payment-requests.repo.ts";
import { removePayment } from "../payments/record-payment.ts";

async function givenOwed(shop: GivenBusiness, reference: string, amount: number, name = "Hill & Sons Ltd") {
  const client = await shop.client({ name });
  const input = {
    clientId: client.id,
    reference,
    title: "Invoice",
    currency: "GBP",
    items: [{ description: "Work", amount }],
  };
  return createPaymentRequest(shop.ctx, CreatePaymentRequestInput.parse(input));
}

async function linesOf({ ctx }: GivenBusiness) {
  const { items } = await pageBankLines(ctx, PageBankLinesQuery.parse({ limit: 100 }));
  return items.toReversed();
}

const bank = { kind: "bank" } as const;
const heading = "Date,Name,Reference,Amount,Currency";
const statement = [
  heading,
  "27/02/2027,HILL & SONS,INV-1042,60.00,GBP",
  "27/02/2027,DALE LTD,thank you,50.00,GBP",
  "28/02/2027,SOMEBODY,a gift,7.00,GBP",
  "28/02/2027,SOMEBODY,a gift,7.00,GBP",
  "28/02/2027,Landlord,rent,-900.00,GBP",
  "31/12/2027,Later,x,1.00,GBP",
].join("\n");

test("a line with a request's reference is its payment, one that is likely is suggested, and the rest waits (B8)", async () => {
  const shop = await givenBusiness();
  const hill = await givenOwed(shop, "INV-1042", 10_000);
  const dale = await givenOwed(shop, "INV-7", 5_000, "Dale Ltd");
  const done = await importFile(shop, statement, bank);
  expect(done).toMatchObject({ state: "done", created: 4, unchanged: 1, refused: 1 });
  expect(done.mapping).toEqual({
    date: "Date",
    amount: "Amount",
    currency: "Currency",
    payer: "Name",
    reference: "Reference",
    dateOrder: "dmy",
    decimal: ".",
  });
  expect(await linesOf(shop)).toMatchObject([
    { state: "matched", suggestedId: hill.id, bookedOn: "2027-02-27", amount: 6_000, text: "HILL & SONS · INV-1042" },
    { state: "open", suggestedId: dale.id },
    { state: "open", suggestedId: null },
    { state: "open", suggestedId: null },
  ]);
  expect(await paymentRequestRepo(shop.ctx).get(hill.id)).toMatchObject({ paid: 6_000, state: "open" });
});

test("the same statement again, whole or in part, pays nothing twice (B8)", async () => {
  const shop = await givenBusiness();
  const hill = await givenOwed(shop, "INV-1042", 10_000);
  await importFile(shop, statement, bank);
  expect(await importFile(shop, statement, bank)).toMatchObject({ created: 0, unchanged: 5 });
  const longer =
    `${heading}\n28/02/2027,SOMEBODY,a gift,7.00,GBP\n`.repeat(1) + "28/02/2027,Somebody,A gift,7.00,GBP\n".repeat(2);
  expect(await importFile(shop, longer, bank)).toMatchObject({ created: 1, unchanged: 2 });
  expect(await paymentRequestRepo(shop.ctx).get(hill.id)).toMatchObject({ paid: 6_000 });
});

test("two lines for one request pay it once, and the second waits for a person when nothing is owed any more (B8)", async () => {
  const shop = await givenBusiness();
  const hill = await givenOwed(shop, "INV-1042", 10_000);
  const rows = "01/03/2027,a,INV-1042,100.00,GBP\n01/03/2027,b,INV-1042,100.00,GBP\n";
  await importFile(shop, `${heading}\n${rows}`, bank);
  expect((await linesOf(shop)).map(({ state }) => state)).toEqual(["matched", "open"]);
  expect(await paymentRequestRepo(shop.ctx).get(hill.id)).toMatchObject({ paid: 10_000, state: "paid" });
});

test("staff accept what was suggested, match by hand, ignore, and take any of it back (B8)", async () => {
  const shop = await givenBusiness();
  const dale = await givenOwed(shop, "INV-7", 5_000, "Dale Ltd");
  await importFile(shop, statement, bank);
  const [hills, dales, gift] = await linesOf(shop);
  const accepted = await matchLine(shop.ctx, dales!.id, MatchBankLineInput.parse({}));
  expect(accepted).toMatchObject({ state: "matched", suggestedId: dale.id });
  expect(await paymentRequestRepo(shop.ctx).get(dale.id)).toMatchObject({ paid: 5_000, state: "paid" });
  await expect(matchLine(shop.ctx, dales!.id, {})).rejects.toMatchObject({ code: "conflict" });
  await expect(matchLine(shop.ctx, hills!.id, {})).rejects.toMatchObject({ code: "conflict" });
  await expect(matchLine(shop.ctx, hills!.id, { paymentRequestId: dale.id })).rejects.toMatchObject({
    code: "conflict",
  });
  expect(await ignoreLine(shop.ctx, gift!.id)).toMatchObject({ state: "ignored" });

  expect(await reopenLine(shop.ctx, dales!.id)).toMatchObject({ state: "open", paymentId: null });
  expect(await paymentRequestRepo(shop.ctx).get(dale.id)).toMatchObject({ paid: 0, state: "open" });
  expect(await reopenLine(shop.ctx, gift!.id)).toMatchObject({ state: "open" });
});

test("a payment that is removed leaves its line to be decided anew (B8)", async () => {
  const shop = await givenBusiness();
  await givenOwed(shop, "INV-1042", 10_000);
  await importFile(shop, statement, bank);
  const [line] = await linesOf(shop);
  await removePayment(shop.ctx, line!.paymentId!);
  expect((await linesOf(shop))[0]).toMatchObject({ state: "open", paymentId: null });
});

test("a dry run of a statement pays nothing (B8, F3)", async () => {
  const shop = await givenBusiness();
  const hill = await givenOwed(shop, "INV-1042", 10_000);
  expect(await importFile(shop, statement, { ...bank, dryRun: true })).toMatchObject({ created: 4, unchanged: 1 });
  expect(await linesOf(shop)).toEqual([]);
  expect(await paymentRequestRepo(shop.ctx).get(hill.id)).toMatchObject({ paid: 0 });
});

test("a statement without a currency is in the one in which the business asks, or in the one that is named (B8)", async () => {
  const shop = await givenBusiness();
  const rows = "Buchungstag;Betrag\n31.01.2027;1.234,50\n";
  await expect(takeIn(shop, rows, bank)).rejects.toMatchObject({ issues: [{ field: "mapping.usualCurrency" }] });
  expect(await importFile(shop, rows, { ...bank, mapping: '{"usualCurrency":"EUR"}' })).toMatchObject({ created: 1 });
  await givenOwed(shop, "INV-1", 10_000);
  await importFile(shop, rows, bank);
  expect(await linesOf(shop)).toMatchObject([
    { currency: "EUR", amount: 123_450, bookedOn: "2027-01-31" },
    { currency: "GBP", amount: 123_450 },
  ]);
});
