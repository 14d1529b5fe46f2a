import type { Ctx } from "../ctx.ts";
import { forecastSends } from "../outbox/forecast.ts";
import { type FutureSend, reasonOfSend } from "../outbox/future-send.ts";
import { reasons } from "../reasons.ts";
import { channelNames } from "./channel-names.ts";
import { type ClientFile, aboutAssignment, localTime, nameOf } from "./client-file.ts";
import { type Placed, type ToldMessage, entryOf } from "./entry.ts";

/** The moments up to `to` that the planner has still to come to, as the outbox foresees them. */
export async function upcomingMoments(ctx: Ctx, file: ClientFile, to: Date): Promise<Placed[]> {
  const foreseen: FutureSend[] = [];
  for await (const piece of forecastSends(ctx, { to, clientId: file.client.id }))
    foreseen.push(...piece.filter(({ deliveryId }) => deliveryId === null));
  return [...Map.groupBy(foreseen, momentName)].flatMap(([name, sends]) => tell(file, name, sends));
}

/** A period that a due rule has still to open has no assignment yet. */
function momentName({ assignmentId, slotKey, reminderId, stepId, dueAt }: FutureSend): string {
  return assignmentId ? `${assignmentId} ${slotKey}` : `${reminderId} ${stepId} ${dueAt.getTime()}`;
}

function tell(file: ClientFile, name: string, sends: readonly FutureSend[]): Placed[] {
  const [first] = sends;
  if (!first) return [];
  const { reminderId, reminderName, stepId, period } = first;
  const assignment = file.assignments.find(({ id }) => id === first.assignmentId);
  const reminder = assignment
    ? file.reminders.get(assignment.id)
    : [...file.reminders.values()].find(({ id }) => id === reminderId);
  const going = sends.find(({ status }) => status !== "will_skip") ?? first;
  const messages = sends.map((send) => toldSend(file, send));
  const step = stepId === null ? "" : `, step ${stepId}`;
  const what = `${nameOf({ name: reminderName }, { period })}${step} is due on ${localTime(file, first.dueAt)}.`;
  const entry = entryOf({
    at: first.dueAt,
    kind: "upcoming",
    state: going.status,
    final: false,
    reason: reasonOfSend(going),
    sentence: `${what} ${messages.map(({ sentence }) => sentence).join(" ")}`,
    ...(assignment ? aboutAssignment(file, assignment) : { reminderId, reminderName, period }),
    stepId,
    tone: (stepId !== null && reminder?.stepMessages?.[stepId]?.tone) || null,
    messages,
  });
  return [{ at: first.dueAt, key: `v${name}`, entry }];
}

function toldSend(file: ClientFile, send: FutureSend): ToldMessage {
  const { contactId, contactName, channel, status, expectedAt, dueAt } = send;
  const reason = reasonOfSend(send);
  const isLater = expectedAt !== null && expectedAt.getTime() !== dueAt.getTime();
  const later = isLater ? ` It is expected to go on ${localTime(file, expectedAt)}.` : "";
  return {
    deliveryId: null,
    contactId,
    contactName,
    channel,
    state: status,
    reason,
    said: null,
    sentence: `By ${channelNames[channel]} to ${contactName}: ${reasons[reason]}${later}`,
  };
}
