import { AppError, invalid } from "@reminder-app/platform/errors";
import type { Id } from "@reminder-app/platform/ids";
import type { Assignment } from "../assignments/assignments.repo.ts";
import { businessRepo } from "../businesses/businesses.repo.ts";
import type { Ctx } from "../ctx.ts";
import type { Reminder } from "../reminders/reminders.repo.ts";
import { balanceOf } from "./balance.ts";
import { newPaymentRequest } from "./new-payment-request.ts";
import { type PaymentRequest, paymentRequestRepo } from "./payment-requests.repo.ts";
import { emitEvents } from "../webhooks/emit-event.ts";
import { requestFacts } from "../webhooks/event-facts.ts";

type Row = Omit<Assignment, "businessId">;

/**
 * Let what new assignments of a reminder to pay are about be payment requests: those that they name, and new ones of one
 * item where they have an amount. Answers the rows with what is owed. Throws where a named request does not fit its client.
 */
export async function askForAssignments(tx: Ctx, reminder: Reminder, rows: readonly Row[]): Promise<Row[]> {
  if (reminder.stopRule !== "paid") {
    const index = rows.findIndex(({ paymentRequestId }) => paymentRequestId !== null);
    if (index !== -1) throw invalid(field(index), 'the reminder must stop when it is paid (stopRule "paid")');
    return [...rows];
  }
  const named = new Map((await paymentRequestRepo(tx).lockMany(namedBy(rows))).map((request) => [request.id, request]));
  const business = await businessRepo(tx).get();
  const made: Omit<PaymentRequest, "businessId">[] = [];
  const asked = rows.map((row, index) => {
    if (row.paymentRequestId) return withRequest(row, index, named.get(row.paymentRequestId));
    if (row.amount === null || row.amount === 0 || row.currency === null) return row;
    const title = row.period === "" ? reminder.name : `${reminder.name} ${row.period}`;
    const given = { title, items: [{ description: title, amount: row.amount }], currency: row.currency };
    const request = newPaymentRequest(
      { ...given, clientId: row.clientId, dueOn: row.dueOn },
      { business, now: tx.now() },
    );
    made.push(request);
    return { ...row, paymentRequestId: request.id };
  });
  await paymentRequestRepo(tx).insertMany(made);
  await emitEvents(
    tx,
    made.map((request) => ({ type: "payment_request.created", data: requestFacts(request) })),
  );
  return asked;
}

function namedBy(rows: readonly Row[]): Id<"PaymentRequest">[] {
  return rows.flatMap(({ paymentRequestId }) => paymentRequestId ?? []);
}

function withRequest(row: Row, index: number, request: PaymentRequest | undefined): Row {
  if (!request || request.clientId !== row.clientId) {
    const message = `Payment request ${row.paymentRequestId} not found`;
    throw new AppError("not_found", message, { issues: [{ field: field(index), message }] });
  }
  if (request.state !== "open") throw invalid(field(index), `is ${request.state}, so there is nothing to remind of`);
  const payingAt = request.processing > 0 ? row.createdAt : null;
  return {
    ...row,
    payingAt,
    amount: balanceOf(request),
    currency: request.currency,
    dueOn: row.dueOn ?? request.dueOn,
  };
}

function field(index: number): string {
  return `assignments.${index}.paymentRequestId`;
}

/** What the assignments of the next period are about: the whole of what was asked for before, not what is left of it. */
export async function amountsAskedFor(tx: Ctx, rows: readonly Assignment[]): Promise<ReadonlyMap<string, number>> {
  const ids = rows.flatMap(({ paymentRequestId }) => paymentRequestId ?? []);
  const requests = new Map((await paymentRequestRepo(tx).getMany(ids)).map(({ id, total }) => [id, total]));
  return new Map(
    rows.flatMap(({ id, paymentRequestId }) => {
      const total = paymentRequestId && requests.get(paymentRequestId);
      return total === undefined || total === null ? [] : [[id, total] as const];
    }),
  );
}
