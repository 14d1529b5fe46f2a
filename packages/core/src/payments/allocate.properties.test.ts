import * as fc from "fast-check";
import { expect, test } from "vitest";
import { allocate, netOf } from "./allocate.ts";

const amount = fc.integer({ min: 0, max: 1_000_000 });
const parts = fc.array(fc.record({ meant: amount, of: fc.integer({ min: 0, max: 50 }) }), { maxLength: 12 });
const sum = (amounts: readonly number[]) => amounts.reduce((all, one) => all + one, 0);

test("what is shared out to parts and what is left over always make the whole, and no part gets less than nothing or more than is meant (H4)", () => {
  fc.assert(
    fc.property(parts, amount, (meant, whole) => {
      const shared = allocate(meant, whole);
      expect(shared).toHaveLength(meant.length);
      for (const part of shared) {
        expect(part.amount).toBeGreaterThanOrEqual(0);
        expect(part.amount).toBeLessThanOrEqual(part.meant);
      }
      const given = sum(shared.map((part) => part.amount));
      expect(given).toBe(Math.min(whole, sum(meant.map((part) => part.meant))));
    }),
  );
});

test("what goes back is missing from the last parts: no part gets anything before those ahead of it are full (H4, H5)", () => {
  fc.assert(
    fc.property(parts, amount, (meant, whole) => {
      const shared = allocate(meant, whole);
      const full = shared.findIndex((part) => part.amount < part.meant);
      const behind = full === -1 ? [] : shared.slice(full + 1);
      expect(sum(behind.map((part) => part.amount))).toBe(0);
    }),
  );
});

test("sharing out once more what was shared out changes nothing (H4)", () => {
  fc.assert(
    fc.property(parts, amount, amount, (meant, whole, other) => {
      expect(allocate(allocate(meant, other), whole)).toEqual(allocate(meant, whole));
    }),
  );
});

test("what counts of a payment is never below nothing, nor more than was paid, and nothing before it has arrived (H5)", () => {
  const moved = fc.record({
    amount,
    refunded: amount,
    disputed: amount,
    state: fc.constantFrom("processing", "succeeded", "failed"),
  });
  fc.assert(
    fc.property(moved, (payment) => {
      const net = netOf(payment);
      expect(net).toBeGreaterThanOrEqual(0);
      expect(net).toBeLessThanOrEqual(payment.amount);
      const goneBack = Math.min(payment.amount, payment.refunded + payment.disputed);
      expect(net).toBe(payment.state === "succeeded" ? payment.amount - goneBack : 0);
    }),
  );
});
