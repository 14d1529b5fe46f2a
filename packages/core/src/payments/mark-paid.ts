import type { Id } from "@reminder-app/platform/ids";
import type { Ctx } from "../ctx.ts";
import { payableOf } from "./balance.ts";
import { paymentRequestRepo } from "./payment-requests.repo.ts";
import { recordPayment } from "./record-payment.ts";

/** Note that all that is still owed for a request has been paid another way. Does nothing when nothing is. */
export async function markPaid(tx: Ctx, id: Id<"PaymentRequest">): Promise<void> {
  const request = await paymentRequestRepo(tx).get(id);
  const amount = payableOf(request);
  if (amount === 0) return;
  const { clientId, currency } = request;
  await recordPayment(tx, { clientId, amount, currency, method: "manual", parts: [{ paymentRequestId: id, amount }] });
}
