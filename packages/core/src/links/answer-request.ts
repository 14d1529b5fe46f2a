import { NotFoundError, AppError, invalid } from "@reminder-app/platform/errors";
import type { Id } from "@reminder-app/platform/ids";
import { civilDateIn, civilDateSchema, daysAfter } from "@reminder-app/schedule/civil-date";
import { z } from "zod";
import { assignmentRepo } from "../assignments/assignments.repo.ts";
import { closeAssignment } from "../assignments/change-assignment.ts";
import { holdAssignment, promiseEnd } from "../assignments/hold-assignment.ts";
import { type AskedOfClient, assignmentsOfClientRepo } from "../assignments/of-client.repo.ts";
import { placeHold } from "../assignments/place-hold.ts";
import { recordAudit } from "../audit/record-audit.ts";
import { type Ctx, inTransaction } from "../ctx.ts";
import { reminderRepo } from "../reminders/reminders.repo.ts";
import { openTask } from "../tasks/open-task.ts";
import { emitEvent } from "../webhooks/emit-event.ts";
import type { OpenedLink } from "./open-link.ts";
import { answersFor, clientAnswers } from "./open-work.ts";
import { recordVisit } from "./record-visit.ts";

/** How far ahead a client may promise. */
export const MOST_PROMISE_DAYS = 60;

export const AnswerInput = z.object({
  answer: z.enum(clientAnswers),
  /** The day promised. */
  until: civilDateSchema.optional(),
});

interface Answering extends z.output<typeof AnswerInput> {
  readonly assignmentId: Id<"Assignment">;
  readonly network: string;
}

/** Whose reminder is looked at again, and whether anything is new. */
export interface Answered {
  readonly reminderId: Id<"Reminder">;
  readonly changed: boolean;
}

/**
 * Note what a client says, on their page, about something that is asked of them: done ends the chase, all else holds it
 * until the promised day, or until staff have looked. The same answer again changes nothing. Throws `not_found` for what
 * is another client's, and `conflict` where there is nothing to answer.
 */
export async function answerRequest(opened: OpenedLink, input: Answering): Promise<Answered> {
  return inTransaction(opened.ctx, async (tx) => {
    const { assignmentId } = input;
    const reminderId = (await assignmentsOfClientRepo(tx, opened.clientId).find(assignmentId))?.assignment.reminderId;
    if (!reminderId) throw new NotFoundError("Assignment", assignmentId);
    const reminder = await reminderRepo(tx).lock(reminderId);
    const row = { reminder, assignment: await assignmentRepo(tx).lock(reminderId, assignmentId) };
    const zone = opened.business.timeZone;
    if (isSaid(row, input, zone)) return { reminderId, changed: false };
    if (!answersFor(row).includes(input.answer))
      throw new AppError("conflict", "There is nothing to answer about this any more");
    await recordVisit(tx, opened, {
      use: "answered",
      about: `${input.answer}:${assignmentId}`,
      network: input.network,
    });
    await apply(tx, row, { ...input, zone });
    const { answer, until } = input;
    const details = { reminderId, answer, ...(answer === "promise" && { promised: until }), linkId: opened.link.id };
    await emitEvent(tx, "client.answered", { clientId: opened.clientId, assignmentId, answer });
    await recordAudit(tx, "assignment.answered", { entityId: assignmentId, ...details });
    return { reminderId, changed: true };
  });
}

/** Whether the same was said before. Another day is another promise. */
function isSaid(
  { assignment }: Pick<AskedOfClient, "assignment">,
  { answer, until }: Answering,
  zone: string,
): boolean {
  const { state, hold, holdUntil } = assignment;
  if (answer === "done" || state === "done") return answer === "done" && state === "done";
  if (hold !== answer) return false;
  return answer !== "promise" || (until !== undefined && holdUntil?.getTime() === promiseEnd(until, zone).getTime());
}

async function apply(
  tx: Ctx,
  { assignment }: Pick<AskedOfClient, "assignment">,
  { answer, until, zone }: Answering & { readonly zone: string },
): Promise<void> {
  const { id: assignmentId, reminderId, clientId, holdOwnerId: ownerId } = assignment;
  const key = { reminderId, assignmentId };
  if (answer === "done") return void (await closeAssignment(tx, key, "done"));
  if (answer === "promise") {
    const promised = requireDay(until, civilDateIn(zone, tx.now()));
    const owner = ownerId ? { ownerId } : {};
    return void (await holdAssignment(tx, key, { reason: "promise", until: promised, ...owner }));
  }
  await openTask(tx, {
    kind: answer,
    subject: `assignment:${assignmentId}`,
    ...key,
    clientId,
    ...(ownerId && { ownerId }),
  });
  await placeHold(tx, key, { reason: answer, until: null, ownerId });
}

/** Throws `validation_failed` unless a day is given that a client may promise. */
function requireDay(until: string | undefined, today: string): string {
  const last = daysAfter(today, MOST_PROMISE_DAYS);
  if (until === undefined || until < today || until > last)
    throw invalid("until", `must be a day from ${today} to ${last}`);
  return until;
}
