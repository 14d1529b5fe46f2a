import type { PaymentRequestState } from "@reminder-app/db/schema/payments";
import type { Id } from "@reminder-app/platform/ids";
import { DAY_MS, after } from "@reminder-app/platform/clock";
import { civilDateIn, startOfDay } from "@reminder-app/schedule/civil-date";
import { businessRepo } from "../businesses/businesses.repo.ts";
import type { Ctx } from "../ctx.ts";
import { followChase } from "./follow-chase.ts";
import type { Chase } from "./lock-chase.ts";
import { type PaymentRequest, paymentRequestRepo } from "./payment-requests.repo.ts";
import { type Payment, paymentRepo } from "./payments.repo.ts";
import { tellUnchased } from "./tell-staff.ts";
import { emitEvents } from "../webhooks/emit-event.ts";
import { requestEvents } from "../webhooks/event-facts.ts";

/**
 * Work out anew how requests stand, and let all by which they are chased follow: closed when it is paid, held while money
 * is on its way, chased for the new balance, opened again when money went back. Call it with the chase locked. It looks
 * at what is stored alone, so it may be run at any time, any number of times.
 */
export async function settleRequests(
  tx: Ctx,
  chase: Chase,
  { mistaken = false }: { mistaken?: boolean } = {},
): Promise<readonly PaymentRequest[]> {
  const moved = await paymentRepo(tx).ofRequests(chase.requests.map(({ id }) => id));
  const byRequest = Map.groupBy(moved, ({ allocation }) => allocation.paymentRequestId);
  const settled: PaymentRequest[] = [];
  const { timeZone } = await businessRepo(tx).get();
  for (const before of chase.requests) {
    const rows = byRequest.get(before.id) ?? [];
    const request = { ...before, ...sumsOf(before, rows, (day) => arrivalOn(day, { timeZone, now: tx.now() })) };
    if (isChanged(before, request))
      await paymentRequestRepo(tx).update(before.id, { ...changeOf(request), updatedAt: tx.now() });
    await emitEvents(tx, requestEvents(before, request));
    const theirs = chase.assignments.filter(({ paymentRequestId }) => paymentRequestId === before.id);
    const standing = {
      request,
      before,
      disputeOpen: rows.some(({ payment }) => payment.disputeOpen),
      mistaken,
      failed: before.processing > request.processing && rows.some(({ payment }) => payment.state === "failed"),
    };
    for (const assignment of theirs)
      await followChase(tx, standing, { assignment, reminder: reminderOf(chase, assignment.reminderId) });
    if (theirs.length === 0) await tellUnchased(tx, standing);
    settled.push(request);
  }
  return settled;
}

type Moved = { readonly allocation: { readonly amount: number; readonly meant: number }; readonly payment: Payment };

/** Money that is noted later than it came, came at noon of its day. */
function arrivalOn(day: string, { timeZone, now }: { timeZone: string; now: Date }): Date {
  if (day >= civilDateIn(timeZone, now)) return now;
  return after(startOfDay(day, timeZone), DAY_MS / 2);
}

function sumsOf(request: PaymentRequest, rows: readonly Moved[], arrival: (day: string) => Date) {
  const sum = (of: (row: Moved) => number) => rows.reduce((all, row) => all + of(row), 0);
  const paid = sum(({ allocation, payment }) => (payment.state === "succeeded" ? allocation.amount : 0));
  const processing = sum(({ allocation, payment }) => (payment.state === "processing" ? allocation.meant : 0));
  const disputed = sum(({ allocation: { meant, amount }, payment }) =>
    payment.state === "succeeded" ? Math.min(payment.disputed, meant - amount) : 0,
  );
  const state = stateOf(request, paid);
  const paidAt = state === "paid" ? (request.paidAt ?? arrival(lastDayOf(rows))) : null;
  return { paid, processing, disputed, state, paidAt };
}

function lastDayOf(rows: readonly Moved[]): string {
  const days = rows.filter(({ payment }) => payment.state === "succeeded").map(({ payment }) => payment.receivedOn);
  return days.toSorted().at(-1) ?? "";
}

function stateOf({ state, total }: PaymentRequest, paid: number): PaymentRequestState {
  if (state === "cancelled") return state;
  return paid >= total ? "paid" : "open";
}

const summed = ["paid", "processing", "disputed", "state"] as const;

function isChanged(before: PaymentRequest, after: PaymentRequest): boolean {
  return summed.some((field) => before[field] !== after[field]);
}

function changeOf({ paid, processing, disputed, state, paidAt }: PaymentRequest) {
  return { paid, processing, disputed, state, paidAt };
}

function reminderOf({ reminders }: Chase, id: Id<"Reminder">) {
  const reminder = reminders.get(id);
  if (!reminder) throw new Error(`Reminder ${id} was not locked with its payment request`);
  return reminder;
}
