import { isDuplicateKey } from "@reminder-app/db/faults";
import { invalid } from "@reminder-app/platform/errors";
import type { Id } from "@reminder-app/platform/ids";
import { z } from "zod";
import { recordAudit } from "../audit/record-audit.ts";
import { businessRepo } from "../businesses/businesses.repo.ts";
import { clientRepo } from "../clients/clients.repo.ts";
import { type Ctx, inTransaction, requireRole } from "../ctx.ts";
import { newPaymentRequest } from "./new-payment-request.ts";
import { type PaymentRequest, paymentRequestRepo } from "./payment-requests.repo.ts";
import { currencySchema, referenceSchema, requestFields } from "./request-input.ts";
import { emitEvent } from "../webhooks/emit-event.ts";
import { requestFacts } from "../webhooks/event-facts.ts";

export const CreatePaymentRequestInput = z.strictObject({
  clientId: z.uuid(),
  title: requestFields.title,
  items: requestFields.items,
  currency: currencySchema,
  dueOn: requestFields.dueOn.default(null),
  reference: referenceSchema
    .optional()
    .describe("By which a bank transfer names it, such as an invoice number; made when left out"),
  policy: requestFields.policy.optional(),
});

/** Note what a client owes. To be chased it is named when the client is put on a reminder. */
export async function createPaymentRequest(
  ctx: Ctx,
  { clientId, ...input }: z.output<typeof CreatePaymentRequestInput>,
): Promise<PaymentRequest> {
  requireRole(ctx, "staff", "ask for payments");
  return inTransaction(ctx, async (tx) => {
    const { id } = await clientRepo(tx).get(clientId as Id<"Client">);
    const business = await businessRepo(tx).get();
    const request = newPaymentRequest({ ...input, clientId: id }, { business, now: tx.now() });
    await refuseTaken(request.reference, () => paymentRequestRepo(tx).insertMany([request]));
    await emitEvent(tx, "payment_request.created", requestFacts(request));
    const { reference, currency, total } = request;
    await recordAudit(tx, "payment_request.created", { entityId: request.id, clientId, reference, currency, total });
    return { ...request, businessId: tx.businessId };
  });
}

async function refuseTaken(reference: string, write: () => Promise<void>): Promise<void> {
  try {
    await write();
  } catch (thrown) {
    if (isDuplicateKey(thrown)) throw invalid("reference", `${reference} names another payment request already`);
    throw thrown;
  }
}
