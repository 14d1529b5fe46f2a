import { bankLineStates } from "@reminder-app/db/schema/payments";
import { z } from "zod";
import { instant } from "../schemas.ts";

export const bankLineSchema = z.object({
  id: z.uuid(),
  bookedOn: z.iso.date(),
  currency: z.string(),
  amount: z.int().describe("In minor units of the currency"),
  text: z.string().describe("Who paid, and what they wrote"),
  state: z.enum(bankLineStates),
  suggestedId: z.uuid().nullable().describe("The payment request that it is for, or probably for"),
  paymentId: z.uuid().nullable(),
  createdAt: instant,
  updatedAt: instant,
});
