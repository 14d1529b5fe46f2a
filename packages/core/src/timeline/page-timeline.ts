import { DAY_MS, after } from "@reminder-app/platform/clock";
import { invalid } from "@reminder-app/platform/errors";
import type { Id } from "@reminder-app/platform/ids";
import { wallTimeIn } from "@reminder-app/schedule/zones";
import { z } from "zod";
import type { Ctx } from "../ctx.ts";
import { type Page, PageQuery } from "../page.ts";
import { openFile, zoneOf } from "./client-file.ts";
import { clientDeeds } from "./deeds.ts";
import type { TimelineEntry } from "./entry.ts";
import { clientFacts } from "./facts.ts";
import { type Window, fromCursor, inOrder, isWithin, toCursor } from "./place.ts";
import { stepsLeftOut } from "./steps-left-out.ts";
import { clientMoments } from "./tell-moments.ts";
import { upcomingMoments } from "./upcoming.ts";

const MOST_DAYS = 366;

const instant = z.iso
  .datetime({ offset: true })
  .transform((text) => new Date(text))
  .optional();

export const PageTimelineQuery = PageQuery.extend({
  cursor: z
    .string()
    .max(500)
    .refine((text) => fromCursor(text) !== undefined, "must be a nextCursor of this list")
    .optional(),
  from: instant.describe("At this instant or later"),
  to: instant.describe(
    `Up to this instant, which is now when left out; what is foreseen is told up to ${MOST_DAYS} days ahead`,
  ),
});
type Query = z.output<typeof PageTimelineQuery>;

/** An entry with its time on the client's clocks. */
export interface TimelineItem extends TimelineEntry {
  readonly localTime: string;
  readonly timeZone: string;
}

/**
 * All that happened to a client, did not happen and why, and with a `to` that is still to come what is foreseen: one
 * list, the newest first. Each moment that came while the client was on a reminder stands in it once.
 */
export async function pageTimeline(ctx: Ctx, clientId: Id<"Client">, query: Query): Promise<Page<TimelineItem>> {
  const file = await openFile(ctx, clientId);
  const window = windowOf(query, ctx.now());
  const foresees = window.to > ctx.now() && (!window.after || window.after.at >= ctx.now());
  const found = [
    ...(await clientMoments(ctx, file, window)),
    ...(await clientDeeds(ctx, file, window)),
    ...(await clientFacts(ctx, file)),
    ...(await stepsLeftOut(ctx, file)),
    ...(foresees ? await upcomingMoments(ctx, file, window.to) : []),
  ];
  const inWindow = found.filter((one) => isWithin(one, window)).toSorted(inOrder);
  const page = inWindow.slice(0, query.limit);
  const timeZone = zoneOf(file);
  const items = page.map(({ at, entry }) => ({ ...entry, localTime: wallTimeIn(timeZone, at), timeZone }));
  const last = page.at(-1);
  return inWindow.length > query.limit && last ? { items, nextCursor: toCursor(last) } : { items };
}

/** One row more than a page has, of each source, tells that there is more. */
function windowOf({ from, to, cursor, limit }: Query, now: Date): Window {
  const latest = after(now, MOST_DAYS * DAY_MS);
  if (to && to > latest) throw invalid("to", `must be at most ${MOST_DAYS} days from now`);
  if (from && from > (to ?? now)) throw invalid("from", "must not be after to, which is now when left out");
  return { from, to: to ?? now, limit: limit + 1, ...(cursor !== undefined && { after: fromCursor(cursor) }) };
}
