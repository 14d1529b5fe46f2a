import type { HoldReason } from "@reminder-app/db/schema/reminders";
import { DAY_MS, after } from "@reminder-app/platform/clock";
import type { Id } from "@reminder-app/platform/ids";
import { civilDateIn } from "@reminder-app/schedule/civil-date";
import { type AskedOfClient, assignmentsOfClientRepo } from "../assignments/of-client.repo.ts";
import type { Assignment } from "../assignments/assignments.repo.ts";
import { isNothingOwed } from "../deliveries/standstill.ts";
import type { OpenedLink } from "./open-link.ts";

/** What a client may say about what they are asked. */
export const clientAnswers = ["done", "says_paid", "promise", "not_applicable"] as const;
export type ClientAnswer = (typeof clientAnswers)[number];

const MOST_SHOWN = 200;
const RECENT_DAYS = 90;
const RECENT_SHOWN = 10;

/** Something that is asked of a client, as their page shows it. */
export interface OpenItem extends Pick<
  Assignment,
  "dueOn" | "amount" | "currency" | "paymentRequestId" | "payingAt" | "hold" | "heldAt" | "holdUntil" | "period"
> {
  readonly assignmentId: Id<"Assignment">;
  readonly reminderId: Id<"Reminder">;
  readonly name: string;
  readonly isOverdue: boolean;
  /** What the client may say about it now. */
  readonly answers: readonly ClientAnswer[];
}

export interface DoneItem extends Pick<Assignment, "period" | "closedBecause"> {
  readonly name: string;
  readonly closedAt: Date;
}

export interface OpenWork {
  readonly items: readonly OpenItem[];
  readonly recent: readonly DoneItem[];
  /** The present day on the business's clocks. */
  readonly today: string;
}

/** All that is open for the client of a link, and what was done in the last months. */
export async function getOpenWork({ ctx, business, clientId }: OpenedLink): Promise<OpenWork> {
  const repo = assignmentsOfClientRepo(ctx, clientId);
  const today = civilDateIn(business.timeZone, ctx.now());
  const asked = await repo.openOnes(MOST_SHOWN);
  const done = await repo.doneSince(after(ctx.now(), -RECENT_DAYS * DAY_MS), RECENT_SHOWN);
  return {
    today,
    items: asked.filter((row) => isAsked(row, today)).map((row) => toItem(row, today)),
    recent: done.flatMap(({ assignment: { period, closedBecause, closedAt }, reminder: { name } }) =>
      closedAt ? [{ name, period, closedBecause, closedAt }] : [],
    ),
  };
}

/** Whether something is still to be done about it; what only announces a day is, until that day. */
function isAsked({ assignment, reminder }: AskedOfClient, today: string): boolean {
  if (isNothingOwed(reminder, assignment)) return false;
  return reminder.stopRule !== "none" || (assignment.dueOn !== null && assignment.dueOn >= today);
}

interface Asked {
  readonly assignment: Pick<Assignment, "hold" | "state" | "payingAt">;
  readonly reminder: Pick<AskedOfClient["reminder"], "stopRule">;
}

/** What stands because of the client's own word, and so may be replaced by it. */
const ownHolds: ReadonlySet<HoldReason> = new Set(["promise", "says_paid", "not_applicable", "part_payment"]);

/** What the client may say about it. What staff decided, such as a dispute, is theirs to end. */
export function answersFor({ assignment, reminder: { stopRule } }: Asked): ClientAnswer[] {
  const { hold, state, payingAt } = assignment;
  const isOpen = state === "open" || state === "exhausted";
  if (!isOpen || stopRule === "none" || (hold && !ownHolds.has(hold))) return [];
  if (stopRule === "paid") return payingAt ? [] : ["says_paid", "promise", "not_applicable"];
  return stopRule === "done" ? ["done", "promise", "not_applicable"] : ["promise", "not_applicable"];
}

function toItem(row: AskedOfClient, today: string): OpenItem {
  const { id: assignmentId, reminderId, period, dueOn, amount, currency } = row.assignment;
  const { paymentRequestId, payingAt, hold, heldAt, holdUntil } = row.assignment;
  return {
    assignmentId,
    reminderId,
    name: row.reminder.name,
    period,
    dueOn,
    amount,
    currency,
    paymentRequestId,
    payingAt,
    hold,
    heldAt,
    holdUntil,
    isOverdue: dueOn !== null && dueOn < today,
    answers: answersFor(row),
  };
}
