import { after } from "@reminder-app/platform/clock";
import { type Business, businessRepo } from "../businesses/businesses.repo.ts";
import type { Ctx } from "../ctx.ts";
import { MOST_DEFERRED_MS } from "../deliveries/contact-cap.ts";
import { limitsPersons } from "../deliveries/limited.ts";
import { personQueueRepo } from "../deliveries/person-queue.repo.ts";
import { foreseeLimits } from "./foresee-limits.ts";
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
  const business = await businessRepo(ctx).get();
  const pieces = limitsPersons(business) ? limitedSends(ctx, business, options) : sendsOf(ctx, business, options);
  for await (const piece of pieces) yield piece.filter((send) => isWanted(send, options)).toSorted(inOrder);
}

function isWanted({ dueAt, reminderId }: FutureSend, { from, to, reminderId: wanted }: ForecastOptions): boolean {
  return dueAt <= to && (!from || dueAt >= from) && (!wanted || reminderId === wanted);
}

/** All in one piece, for what a person gets depends on all else that they get. */
async function* limitedSends(ctx: Ctx, business: Business, options: ForecastOptions): AsyncGenerator<FutureSend[]> {
  const to = after(options.to, MOST_DEFERRED_MS);
  const sends: FutureSend[] = [];
  for await (const piece of sendsOf(ctx, business, { to, clientId: options.clientId })) sends.push(...piece);
  const now = ctx.now();
  const contactIds = [...new Set(sends.map(({ contactId }) => contactId))];
  const sent = await personQueueRepo(ctx).sentSince(contactIds, after(now, -MOST_DEFERRED_MS));
  const times = Map.groupBy(sent, ({ contactId }) => contactId);
  const sentTo = new Map([...times].map(([id, rows]) => [id, rows.map(({ at }) => at)]));
  yield foreseeLimits(sends, { now, sentTo });
}

async function* sendsOf(ctx: Ctx, business: Business, options: ForecastOptions): AsyncGenerator<FutureSend[]> {
  const span: Span = { business, now: ctx.now(), to: options.to };
  const facts = rememberFacts(ctx);
  const waiting = await plannedSends(ctx, span, options);
  const { moments, isReplaced } = await loadMoments(ctx, span, { options, facts, waiting });
  let pending = waiting.filter((send) => !isReplaced(send));
  for (let start = 0; start < moments.length; start += SLICE) {
    const slice = moments.slice(start, start + SLICE);
    pending.push(...(await unplannedSends(ctx, span, { moments: slice, facts })));
    const frontier = moments[start + SLICE]?.occurrence.dueAt;
    if (!frontier) break;
    const isReady = ({ dueAt }: FutureSend) => dueAt < frontier;
    yield pending.filter(isReady);
    pending = pending.filter((send) => !isReady(send));
  }
  yield pending;
}
