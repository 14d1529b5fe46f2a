import type { OccurrenceState } from "@reminder-app/db/schema/deliveries";
import type { Id } from "@reminder-app/platform/ids";
import { z } from "zod";
import type { Ctx } from "../ctx.ts";
import { type Page, PageQuery, toPage } from "../page.ts";
import { type ReasonCode, isReasonCode, reasons } from "../reasons.ts";
import { reminderRepo } from "../reminders/reminders.repo.ts";
import { type NamedOccurrence, toldOccurrenceRepo } from "./told-occurrences.repo.ts";

export const occurrenceStates = [
  "planned",
  "expanding",
  "expanded",
  "settled",
  "missed",
  "cancelled",
] as const satisfies readonly OccurrenceState[];

export const PageOccurrencesQuery = PageQuery.extend({ state: z.enum(occurrenceStates).optional() });

export interface ToldOccurrence extends Omit<NamedOccurrence, "reason"> {
  readonly reason: ReasonCode | null;
  readonly sentence: string;
}

/** The moments of a reminder that were planned, the last planned first. Throws `not_found`. */
export async function pageOccurrences(
  ctx: Ctx,
  reminderId: Id<"Reminder">,
  { state, limit, cursor }: z.output<typeof PageOccurrencesQuery>,
): Promise<Page<ToldOccurrence>> {
  await reminderRepo(ctx).get(reminderId);
  const after = cursor as Id<"Occurrence"> | undefined;
  const { items, ...next } = toPage(
    await toldOccurrenceRepo(ctx).page({ reminderId, state }, { limit, cursor: after }),
    limit,
  );
  return { items: items.map(tellOccurrence), ...next };
}

const stateSentences = {
  planned: "It is planned, and its messages are made when its time comes.",
  expanding: "Its messages are being made.",
  expanded: "Its messages were made; each tells what became of it.",
  settled: "Its messages were made; each tells what became of it.",
  missed: "It was missed.",
  cancelled: "It was cancelled.",
} as const satisfies Record<OccurrenceState, string>;

export function tellOccurrence({ reason, ...occurrence }: NamedOccurrence): ToldOccurrence {
  const code = reason !== null && isReasonCode(reason) ? reason : null;
  return { ...occurrence, reason: code, sentence: code ? reasons[code] : stateSentences[occurrence.state] };
}
