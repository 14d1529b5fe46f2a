import { NotFoundError } from "@reminder-app/platform/errors";
import type { Id } from "@reminder-app/platform/ids";
import { createBatcher } from "../batcher.ts";
import { type Ctx, type SystemCtx, actFor } from "../ctx.ts";
import type { Reminder } from "../reminders/reminders.repo.ts";
import { isTestBusiness } from "../test-clock/on-test-clock.ts";
import type { QueuedDelivery } from "./expand-occurrence.ts";
import { type PlannedChunk, planSequenceChunk } from "./plan-sequence.ts";
import { planTogether } from "./plan-together.ts";

/** A reminder as it stands once it is planned. */
export interface PlannedReminder extends Reminder {
  /** How many of its moments came due in an outage and were filed as missed by this. */
  readonly missed: number;
}

/** Yields what each transaction has queued, and returns the reminder as it stands then. Broken off, it goes on where it was. */
export type Planning = AsyncGenerator<readonly QueuedDelivery[], PlannedReminder | undefined, undefined>;

/**
 * Plan a reminder up to `horizonMs` from now with all its deliveries, chunk after chunk, each in a transaction of its own.
 * Throws `not_found`.
 */
export async function* plan(ctx: Ctx, id: Id<"Reminder">, horizonMs: number): Planning {
  const [first] = await planTogether(ctx, [id], horizonMs);
  if (!first) throw new NotFoundError("Reminder", id);
  return yield* goOn(ctx, first, horizonMs);
}

export interface ReminderKey {
  readonly businessId: Id<"Business">;
  readonly reminderId: Id<"Reminder">;
}

const BATCH = 100;

/** What was planned together with others; or it has to be planned alone; or it is a test business's, whose clock plans it. */
type Begun = PlannedChunk | "alone" | "on_test_clock";

/**
 * Plans reminders up to `horizonMs` from now: what is asked for at the same time, of one business, begins in one
 * transaction. A reminder that is gone, or a test business's, returns undefined.
 */
export function createPlanner(system: SystemCtx, horizonMs: number): (key: ReminderKey) => Planning {
  const ctxOf = (businessId: Id<"Business">) => actFor(system, businessId, "plan");
  const begin = createBatcher<ReminderKey, Begun>({
    atMost: BATCH,
    keyOf: ({ businessId }) => businessId,
    async run(keys) {
      const [first] = keys;
      if (!first) return [];
      const ctx = ctxOf(first.businessId);
      if (await isTestBusiness(ctx)) return keys.map(() => "on_test_clock");
      const ids = keys.map(({ reminderId }) => reminderId);
      return (await planTogether(ctx, ids, horizonMs)).map((chunk) => chunk ?? "alone");
    },
  });
  return async function* planOne(key) {
    const begun = await begin(key);
    if (begun === "on_test_clock") return undefined;
    const ctx = ctxOf(key.businessId);
    const [first] = begun === "alone" ? await planTogether(ctx, [key.reminderId], horizonMs) : [begun];
    return first && (yield* goOn(ctx, first, horizonMs));
  };
}

async function* goOn(ctx: Ctx, first: PlannedChunk, horizonMs: number): Planning {
  const { id } = first.reminder;
  let { missed } = first;
  let chunk: PlannedChunk | undefined = first;
  yield chunk.queued;
  while (!chunk.finished) {
    [chunk] = await planTogether(ctx, [id], horizonMs);
    if (!chunk) return undefined;
    yield chunk.queued;
    missed += chunk.missed;
  }
  if (chunk.reminder.schedule.kind !== "sequence") return { ...chunk.reminder, missed };
  for (;;) {
    const steps = await planSequenceChunk(ctx, id, horizonMs);
    yield steps.queued;
    missed += steps.missed;
    if (steps.finished) return { ...steps.reminder, missed };
  }
}
