import { daysBetween } from "@reminder-app/schedule/civil-date";
import type { PaymentRequest } from "./payment-requests.repo.ts";

type Sums = Pick<PaymentRequest, "total" | "paid">;

/** What is still owed; what is on its way is owed until it has arrived. */
export function balanceOf({ total, paid }: Sums): number {
  return Math.max(0, total - paid);
}

/** What was paid too much. */
export function surplusOf({ total, paid }: Sums): number {
  return Math.max(0, paid - total);
}

/** What may still be paid, so that nothing is paid twice: not what is on its way. */
export function payableOf(request: Sums & Pick<PaymentRequest, "processing" | "state">): number {
  return request.state === "open" ? Math.max(0, balanceOf(request) - request.processing) : 0;
}

/** How a request stands, in words that a person understands. */
export const paymentStatuses = [
  "open",
  "part_paid",
  "processing",
  "paid",
  "overpaid",
  "disputed",
  "cancelled",
] as const;
export type PaymentStatus = (typeof paymentStatuses)[number];

export function statusOf(
  request: Pick<PaymentRequest, "state" | "total" | "paid" | "disputed" | "processing">,
): PaymentStatus {
  if (request.state === "cancelled") return "cancelled";
  if (request.disputed > 0) return "disputed";
  if (surplusOf(request) > 0) return "overpaid";
  if (balanceOf(request) === 0) return "paid";
  if (request.processing > 0) return "processing";
  return request.paid > 0 ? "part_paid" : "open";
}

/** How a request stands on a day, as people ask. */
export interface RequestStanding {
  readonly status: PaymentStatus;
  /** What is still owed, in minor units. */
  readonly balance: number;
  /** For how many days it has been overdue; 0 when it is not. */
  readonly overdueDays: number;
}

type Dated = Parameters<typeof statusOf>[0] & Pick<PaymentRequest, "dueOn">;

export function standingOn(request: Dated, today: string): RequestStanding {
  const isLate = request.state === "open" && request.dueOn !== null && request.dueOn < today;
  return {
    status: statusOf(request),
    balance: request.state === "cancelled" ? 0 : balanceOf(request),
    overdueDays: isLate && request.dueOn !== null ? daysBetween(request.dueOn, today) : 0,
  };
}
