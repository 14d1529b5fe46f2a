import type { ChannelKind } from "@reminder-app/platform/channel-kinds";
import { AppError } from "@reminder-app/platform/errors";
import type { Id } from "@reminder-app/platform/ids";
import { civilDateIn } from "@reminder-app/schedule/civil-date";
import { laterBy } from "@reminder-app/schedule/later";
import { wallTimeIn } from "@reminder-app/schedule/zones";
import { z } from "zod";
import { businessRepo } from "../businesses/businesses.repo.ts";
import type { Ctx } from "../ctx.ts";
import { forecastSends } from "./forecast.ts";
import { reasons } from "../reasons.ts";
import { type FutureSend, reasonOfSend } from "./future-send.ts";
import type { SendStatus } from "./predict-send.ts";

export const RehearseQuery = z.strictObject({
  months: z.int().min(1).max(24).default(12),
  clientId: z.uuid().optional(),
  reminderId: z.uuid().optional(),
});

/** A message of a rehearsal, by the clocks of the business. */
export interface RehearsedSend extends Pick<
  FutureSend,
  "reminderId" | "reminderName" | "clientId" | "clientName" | "contactName" | "stepId"
> {
  /** When it goes, or when it is due where it does not. */
  readonly at: Date;
  /** `HH:MM` in the business's zone. */
  readonly localTime: string;
  readonly channel: ChannelKind;
  readonly period: string;
  readonly dueOn: string | null;
  readonly status: SendStatus;
  readonly reason: string | null;
  /** In plain words. */
  readonly sentence: string;
}

export interface RehearsedMonth {
  /** `YYYY-MM`. */
  readonly month: string;
  /** How many go, wait for a person, and do not go. */
  readonly goes: number;
  readonly waits: number;
  readonly skipped: number;
  /** Those that have something. */
  readonly days: readonly { readonly day: string; readonly sends: readonly RehearsedSend[] }[];
}

export interface Rehearsal {
  readonly timeZone: string;
  /** Its first day, `YYYY-MM-DD`, and its last. */
  readonly from: string;
  readonly to: string;
  readonly months: readonly RehearsedMonth[];
}

/**
 * The months ahead as a calendar of the business: what would go to whom on which day if nothing changed but time. Every
 * month is there, also an empty one. Throws `validation_failed` when there are more than `atMost` messages.
 */
export async function rehearse(
  ctx: Ctx,
  { months, clientId, reminderId }: z.output<typeof RehearseQuery>,
  atMost = Number.POSITIVE_INFINITY,
): Promise<Rehearsal> {
  const { timeZone } = await businessRepo(ctx).get();
  const to = laterBy(ctx.now(), { months }, timeZone);
  const sends: FutureSend[] = [];
  const asked = { to, clientId: clientId as Id<"Client">, reminderId: reminderId as Id<"Reminder"> };
  for await (const piece of forecastSends(ctx, asked)) {
    sends.push(...piece);
    if (sends.length > atMost) throw tooMany(atMost);
  }
  const span = { timeZone, from: civilDateIn(timeZone, ctx.now()), to: civilDateIn(timeZone, to) };
  return { ...span, months: calendarOf(sends, span) };
}

function tooMany(most: number): AppError {
  const remedy = "ask for fewer months, one client or one reminder";
  return new AppError("validation_failed", `These are more than ${most} messages; ${remedy}`, {
    issues: [{ field: "months", message: `gives more than ${most} messages; ${remedy}` }],
  });
}

function calendarOf(
  sends: readonly FutureSend[],
  { from, to, timeZone }: Pick<Rehearsal, "from" | "to" | "timeZone">,
): RehearsedMonth[] {
  const local = sends
    .map((send) => ({ send, at: send.expectedAt ?? send.dueAt }))
    .toSorted((one, other) => one.at.getTime() - other.at.getTime())
    .map(({ send, at }) => ({ send, at, wall: wallTimeIn(timeZone, at) }));
  const byMonth = Map.groupBy(local, ({ wall }) => wall.slice(0, 7));
  const names = monthsBetween(from.slice(0, 7), to.slice(0, 7));
  return [...new Set([...byMonth.keys(), ...names])].toSorted().map((month) => {
    const some = byMonth.get(month) ?? [];
    const days = Map.groupBy(some, ({ wall }) => wall.slice(0, 10));
    return {
      month,
      ...totalsOf(some.map(({ send }) => send.status)),
      days: [...days].map(([day, ones]) => ({ day, sends: ones.map(rehearsed) })),
    };
  });
}

function rehearsed({ send, at, wall }: { send: FutureSend; at: Date; wall: string }): RehearsedSend {
  const { reminderId, reminderName, clientId, clientName, contactName, channel, stepId, period, dueOn } = send;
  const { status, reason } = send;
  const about = { reminderId, reminderName, clientId, clientName, contactName, channel, stepId, period, dueOn };
  return { at, localTime: wall.slice(11, 16), ...about, status, reason, sentence: reasons[reasonOfSend(send)] };
}

function totalsOf(statuses: readonly SendStatus[]): Pick<RehearsedMonth, "goes" | "waits" | "skipped"> {
  const skipped = statuses.filter((status) => status === "will_skip").length;
  const waits = statuses.filter((status) => status === "held" || status === "awaiting_approval").length;
  return { goes: statuses.length - skipped - waits, waits, skipped };
}

function monthsBetween(first: string, last: string): string[] {
  const months: string[] = [];
  for (let at = new Date(`${first}-01T00:00:00Z`); at.toISOString().slice(0, 7) <= last;) {
    months.push(at.toISOString().slice(0, 7));
    at = new Date(Date.UTC(at.getUTCFullYear(), at.getUTCMonth() + 1, 1));
  }
  return months;
}
