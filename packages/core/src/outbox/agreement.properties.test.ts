import { DAY_MS, after } from "@reminder-app/platform/clock";
import { countCases } from "@reminder-app/testing/count-cases";
import { allDeliveries, allOccurrences, allReminders } from "@reminder-app/testing/given-ledger";
import type { GivenTestBusiness } from "@reminder-app/testing/given-test-clock";
import { type RandomFirm, firmArbitrary, makeFirm } from "@reminder-app/testing/random-firm";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { assignmentRepo } from "../assignments/assignments.repo.ts";
import type { Reminder } from "../reminders/reminders.repo.ts";
import { DecideSendsInput, decideSends } from "./decide-sends.ts";
import { forecastSends } from "./forecast.ts";
import type { FutureSend } from "./future-send.ts";
import { PreviewScheduleInput, previewSchedule } from "./preview-schedule.ts";

const SPAN_DAYS = 16;
/** Longer than any grace, and than a cap puts off: by then all that came due in the span is settled. */
const SETTLED_DAYS = 10;

async function forecast(shop: GivenTestBusiness, to: Date): Promise<FutureSend[]> {
  const sends: FutureSend[] = [];
  for await (const piece of forecastSends(await shop.onClock(), { to })) sends.push(...piece);
  return sends;
}

/** What staff decide, about sends that the outbox lists. Of one send the last decision counts. */
async function decideAll(shop: GivenTestBusiness, { decisions }: RandomFirm, to: Date): Promise<void> {
  const listed = (await forecast(shop, to)).filter(({ assignmentId }) => assignmentId !== null);
  for (const { nth, decision } of decisions) {
    const send = listed[nth % Math.max(listed.length, 1)];
    if (!send) continue;
    const sends = [{ assignmentId: send.assignmentId, slotKey: send.slotKey }];
    await decideSends(await shop.onClock(), DecideSendsInput.parse({ sends, decision }));
  }
}

interface Named {
  readonly reminderId: string;
  readonly clientId: string;
  readonly period: string;
  readonly stepId: string | null;
  readonly dueAt: Date;
  readonly contactId: string;
  readonly channel: string;
}

/** A message by what it is about, for an assignment that is still to be opened has no id. */
const nameOf = ({ reminderId, clientId, period, stepId, dueAt, contactId, channel }: Named) =>
  [reminderId, clientId, period, stepId, dueAt.toISOString(), contactId, channel].join(" ");

/** What a forecast says will happen, by the names of the sends. */
function foretold(sends: readonly FutureSend[]): Map<string, string> {
  return new Map(
    sends.map((send) => {
      const goes = send.status === "planned" || send.status === "queued" || send.status === "approved";
      return [nameOf(send), goes ? `sent ${send.expectedAt?.toISOString()}` : `not sent: ${send.reason}`];
    }),
  );
}

/** What did happen with everything, by the names of the sends. */
async function happened(shop: GivenTestBusiness): Promise<Map<string, { outcome: string; dueAt: Date }>> {
  const rows = await allDeliveries(shop);
  const byId = new Map(rows.map((row) => [row.id, row]));
  return new Map(
    rows.map((row) => {
      const { reason, dueAt } = row;
      // It went as a line of another message, when that went.
      const { acceptedAt } = (row.mergedInto && byId.get(row.mergedInto)) ?? row;
      const outcome = acceptedAt ? `sent ${acceptedAt.toISOString()}` : `not sent: ${reason}`;
      return [nameOf(row), { outcome, dueAt }];
    }),
  );
}

const momentOf = ({ reminderId, period, stepId, dueAt }: Pick<Named, "reminderId" | "period" | "stepId" | "dueAt">) =>
  [reminderId, period, stepId, dueAt.toISOString()].join(" ");

/** Moments that were filed and made into no deliveries, with their reasons. */
async function filed(shop: GivenTestBusiness): Promise<Map<string, string | null>> {
  const rows = await allOccurrences(shop);
  return new Map(
    rows.filter(({ state }) => state === "cancelled" || state === "missed").map((row) => [momentOf(row), row.reason]),
  );
}

interface Listed {
  readonly sends: readonly FutureSend[];
  readonly at: Date;
  readonly to: Date;
}

