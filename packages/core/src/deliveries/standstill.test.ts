import { expect, test } from "vitest";
import { type StandingFacts, standstillAt } from "./standstill.ts";

const [monday, wednesday, friday] = ["2027-03-01", "2027-03-03", "2027-03-05"].map(
  (day) => new Date(`${day}T09:00:00Z`),
) as [Date, Date, Date];

function facts(given: { readonly [Part in keyof StandingFacts]?: Partial<StandingFacts[Part]> } = {}): StandingFacts {
  return {
    business: { pausedAt: null, pausedUntil: null, ...given.business },
    reminder: { status: "active", pausedUntil: null, stopRule: "done", ...given.reminder },
    client: { pausedAt: null, pausedUntil: null, neverChase: null, ...given.client },
    assignment: { hold: null, heldAt: null, holdUntil: null, amount: null, payingAt: null, ...given.assignment },
  };
}

test("nothing stands in the way of an ordinary client", () => {
  expect(standstillAt(facts(), monday)).toBeUndefined();
});

test.each([
  ["a paused business", { business: { pausedAt: monday, pausedUntil: friday } }, "business_paused"],
  ["a paused client", { client: { pausedAt: monday, pausedUntil: friday } }, "client_paused"],
  ["a paused reminder", { reminder: { status: "paused", pausedUntil: friday } }, "paused"],
  ["a promise", { assignment: { hold: "promise", heldAt: monday, holdUntil: friday } }, "promise"],
  ["a snooze", { assignment: { hold: "snooze", heldAt: monday, holdUntil: friday } }, "snoozed"],
] as const)("%s stands still up to its end, and goes on by itself from there on (A15, B6)", (_what, given, reason) => {
  expect(standstillAt(facts(given), wednesday)).toEqual({ kind: "pause", reason, until: friday });
  expect(standstillAt(facts(given), friday)).toBeUndefined();
});

test("of several pauses the one that lasts longest counts; one without an end lasts for good (A15)", () => {
  const client = { pausedAt: monday, pausedUntil: friday };
  const business = { pausedAt: monday, pausedUntil: wednesday };
  expect(standstillAt(facts({ business, client }), monday)).toMatchObject({ reason: "client_paused", until: friday });
  const assignment = { hold: "dispute", heldAt: monday } as const;
  expect(standstillAt(facts({ business, client, assignment }), monday)).toMatchObject({
    reason: "dispute",
    until: null,
  });
});

test("what began later than asked about is left out (A15)", () => {
  const client = { pausedAt: wednesday };
  expect(standstillAt(facts({ client }), monday)).toBeUndefined();
  expect(standstillAt(facts({ client }), friday, monday)).toBeUndefined();
  expect(standstillAt(facts({ client }), friday, wednesday)).toMatchObject({ reason: "client_paused" });
});

test("clients who are never chased, and debts of nothing, get nothing (B9)", () => {
  expect(standstillAt(facts({ client: { neverChase: "auto_billed" } }), monday)).toMatchObject({
    kind: "never",
    reason: "auto_billed",
  });
  expect(standstillAt(facts({ client: { neverChase: "internal" } }), monday)).toMatchObject({ reason: "internal" });
  const owes = (amount: number) => facts({ reminder: { stopRule: "paid" }, assignment: { amount } });
  expect(standstillAt(owes(0), monday)).toMatchObject({ kind: "never", reason: "nothing_owed" });
  expect(standstillAt(owes(1), monday)).toBeUndefined();
  expect(standstillAt(facts({ assignment: { amount: 0 } }), monday)).toBeUndefined();
});
