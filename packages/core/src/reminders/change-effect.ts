import { DAY_MS, after } from "@reminder-app/platform/clock";
import { assignmentRepo } from "../assignments/assignments.repo.ts";
import { businessRepo } from "../businesses/businesses.repo.ts";
import type { Ctx } from "../ctx.ts";
import { sentSlots } from "../occurrences/sent-slots.ts";
import { futureMoments } from "../outbox/future-moments.ts";
import { inForce } from "./plan-in-force.ts";
import type { Reminder } from "./reminders.repo.ts";

/** Whom a change of a reminder concerns, and what becomes of what was still to come in the next 366 days. */
export interface ChangeEffect {
  readonly appliesTo: "new" | "in_flight";
  readonly assignments: { readonly changed: number; readonly kept: number };
  readonly sends: {
    readonly moved: number;
    readonly added: number;
    readonly dropped: number;
    readonly unchanged: number;
  };
}

/** When each moment is due that is still to come, and for how many assignments. */
export type Future = ReadonlyMap<string, { readonly atMs: number; readonly times: number }>;

const AHEAD_MS = 366 * DAY_MS;

/** What is still to come for the open assignments of a reminder. */
export async function futureOf(tx: Ctx, present: Reminder): Promise<Future> {
  const future = new Map<string, { atMs: number; times: number }>();
  if (present.status !== "active" && present.status !== "paused") return future;
  const now = tx.now();
  const span = { business: await businessRepo(tx).get(), now, to: after(now, AHEAD_MS) };
  const open = await assignmentRepo(tx).allOpen(present.id);
  const sent = await sentSlots(tx, present.schedule.kind === "sequence" ? open : []);
  for (const { reminder, assignments } of await inForce(tx, present, open)) {
    const isSequence = reminder.schedule.kind === "sequence";
    // One clock for all: what it means for one of them, it means for each.
    const asked = isSequence ? assignments : assignments.slice(0, 1);
    for (const { occurrence } of futureMoments(span, reminder, asked)) {
      if (sent.has(occurrence.slotKey)) continue;
      const times = isSequence ? 1 : assignments.length + (future.get(occurrence.slotKey)?.times ?? 0);
      future.set(occurrence.slotKey, { atMs: occurrence.dueAt.getTime(), times });
    }
  }
  return future;
}

/** What a change made of what was to come. */
export function compareFutures(before: Future, now: Future): ChangeEffect["sends"] {
  const sends = { moved: 0, added: 0, dropped: 0, unchanged: 0 };
  for (const [slotKey, { atMs, times }] of now) {
    const was = before.get(slotKey);
    sends[was === undefined ? "added" : was.atMs === atMs ? "unchanged" : "moved"] += times;
  }
  for (const [slotKey, { times }] of before) if (!now.has(slotKey)) sends.dropped += times;
  return sends;
}
