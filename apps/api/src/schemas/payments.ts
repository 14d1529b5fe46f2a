import { paymentStatuses } from "@reminder-app/core/payments/balance";
import { paymentMethods, paymentRequestStates, paymentStates } from "@reminder-app/db/schema/payments";
import { z } from "zod";

const instant = z.iso.datetime().describe("An instant in UTC");

/** What happens with money that is not the whole of what is owed. */
export const paymentPolicySchema = z.object({
  leastPart: z.int().nullable().describe("The least that may be paid at once; only the whole balance when null"),
  pauseDaysAfterPart: z.int(),
  overpayment: z.enum(["refund", "credit"]),
  afterRefund: z.enum(["reopen", "hold"]),
  receipts: z.boolean().describe("The client is thanked for a payment"),
});

const minor = z.int().describe("In whole minor units of the currency");
const id = z.uuid();

const owed = {
  id,
  clientId: id,
  reference: z.string().describe("By which a bank transfer names it"),
  title: z.string(),
  currency: z.string(),
  total: minor,
  paid: minor.describe("What has arrived for it, less what went back or is disputed"),
  processing: minor.describe("What is on its way"),
  disputed: minor,
  balance: minor.describe("What is still owed"),
  status: z.enum(paymentStatuses).describe("How it stands"),
  state: z.enum(paymentRequestStates),
  dueOn: z.iso.date().nullable(),
  overdueDays: z.int().describe("For how many days it has been overdue; 0 when it is not"),
  paidAt: instant.nullable(),
  cancelledAt: instant.nullable(),
  createdAt: instant,
  updatedAt: instant,
};

export const paymentRequestSummarySchema = z.object(owed);

const payment = {
  id,
  clientId: id,
  method: z.enum(paymentMethods),
  providerRef: z.string().nullable().describe("The provider's name for it"),
  currency: z.string(),
  amount: minor,
  refunded: minor,
  disputed: minor.describe("What is withheld while a dispute is open, or for good when it is lost"),
  state: z.enum(paymentStates),
  failure: z.string().nullable().describe("Why it failed, as the provider says"),
  receivedOn: z.iso.date(),
  note: z.string().nullable(),
  recordedBy: z.string(),
  createdAt: instant,
  updatedAt: instant,
};

export const paymentRequestSchema = z.object({
  ...owed,
  items: z.array(z.object({ description: z.string(), amount: minor })),
  policy: paymentPolicySchema,
  payments: z
    .array(z.object({ ...payment, allocated: minor.describe("What of it counts for this request") }))
    .describe("What moved for it"),
});

export const paymentSchema = z.object({
  ...payment,
  allocations: z
    .array(
      z.object({
        paymentRequestId: id,
        meant: minor.describe("What was meant for it"),
        amount: minor.describe("What counts for it now"),
      }),
    )
    .describe("What it is for, in the order in which it is filled"),
  credit: minor.describe("What counts of it and is for no request"),
});
