import { after } from "@reminder-app/platform/clock";
import { ZONES_SPAN_MS } from "@reminder-app/schedule/zones";
import { businessRepo } from "../businesses/businesses.repo.ts";
import type { Ctx } from "../ctx.ts";
import { inForce } from "../reminders/plan-in-force.ts";
import { type ForecastFilter, forecastRepo } from "./forecast.repo.ts";
import { type FutureSend, inOrder } from "./future-send.ts";
import { type FutureMoment, type Span, futureMoments } from "./future-moments.ts";
import { plannedSends } from "./planned-sends.ts";
import { rememberFacts } from "./remember-facts.ts";
import { unplannedSends } from "./unplanned-sends.ts";

export interface ForecastOptions extends ForecastFilter {
  readonly to: Date;
  /** Leave out what comes due before. */
  readonly from?: Date | undefined;
}

/** So many moments are worked out at a time: who reads one page needs no more. */
const SLICE = 1_000;

/**
 * What planner and claim will do up to `to` if nothing changes, by their own functions, in the order of time at which it
 * comes due. Each piece is what comes due before anything of the next one.
 */
export async function* forecastSends(ctx: Ctx, options: ForecastOptions): AsyncGenerator<FutureSend[]> {
  const span: Span = { business: await businessRepo(ctx).get(), now: ctx.now(), to: options.to };
  const wanted = ({ dueAt }: FutureSend) => dueAt <= span.to && (!options.from || dueAt >= options.from);
  const moments = await loadMoments(ctx, span, options);
  const facts = rememberFacts(ctx);
  let pending = await plannedSends(ctx, span, options);
  for (let start = 0; start < moments.length; start += SLICE) {
    const slice = moments.slice(start, start + SLICE);
    pending.push(...(await unplannedSends(ctx, span, { moments: slice, facts })));
    const frontier = moments[start + SLICE]?.occurrence.dueAt;
    if (!frontier) break;
    const isReady = ({ dueAt }: FutureSend) => dueAt < frontier;
    yield pending.filter((send) => isReady(send) && wanted(send)).toSorted(inOrder);
    pending = pending.filter((send) => !isReady(send));
  }
  yield pending.filter(wanted).toSorted(inOrder);
}

async function loadMoments(ctx: Ctx, span: Span, options: ForecastOptions): Promise<FutureMoment[]> {
  const repo = forecastRepo(ctx);
  const reminders = await repo.goingReminders(options);
  const isSequence = ({ schedule }: (typeof reminders)[number]) => schedule.kind === "sequence";
  const shared = reminders.filter((one) => !isSequence(one) && one.nextDueAt && one.nextDueAt <= span.to);
  const sequences = reminders.filter(isSequence);
  const ids = (some: typeof reminders) => some.map(({ id }) => id);
  const open = await repo.openAssignments({ shared: ids(shared), sequences: ids(sequences), to: span.to }, options);
  const byReminder = Map.groupBy(open, ({ reminderId }) => reminderId);
  const moments: FutureMoment[] = [];
  for (const present of [...shared, ...sequences]) {
    for (const { reminder, assignments } of await inForce(ctx, present, byReminder.get(present.id) ?? []))
      moments.push(...futureMoments(span, reminder, assignments));
  }
  return moments
    .filter(({ occurrence }) => !options.from || lastDue(occurrence) >= options.from)
    .toSorted((one, other) => one.occurrence.dueAt.getTime() - other.occurrence.dueAt.getTime());
}

/** When the last place on earth comes to it, where each recipient's own zone counts. */
function lastDue({ dueAt, localAt }: FutureMoment["occurrence"]): Date {
  return localAt === null ? dueAt : after(dueAt, ZONES_SPAN_MS);
}