/** Where a list and what came of it differ: all that was listed, and all that came due from then on. */
async function disagreements(shop: GivenTestBusiness, { sends, at, to }: Listed): Promise<string[]> {
  const told = foretold(sends);
  const done = await happened(shop);
  const left = await filed(shop);
  for (const send of sends) {
    const name = nameOf(send);
    const reason = left.get(momentOf(send));
    if (reason !== undefined && !done.has(name)) done.set(name, { outcome: `not sent: ${reason}`, dueAt: send.dueAt });
  }
  const unlisted = [...done].filter(([, { dueAt }]) => dueAt > at && dueAt <= to).map(([name]) => name);
  return [...new Set([...told.keys(), ...unlisted])]
    .filter((name) => told.get(name) !== done.get(name)?.outcome)
    .map((name) => `${name}\n  listed ${told.get(name)}\n  was    ${done.get(name)?.outcome}`);
}

/** Whose moments are those of its schedule and no others: nothing is made up for, and no period opened. */
const isPlain = ({ schedule }: Pick<Reminder, "schedule">) =>
  schedule.kind !== "sequence" || (schedule.late === "skip" && !schedule.due);

/** The moments of every reminder, for each of its clients where they differ, as previews tell them before they come. */
async function previewed(shop: GivenTestBusiness, to: Date): Promise<string[]> {
  const ctx = await shop.onClock();
  const after = shop.clock.now().toISOString();
  const preview = async ({ schedule, type }: Pick<Reminder, "schedule" | "type">, dueOn?: string) => {
    const moments = await previewSchedule(
      ctx,
      PreviewScheduleInput.parse({ schedule, type, dueOn, after, limit: 500 }),
    );
    return moments.filter(({ at, collides }) => at <= to && !collides);
  };
  const told: string[] = [];
  for (const reminder of (await allReminders(shop)).filter(isPlain)) {
    const isSequence = reminder.schedule.kind === "sequence";
    if (!isSequence) told.push(...(await preview(reminder)).map(({ at }) => `${reminder.id} ${at.toISOString()}`));
    for (const { id, dueOn } of isSequence
      ? await assignmentRepo(ctx).page({ reminderId: reminder.id }, { limit: 99 })
      : [])
      told.push(
        ...(await preview(reminder, dueOn ?? "")).map(({ at, stepId }) => `${id} ${stepId} ${at.toISOString()}`),
      );
  }
  return told.toSorted();
}

/** The same as the planner filed them. */
async function planned(shop: GivenTestBusiness, to: Date): Promise<string[]> {
  const plain = new Set((await allReminders(shop)).filter(isPlain).map(({ id }) => id));
  const rows = await allOccurrences(shop);
  return rows
    .filter(({ dueAt, reminderId }) => dueAt <= to && plain.has(reminderId))
    .map(({ reminderId, assignmentId, stepId, dueAt }) =>
      assignmentId ? `${assignmentId} ${stepId} ${dueAt.toISOString()}` : `${reminderId} ${dueAt.toISOString()}`,
    )
    .toSorted();
}

async function list(shop: GivenTestBusiness, to: Date): Promise<Listed> {
  // What is made up for after the span is listed then, and no longer when it first came due.
  const sends = (await forecast(shop, after(to, SETTLED_DAYS * DAY_MS))).filter(({ dueAt }) => dueAt <= to);
  return { sends, at: shop.clock.now(), to };
}

test("what the outbox listed is what went out, when, and what did not and why; and so are previews (A17, A2, A4)", async ({
  task,
}) => {
  let compared = 0;
  await fc.assert(
    fc.asyncProperty(firmArbitrary, async (firm) => {
      const shop = await makeFirm(firm);
      const to = after(shop.clock.now(), SPAN_DAYS * DAY_MS);
      const told = await previewed(shop, to);
      if (firm.hoursAhead > 0) await shop.advance({ by: { hours: firm.hoursAhead } });
      await decideAll(shop, firm, to);
      const first = await list(shop, to);
      await shop.advance({ by: { days: SPAN_DAYS / 2, minutes: 13 } });
      const second = await list(shop, to);
      await shop.advance({ by: { days: SPAN_DAYS / 2 + SETTLED_DAYS } });

      expect(await planned(shop, to)).toEqual(told);
      expect(await disagreements(shop, first)).toEqual([]);
      expect(await disagreements(shop, second)).toEqual([]);
      compared += told.length + first.sends.length + second.sends.length;
    }),
    { numRuns: 15, endOnFailure: true, seed: 1 },
  );
  expect(compared).toBeGreaterThan(100);
  countCases(task, "agreement", { cases: compared, violations: 0 });
}, 600_000);
