import { timing } from "@reminder-app/testing/given-delivery";
import fc from "fast-check";
import { expect, test } from "vitest";
import { backOffMs } from "./back-off.ts";
import { nextState } from "./next-state.ts";

const now = new Date("2027-03-01T09:00:00Z");
const expiresAt = new Date("2027-03-01T21:00:00Z");
const tried = { channel: "sms", tries: 1, expiresAt } as const;
const busy = { kind: "throttled", code: "twilio/20429", reason: "slow down" } as const;
const of = (change: object, result: Parameters<typeof nextState>[1] = busy) =>
  nextState({ ...tried, ...change }, result, { now, timing });

test("waits between tries double up to their cap, with at most a quarter of jitter (C8)", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 60 }), fc.double({ min: 0, max: 1, noNaN: true }), (tries, random) => {
      const whole = Math.min(3_600_000, 20_000 * 2 ** (tries - 1));
      const wait = backOffMs(tries, { baseMs: 20_000, capMs: 3_600_000 }, () => random);
      expect(wait).toBeGreaterThanOrEqual(Math.floor(whole * 0.75));
      expect(wait).toBeLessThanOrEqual(whole);
    }),
  );
});

test("a refusal for now is tried again, keeping to Retry-After (C8)", () => {
  expect(of({})).toMatchObject({ state: "retry", reason: "twilio/20429" });
  const retryAt = new Date("2027-03-01T10:00:00Z");
  expect(of({}, { ...busy, retryAt })).toEqual({ state: "retry", reason: "twilio/20429", nextAt: retryAt });
});

test("after the last try a delivery is dead (C8)", () => {
  expect(of({ tries: 19 })).toMatchObject({ state: "retry" });
  expect(of({ tries: 20 })).toEqual({ state: "dead", reason: "attempts_used_up", nextAt: null });
});

test("a try that would come after the message's expiry is not made", () => {
  const retryAt = new Date("2027-03-01T21:00:00Z");
  expect(of({}, { ...busy, retryAt })).toEqual({ state: "expired", reason: "retries_past_expiry", nextAt: null });
});

test("a refusal for good fails, an ambiguous answer is unknown, an acceptance is accepted (C8, C9)", () => {
  expect(of({}, { kind: "refused", code: "smtp/550", reason: "no" })).toMatchObject({ state: "failed", nextAt: null });
  expect(of({}, { kind: "ambiguous", reason: "silence" })).toMatchObject({ state: "unknown", nextAt: now });
  expect(of({}, { kind: "accepted", providerMessageId: "m" })).toMatchObject({ state: "accepted", nextAt: null });
});
