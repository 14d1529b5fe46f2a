import { channelKinds } from "@reminder-app/platform/channel-kinds";
import { DAY_MS, after } from "@reminder-app/platform/clock";
import { invalid } from "@reminder-app/platform/errors";
import type { Id } from "@reminder-app/platform/ids";
import { z } from "zod";
import type { Ctx } from "../ctx.ts";
import { type Page, PageQuery } from "../page.ts";
import { forecastSends } from "./forecast.ts";
import { type FutureSend, placeOf, reasonOfSend } from "./future-send.ts";
import { reasons } from "../reasons.ts";
import { sendStatuses } from "./predict-send.ts";

const MOST_DAYS = 30;

const instant = z.iso
  .datetime({ offset: true })
  .transform((text) => new Date(text))
  .optional();

export const PageOutboxQuery = PageQuery.extend({
  cursor: z
    .string()
    .max(500)
    .refine((text) => fromCursor(text) !== undefined, "must be a nextCursor of this list")
    .optional(),
  reminderId: z.uuid().optional(),
  clientId: z.uuid().optional(),
  contactId: z.uuid().optional(),
  channel: z.enum(channelKinds).optional(),
  status: z.enum(sendStatuses).optional(),
  from: instant.describe("Due at this instant or later"),
  to: instant.describe(`Due up to this instant, at most ${MOST_DAYS} days from now, which is what it is when left out`),
});
type Query = z.output<typeof PageOutboxQuery>;

/** A send, and in plain words why it stands as it does. */
export interface ToldSend extends FutureSend {
  readonly sentence: string;
}

/** Every message that is still to come, planned or not, in the order of time, with what will become of it. */
export async function pageOutbox(ctx: Ctx, query: Query): Promise<Page<ToldSend>> {
  const { limit, from, reminderId, clientId } = query;
  const to = requireSpan(query, ctx.now());
  const start = query.cursor === undefined ? undefined : fromCursor(query.cursor);
  const options = {
    to,
    from: start && (!from || start.dueAt > from) ? start.dueAt : from,
    reminderId: reminderId as Id<"Reminder"> | undefined,
    clientId: clientId as Id<"Client"> | undefined,
  };
  const items: FutureSend[] = [];
  for await (const piece of forecastSends(ctx, options)) {
    items.push(...piece.filter((send) => isAsked(send, query) && (!start || isAfter(send, start))));
    if (items.length > limit) break;
  }
  const page = items.slice(0, limit).map(told);
  const last = page.at(-1);
  return items.length > limit && last ? { items: page, nextCursor: toCursor(last) } : { items: page };
}

/** The same without end, piece by piece as it is worked out. */
export async function* exportOutbox(
  ctx: Ctx,
  query: Omit<Query, "limit" | "cursor">,
): AsyncGenerator<readonly ToldSend[]> {
  const options = {
    to: requireSpan(query, ctx.now()),
    from: query.from,
    reminderId: query.reminderId as Id<"Reminder"> | undefined,
    clientId: query.clientId as Id<"Client"> | undefined,
  };
  for await (const piece of forecastSends(ctx, options)) yield piece.filter((send) => isAsked(send, query)).map(told);
}

function told(send: FutureSend): ToldSend {
  return { ...send, sentence: reasons[reasonOfSend(send)] };
}

function requireSpan({ from, to }: Pick<Query, "from" | "to">, now: Date): Date {
  const latest = after(now, MOST_DAYS * DAY_MS);
  if (to && to > latest)
    throw invalid("to", `must be at most ${MOST_DAYS} days from now; GET /v1/rehearsal shows more`);
  const end = to ?? latest;
  if (from && from > end) throw invalid("from", "must not be after to");
  return end;
}

function isAsked(
  send: FutureSend,
  { contactId, channel, status }: Pick<Query, "contactId" | "channel" | "status">,
): boolean {
  return (
    (contactId === undefined || send.contactId === contactId) &&
    (channel === undefined || send.channel === channel) &&
    (status === undefined || send.status === status)
  );
}

interface Place {
  readonly dueAt: Date;
  readonly place: string;
}

function isAfter(send: FutureSend, { dueAt, place }: Place): boolean {
  return send.dueAt > dueAt || (send.dueAt.getTime() === dueAt.getTime() && placeOf(send) > place);
}

function toCursor(send: FutureSend): string {
  return Buffer.from(`${send.dueAt.getTime()} ${placeOf(send)}`).toString("base64url");
}

function fromCursor(cursor: string): Place | undefined {
  const text = Buffer.from(cursor, "base64url").toString();
  const [, ms, place] = /^(\d{1,15}) ([\w:./ +-]+)$/.exec(text) ?? [];
  return ms === undefined || place === undefined ? undefined : { dueAt: new Date(Number(ms)), place };
}
