import { channelNames } from "./channel-names.ts";
import { reasons } from "../reasons.ts";
import type { Assignment } from "../assignments/assignments.repo.ts";
import type { Ctx } from "../ctx.ts";
import { isReceiptSlot } from "../deliveries/receipts.ts";
import { type ClientMoment, MOMENTS, type NamedDelivery, clientMomentRepo } from "./client-moments.repo.ts";
import { type ClientFile, aboutAssignment, localTime, nameOf } from "./client-file.ts";
import { type Placed, type ToldMessage, entryOf } from "./entry.ts";
import { outcomeFor, reasonOfDelivery } from "./outcome.ts";
import { type Window, inOrder } from "./place.ts";

/** The moments that came for a client, each once, with what became of it. */
export async function clientMoments(ctx: Ctx, file: ClientFile, window: Window): Promise<Placed[]> {
  const repo = clientMomentRepo(ctx, [...file.all.keys()]);
  const isSequence = ({ id }: Assignment) => file.reminders.get(id)?.schedule.kind === "sequence";
  const steps = file.assignments.filter(isSequence).map(({ id }) => id);
  const shared = file.assignments.filter((one) => !isSequence(one)).map(({ reminderId }) => reminderId);
  const found = [
    ...(await repo.withDeliveries(window)),
    ...(await repo.bareSteps(steps, window)),
    ...(await repo.bareShared([...new Set(shared)], window)),
  ];
  const first = found
    .map((moment) => ({ moment, at: moment.at, key: `${MOMENTS}${moment.id}` }))
    .toSorted(inOrder)
    .slice(0, window.limit);
  const made = Map.groupBy(await repo.deliveriesOf(first.map(({ moment }) => moment.id)), (row) => row.occurrenceId);
  return first.map(({ moment, ...place }) => ({ ...place, entry: tell(file, moment, made.get(moment.id) ?? []) }));
}

function tell(file: ClientFile, moment: ClientMoment, made: readonly NamedDelivery[]) {
  const assignment = assignmentFor(file, moment, made);
  const reminder = assignment && file.reminders.get(assignment.id);
  const cameBack = (assignment?.round ?? 1) > 1;
  const outcome = outcomeFor(moment, made, { archivedAt: file.client.archivedAt, cameBack });
  const messages = made.map(toldMessage);
  const name = reminder ? nameOf(reminder, assignment) : "A reminder";
  const what = `${name}${partOf(moment)} was due on ${localTime(file, moment.at)}.`;
  const because = moment.reason === "late_step" ? ` ${reasons.late_step}` : "";
  const told = messages.length > 0 ? messages.map(({ sentence }) => sentence) : [reasons[outcome.reason]];
  return entryOf({
    at: moment.at,
    kind: "moment",
    state: outcome.state,
    final: outcome.final,
    reason: outcome.reason,
    sentence: `${what}${because} ${told.join(" ")}`,
    ...(assignment && aboutAssignment(file, assignment)),
    stepId: moment.stepId,
    tone: (moment.stepId !== null && reminder?.stepMessages?.[moment.stepId]?.tone) || null,
    occurrenceId: moment.id,
    messages,
  });
}

function partOf({ stepId, slotKey }: ClientMoment): string {
  if (isReceiptSlot(slotKey)) return ", thanks for a payment,";
  if (stepId !== null) return `, step ${stepId}`;
  return slotKey.startsWith("M:") ? ", sent by hand" : "";
}

/** The one that its messages were made for; else the one that stood when it came. */
function assignmentFor(
  { assignments }: ClientFile,
  moment: ClientMoment,
  [first]: readonly NamedDelivery[],
): Assignment | undefined {
  const id = first?.assignmentId ?? moment.assignmentId;
  if (id) return assignments.find((one) => one.id === id);
  const { reminderId, dueAt } = moment;
  return assignments.find(
    (one) => one.reminderId === reminderId && one.createdAt <= dueAt && (!one.closedAt || one.closedAt > dueAt),
  );
}

function toldMessage(row: NamedDelivery): ToldMessage {
  const { id: deliveryId, contactId, contactName, channel, state, carrier } = row;
  const { reason, said } = reasonOfDelivery(row);
  const words = [reasons[reason], ...(carrier ? [reasons[reasonOfDelivery(carrier).reason]] : [])].join(" ");
  return {
    deliveryId,
    contactId,
    contactName,
    channel,
    state,
    reason,
    said,
    sentence: `By ${channelNames[channel]} to ${contactName}: ${words}${said === null ? "" : ` (${said})`}`,
  };
}
