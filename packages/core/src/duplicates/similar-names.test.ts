import { expect, test } from "vitest";
import { type Named, createNameMatcher } from "./similar-names.ts";

function similarNames(clients: readonly Named<number>[]) {
  const matcher = createNameMatcher<number>();
  return clients.flatMap((client) => matcher.add(client));
}

const pairsOf = (...names: string[]) =>
  similarNames(names.map((name, id) => ({ id, name }))).map(([one, other]) => [names[one], names[other]]);

test("names that differ in case, marks, punctuation, order or the form of the company are the same (F6)", () => {
  for (const [one, other] of [
    ["Rosewood Bakery Ltd", "ROSEWOOD BAKERY LIMITED"],
    ["Café Müller GmbH", "Cafe Muller"],
    ["Smith & Sons", "Sons and Smith"],
    ["O'Brien Farms, Inc.", "OBrien Farms"],
    ["The Hill Company", "Hill Co"],
  ] as const)
    expect(pairsOf(one, other)).toEqual([[one, other]]);
});

test("a slip of a letter is seen in a long name, and not in a short one (F6)", () => {
  expect(pairsOf("Rosewood Bakery", "Rosewod Bakery")).toHaveLength(1);
  expect(pairsOf("Rosewood Bakery", "Rosewood Bakeries", "Prosewood Bakery")).toHaveLength(1);
  expect(pairsOf("Hill", "Hall", "Bill")).toEqual([]);
});

test("names with different numbers, or of different firms, are not alike (F6)", () => {
  expect(pairsOf("Property Holdings 12 Ltd", "Property Holdings 13 Ltd")).toEqual([]);
  expect(pairsOf("Northern Light Bakery", "Northern Land Surveyors", "Southern Light Brewery")).toEqual([]);
  expect(pairsOf("", "Ltd", "!!!")).toEqual([]);
});

test("of a hundred thousand names the work is bounded, and equal ones are still found (F6)", () => {
  const many = Array.from({ length: 100_000 }, (_, id) => ({ id, name: `Holding of family number ${id}` }));
  const twice = [
    { id: -1, name: "Rosewood Bakery" },
    ...many.slice(0, 50_000),
    { id: -2, name: "rosewood bakery ltd" },
  ];
  expect(similarNames(many)).toEqual([]);
  expect(similarNames(twice)).toEqual([[-1, -2]]);
});
