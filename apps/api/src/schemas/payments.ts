import { z } from "zod";

/** What happens with money that is not the whole of what is owed. */
export const paymentPolicySchema = z.object({
  leastPart: z.int().nullable().describe("The least that may be paid at once; only the whole balance when null"),
  pauseDaysAfterPart: z.int(),
  overpayment: z.enum(["refund", "credit"]),
  afterRefund: z.enum(["reopen", "hold"]),
  receipts: z.boolean().describe("The client is thanked for a payment"),
});
