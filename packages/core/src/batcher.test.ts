import { expect, test } from "vitest";
import { createBatcher } from "./batcher.ts";

function recording(fail: (item: number) => boolean = () => false) {
  const batches: number[][] = [];
  const batch = createBatcher<number, number>({
    keyOf: (item) => (item < 100 ? "low" : "high"),
    atMost: 3,
    async run(items) {
      batches.push([...items]);
      await new Promise((resolve) => setImmediate(resolve));
      if (items.some(fail)) throw new Error("a bad item");
      return items.map((item) => item * 2);
    },
  });
  return { batch, batches };
}

test("what is asked for together runs together, in batches of bounded size, each item with its own result", async () => {
  const { batch, batches } = recording();
  expect(await Promise.all([1, 2, 3, 4].map(batch))).toEqual([2, 4, 6, 8]);
  expect(batches).toEqual([[1, 2, 3], [4]]);
});

test("items of different keys never share a batch", async () => {
  const { batch, batches } = recording();
  await Promise.all([1, 101, 2].map(batch));
  expect(batches).toEqual([[1, 2], [101]]);
});

test("one bad item of a batch fails alone", async () => {
  const { batch } = recording((item) => item === 2);
  const results = await Promise.allSettled([1, 2, 3].map(batch));
  expect(results.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
});
