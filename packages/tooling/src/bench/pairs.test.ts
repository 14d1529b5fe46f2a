import { expect, test } from "vitest";
import { type Sample, measurePairs, summarise } from "./pairs.ts";

const sample = (cpuUs: number, rate: number): Sample => ({ cpuUs, rate });

test("a ratio is the median of the pairs' ratios, so that one disturbed pair does not move it", () => {
  const pairs = [
    { floor: sample(100, 50), product: sample(120, 40) },
    { floor: sample(200, 50), product: sample(240, 40) },
    { floor: sample(100, 50), product: sample(900, 5) },
  ];

  expect(summarise("T1", pairs)).toMatchObject({
    cpuRatio: 1.2,
    rateRatio: 0.8,
    pairs: 3,
    floorCpuUs: 100,
    productCpuUs: 240,
  });
});

test("an even number of pairs takes the middle of the two in the middle", () => {
  const pairs = [
    { floor: sample(100, 50), product: sample(100, 50) },
    { floor: sample(100, 50), product: sample(200, 25) },
  ];

  expect(summarise("T2", pairs)).toMatchObject({ cpuRatio: 1.5, rateRatio: 0.75 });
});

test("a latency ratio is told where both sides measured one", () => {
  const pairs = [{ floor: { ...sample(1, 1), p99Ms: 10 }, product: { ...sample(1, 1), p99Ms: 12 } }];

  expect(summarise("T3", pairs).p99Ratio).toBe(1.2);
  expect(summarise("T1", [{ floor: sample(1, 1), product: sample(1, 1) }])).not.toHaveProperty("p99Ratio");
});

test("the sides take turns, and so does who begins", async () => {
  const order: string[] = [];
  const side = (name: string) => async () => {
    order.push(name);
    return sample(1, 1);
  };

  await measurePairs({ floor: side("floor"), product: side("product") }, 3);

  expect(order).toEqual(["floor", "product", "product", "floor", "floor", "product"]);
});
