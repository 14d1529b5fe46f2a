import { expect, test } from "vitest";
import { matchBankLine, referenceKey } from "./match-bank-line.ts";

const request = (id: string, reference: string, payable: number, clientName = "Hill & Sons Ltd") => ({
  id,
  key: referenceKey(reference),
  payable,
  clientName,
});
const hill = request("hill", "INV-1042", 10_000);
const dale = request("dale", "INV-104", 5_000, "Dale GmbH");
const open = { kind: "open" };

test.each([
  ["its reference", "HILL INV-1042", 10_000, { kind: "sure", id: "hill" }],
  ["its reference without signs, and a part of the sum", "inv1042 thanks", 4_000, { kind: "sure", id: "hill" }],
  ["its reference, and more than is owed", "INV-1042", 10_001, { kind: "likely", id: "hill" }],
  ["a longer number", "INV-10421", 10_000, open],
  ["the reference of another", "INV 104", 5_000, { kind: "sure", id: "dale" }],
  ["two references", "INV-1042 and INV-104", 15_000, open],
  ["the client's name and the very sum", "From HILL SONS", 10_000, { kind: "likely", id: "hill" }],
  ["the client's name and another sum", "From HILL SONS", 9_999, open],
  ["the very sum and no name", "From somebody", 10_000, open],
  ["nothing", "", 1, open],
])("a line with %s: %j of %d (B8)", (_what, text, amount, match) => {
  expect(matchBankLine({ amount, text }, [hill, dale])).toEqual(match);
});

test("a sum that two clients owe is left to a person, even where one of them is named (B8)", () => {
  expect(matchBankLine({ amount: 10_000, text: "Hill Sons" }, [hill, request("b", "INV-7", 10_000, "Bay")])).toEqual(
    open,
  );
});

test("a short reference is only likely, for it stands in many texts by chance (B8)", () => {
  expect(matchBankLine({ amount: 10, text: "order 77" }, [request("a", "77", 10)])).toEqual({
    kind: "likely",
    id: "a",
  });
});

test("the longer of two references that begin alike is meant (B8)", () => {
  const both = [request("a", "INV-10", 10), request("b", "INV-10-B", 10)];
  expect(matchBankLine({ amount: 10, text: "INV-10-B" }, both)).toEqual({ kind: "sure", id: "b" });
});

test("what has been paid, or is on its way, is not matched again (B8)", () => {
  expect(matchBankLine({ amount: 10, text: "INV-1042" }, [{ ...hill, payable: 0 }])).toEqual(open);
});
