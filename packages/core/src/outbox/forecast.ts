import { businessRepo } from "../businesses/businesses.repo.ts";
import type { Ctx } from "../ctx.ts";
import { type FutureSend, inOrder } from "./future-send.ts";
import type { Span } from "./future-moments.ts";
import { type ForecastOptions, loadMoments } from "./load-moments.ts";
import { plannedSends } from "./planned-sends.ts";
import { rememberFacts } from "./remember-facts.ts";
import { unplannedSends } from "./unplanned-sends.ts";

/** So many moments are worked out at a time: who reads one page needs no more. */
const SLICE = 1_000;

/**
 * What planner and claim will do up to `to` if nothing changes, by their own functions, in the order of time at which it
 * comes due. Each piece is what comes due before anything of the next one.
 */
export async function* forecastSends(ctx: Ctx, options: ForecastOptions): AsyncGenerator<FutureSend[]> {
  const span: Span = { business: await businessRepo(ctx).get(), now: ctx.now(), to: options.to };
  const facts = rememberFacts(ctx);
  const waiting = await plannedSends(ctx, span, options);
  const { moments, isReplaced } = await loadMoments(ctx, span, { options, facts, waiting });
  const wanted = ({ dueAt }: FutureSend) => dueAt <= span.to && (!options.from || dueAt >= options.from);
  let pending = waiting.filter((send) => !isReplaced(send));
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
