import { type HoldReason, chosenHolds } from "@reminder-app/db/schema/reminders";
import { AppError, invalid } from "@reminder-app/platform/errors";
import type { Id } from "@reminder-app/platform/ids";
import { civilDateIn, civilDateSchema, daysAfter, startOfDay } from "@reminder-app/schedule/civil-date";
import { z } from "zod";
import { businessRepo } from "../businesses/businesses.repo.ts";
import { type Ctx, inTransaction, requireRole } from "../ctx.ts";
import { requireLater } from "../deliveries/pause-end.ts";
import type { PauseAnswer } from "../deliveries/stop-deliveries.ts";
import { memberRepo } from "../members/members.repo.ts";
import { reminderRepo } from "../reminders/reminders.repo.ts";
import { paragraph } from "../texts.ts";
import { type Assignment, assignmentRepo } from "./assignments.repo.ts";
import type { AssignmentKey } from "./assignment-key.ts";
import { placeHold } from "./place-hold.ts";

const MOST_GRACE_DAYS = 60;
/** A promise for Friday is broken on Sunday morning. */
const GRACE_DAYS = 1;

export const HoldInput = z.strictObject({
  reason: z.enum(chosenHolds),
  until: civilDateSchema
    .optional()
    .describe(
      "The day promised; for other reasons the day that begins without the hold. Needed for promise and snooze",
    ),
  graceDays: z
    .int()
    .min(0)
    .max(MOST_GRACE_DAYS)
    .optional()
    .describe("How many days after the one promised still count as kept; 1 when left out"),
  note: paragraph(500).optional(),
  ownerId: z.uuid().optional().describe("The member in charge of it"),
});
type Input = z.output<typeof HoldInput>;

/**
 * Send nothing for an assignment until a day, or until it is released; another hold takes the place of the one that
 * stands. A promise that was not kept when its grace is over opens a task, and the sequence goes on.
 */
export async function holdAssignment(
  ctx: Ctx,
  { reminderId, assignmentId }: AssignmentKey,
  input: Input,
): Promise<{ assignment: Assignment } & PauseAnswer> {
  requireRole(ctx, "staff", "hold assignments");
  return inTransaction(ctx, async (tx) => {
    await reminderRepo(tx).lock(reminderId);
    const present = await assignmentRepo(tx).lock(reminderId, assignmentId);
    if (present.state !== "open" && present.state !== "exhausted")
      throw new AppError(
        "conflict",
        `The assignment is ${present.state}, so there is nothing to hold; re-open it first`,
      );
    if (input.ownerId) await requireOwner(tx, input.ownerId as Id<"Member">);
    const { timeZone } = await businessRepo(tx).get();
    const until = holdEnd(input, timeZone, tx.now());
    const { reason, note, ownerId } = input;
    return placeHold(tx, { reminderId, assignmentId }, { reason, until, note, ownerId: ownerId as Id<"Member"> });
  });
}

const NEEDS_END: ReadonlySet<HoldReason> = new Set(["promise", "snooze"]);

/** The instant at which the hold ends. Throws `validation_failed` when it is past, or the day is missing. */
function holdEnd({ reason, until, graceDays }: Input, zone: string, now: Date): Date | null {
  if (graceDays !== undefined && reason !== "promise") throw invalid("graceDays", "only a promise has a grace");
  if (until === undefined) {
    if (NEEDS_END.has(reason)) throw invalid("until", `must be given for a ${reason}`);
    return null;
  }
  if (reason !== "promise") return requireLater(startOfDay(until, zone), now);
  const today = civilDateIn(zone, now);
  if (until < today) throw invalid("until", `${until} is past; the day promised must be ${today} or later`);
  return requireLater(promiseEnd(until, zone, graceDays), now);
}

/** The instant from which a promise for a day is broken. */
export function promiseEnd(promised: string, zone: string, graceDays = GRACE_DAYS): Date {
  return startOfDay(daysAfter(promised, graceDays + 1), zone);
}

async function requireOwner(tx: Ctx, ownerId: Id<"Member">): Promise<void> {
  const known = await memberRepo(tx).existing([ownerId]);
  if (known.has(ownerId)) return;
  const message = `Member ${ownerId} not found`;
  throw new AppError("not_found", message, { issues: [{ field: "ownerId", message }] });
}
