import { AppError, NotFoundError } from "@reminder-app/platform/errors";
import type { Assignment } from "../assignments/assignments.repo.ts";
import { isChased } from "../assignments/close-assignment.ts";
import { recordAudit } from "../audit/record-audit.ts";
import type { Ctx } from "../ctx.ts";
import type { Reminder } from "../reminders/reminders.repo.ts";
import { emitEvent } from "../webhooks/emit-event.ts";
import { requestFacts } from "../webhooks/event-facts.ts";
import { askForAssignments } from "./ask-for-assignments.ts";
import { changeRequest } from "./change-payment-request.ts";
import { chasedRepo } from "./chased.repo.ts";
import { type PaymentRequest, paymentRequestRepo } from "./payment-requests.repo.ts";

type Change = Partial<Pick<Assignment, "amount" | "currency" | "dueOn" | "overrides">>;
/** What is left to be written of the assignment itself. */
type Own = Change & Partial<Pick<Assignment, "paymentRequestId">>;

interface Changing {
  readonly reminder: Reminder;
  readonly present: Assignment;
}

/**
 * Let what is asked for follow when the amount or due date of the assignment is changed by which it is chased, so that
 * the two never differ: an amount where there was none asks for it, and nothing owed asks for nothing any more. Answers
 * what is left to be written of the assignment. Throws `conflict` where a request cannot follow: it has several items,
 * or money has moved for it.
 */
export async function changeWhatIsAsked(tx: Ctx, { reminder, present }: Changing, change: Change): Promise<Own> {
  const { amount, currency, dueOn } = change;
  const changesAmount = amount !== undefined || currency !== undefined;
  if (!present.paymentRequestId) return changesAmount ? askAnew(tx, { reminder, present }, change) : change;
  const movesDue = dueOn !== undefined && dueOn !== present.dueOn;
  if (!changesAmount && !movesDue) return change;
  const [request] = await paymentRequestRepo(tx).lockMany([present.paymentRequestId]);
  if (!request) throw new NotFoundError("Payment request", present.paymentRequestId);
  if (changesAmount) requireOwn(request, { ...present, ...change });
  if (changesAmount && !amount) return askNoMore(tx, request, change);
  const items = amount ? [{ description: request.title, ...request.items[0], amount }] : undefined;
  const follows = movesDue && request.state === "open" && request.dueOn === present.dueOn;
  if (items || follows) await changeRequest(tx, request.id, { items, ...(follows && { dueOn }) });
  const { amount: _, currency: __, ...rest } = change;
  return rest;
}

async function askAnew(tx: Ctx, { reminder, present }: Changing, change: Change): Promise<Own> {
  if (reminder.stopRule !== "paid" || !isChased(present)) return change;
  const [asked] = await askForAssignments(tx, reminder, [{ ...present, ...change }]);
  return { ...change, paymentRequestId: asked?.paymentRequestId ?? null };
}

/** The assignment stays, about nothing, and is let go of what was asked for. */
async function askNoMore(tx: Ctx, request: PaymentRequest, change: Change): Promise<Own> {
  if ((await chasedRepo(tx).lock([request.id])).length > 1)
    throw refused(request, "other reminders are about as well; cancel it there");
  const cancelled = { state: "cancelled" as const, cancelledAt: tx.now(), updatedAt: tx.now() };
  await paymentRequestRepo(tx).update(request.id, cancelled);
  await emitEvent(tx, "payment_request.cancelled", requestFacts({ ...request, ...cancelled }));
  await recordAudit(tx, "payment_request.cancelled", { entityId: request.id, clientId: request.clientId });
  return { ...change, paymentRequestId: null };
}

function requireOwn(request: PaymentRequest, { currency }: Pick<Assignment, "currency">): void {
  if (request.items.length > 1) throw refused(request, "has several items; change them there");
  if (request.paid + request.processing > 0) throw refused(request, "has been paid in part; change its items there");
  if (currency !== null && currency !== request.currency)
    throw refused(request, `is in ${request.currency}; cancel it and ask anew`);
}

function refused({ id, reference }: PaymentRequest, why: string): AppError {
  const message = `What is owed stands in payment request ${reference} (${id}), which ${why}`;
  return new AppError("conflict", message, { issues: [{ field: "amount", message }] });
}
