import type { Rehearsal, RehearsedMonth, RehearsedSend } from "@reminder-app/core/outbox/rehearse";

const monthName = new Intl.DateTimeFormat("en-GB", { month: "long", year: "numeric", timeZone: "UTC" });
const dayName = new Intl.DateTimeFormat("en-GB", { weekday: "short", day: "2-digit", timeZone: "UTC" });

/** A rehearsal as a person reads it: month after month, with a line for each message. */
export function* writeCalendar({ months, timeZone }: Rehearsal): Generator<string> {
  yield `All times are those of ${timeZone}`;
  for (const month of months) yield* monthLines(month);
}

function* monthLines({ month, goes, waits, skipped, days }: RehearsedMonth): Generator<string> {
  yield "";
  yield `${monthName.format(new Date(`${month}-01T00:00:00Z`))}: ${totals({ goes, waits, skipped })}`;
  for (const { day, sends } of days) {
    for (const [index, send] of sends.entries()) {
      const shown = index === 0 ? dayName.format(new Date(`${day}T00:00:00Z`)) : "";
      yield `  ${shown.padEnd(7)} ${send.localTime}  ${lineOf(send)}`;
    }
  }
}

function totals({ goes, waits, skipped }: Pick<RehearsedMonth, "goes" | "waits" | "skipped">): string {
  const parts = [
    ...(goes > 0 ? [`${goes} ${goes === 1 ? "message" : "messages"}`] : []),
    ...(waits > 0 ? [`${waits} held for a decision`] : []),
    ...(skipped > 0 ? [`${skipped} left out`] : []),
  ];
  return parts.length > 0 ? parts.join(", ") : "nothing";
}

function lineOf({
  reminderName,
  stepId,
  period,
  clientName,
  contactName,
  channel,
  status,
  reason,
}: RehearsedSend): string {
  const what = [reminderName, period, stepId].filter(Boolean).join(" ");
  const why = reason ? `: ${reason}` : "";
  const fate = { will_skip: `  (left out${why})`, held: "  (held)", awaiting_approval: "  (awaits approval)" };
  const told = status in fate ? fate[status as keyof typeof fate] : reason ? `  (${reason})` : "";
  return `${what}  to ${clientName}, ${contactName}, by ${channel}${told}`;
}
