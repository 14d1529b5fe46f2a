import { AppError } from "@reminder-app/platform/errors";
import type { Assignment } from "../assignments/assignments.repo.ts";
import type { Ctx } from "../ctx.ts";
import { paymentRequestRepo } from "./payment-requests.repo.ts";

/** Throws `conflict` when nothing is owed any more for what an assignment is about. */
export async function requireOwed(tx: Ctx, { paymentRequestId }: Assignment): Promise<void> {
  if (!paymentRequestId) return;
  const { state, reference } = await paymentRequestRepo(tx).get(paymentRequestId);
  if (state === "open") return;
  const remedy = state === "paid" ? "remove the payment, or ask for more in it" : "make a new one";
  throw new AppError("conflict", `Payment request ${reference} is ${state}; ${remedy}`);
}
