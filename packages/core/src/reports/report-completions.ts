import { reminderTypes } from "@reminder-app/db/schema/reminder-types";
import { wallTimeIn } from "@reminder-app/schedule/zones";
import { z } from "zod";
import type { Ctx } from "../ctx.ts";
import { completionRepo } from "./completions.repo.ts";
import { countDeliveries } from "./count-deliveries.ts";
import { type Period, PeriodQuery, periodOf } from "./period.ts";
import { wasSent } from "./report-deliveries.ts";

/** What was done so soon after a message counts as done because of it. */
const DONE_WITHIN_HOURS = 72;

export const completionGroups = ["step", "channel", "weekday", "hour"] as const;

export const CompletionReportQuery = PeriodQuery.extend({
  by: z.enum(completionGroups).default("step").describe("What each line of the report is about"),
  type: z.enum(reminderTypes).optional().describe("Reminders of this type only, such as document"),
});

/** One line of the report; only what it is about is there. */
export interface CompletionLine {
  readonly reminderId?: string;
  readonly stepId?: string | null;
  readonly channel?: string;
  /** 1 is Monday (ISO 8601). */
  readonly weekday?: number;
  readonly hour?: number;
  readonly sent: number;
  /** Work that was done within 72 hours of its last message, which was one of these. */
  readonly done: number;
  /** `done` of `sent`, from 0 to 1; null where nothing was sent. */
  readonly share: number | null;
}

export interface CompletionReport extends Pick<Period, "from" | "to"> {
  readonly lines: readonly CompletionLine[];
}

/** A message, by all that lines can be about. */
interface Message {
  readonly reminderId: string;
  readonly stepId: string;
  readonly channel: string;
  readonly day: string;
  readonly hour: number;
}

/** Which messages work: what was done soon after them, by step, channel, weekday or hour on the business's clocks. */
export async function reportCompletions(
  ctx: Ctx,
  { by, type, ...query }: z.output<typeof CompletionReportQuery>,
): Promise<CompletionReport> {
  const period = await periodOf(ctx, query);
  const repo = completionRepo(ctx);
  const ofType = type && new Set(await repo.remindersOf(type));
  const lines = new Map<string, { about: Partial<CompletionLine>; sent: number; done: number }>();
  const lineOf = (message: Message) => {
    const about = aboutOf[by](message);
    const key = Object.values(about).join("\n");
    const line = lines.get(key) ?? { about, sent: 0, done: 0 };
    lines.set(key, line);
    return line;
  };
  for (const { state, deliveries, ...message } of await countDeliveries(ctx, period, [
    "reminderId",
    "stepId",
    "channel",
    "day",
    "hour",
    "state",
  ]))
    if (wasSent(state) && (!ofType || ofType.has(message.reminderId))) lineOf(message).sent += deliveries;
  for (const { madeAt, done, ...message } of await repo.byLastMessage({
    ...period,
    type,
    withinHours: DONE_WITHIN_HOURS,
  }))
    lineOf({ ...message, ...localHour(period.zone, madeAt) }).done += done;
  return {
    from: period.from,
    to: period.to,
    lines: [...lines]
      .toSorted(([one], [other]) => (one < other ? -1 : 1))
      .map(([, { about, sent, done }]) => ({ ...about, sent, done, share: sent === 0 ? null : rounded(done / sent) })),
  };
}

const aboutOf = {
  step: ({ reminderId, stepId }) => ({ reminderId, stepId: stepId === "" ? null : stepId }),
  channel: ({ channel }) => ({ channel }),
  weekday: ({ day }) => ({ weekday: ((new Date(`${day}T00:00:00Z`).getUTCDay() + 6) % 7) + 1 }),
  hour: ({ hour }) => ({ hour }),
} satisfies Record<(typeof completionGroups)[number], (message: Message) => Partial<CompletionLine>>;

function localHour(zone: string, at: Date): { day: string; hour: number } {
  const wall = wallTimeIn(zone, at);
  return { day: wall.slice(0, 10), hour: Number(wall.slice(11, 13)) };
}

function rounded(share: number): number {
  return Math.round(share * 1_000) / 1_000;
}
