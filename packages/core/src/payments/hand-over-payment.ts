import type { ProviderPayment } from "@reminder-app/payments/gateway";
import type { Ctx } from "../ctx.ts";
import type { Checkout } from "./checkouts.repo.ts";

/** A payment as the provider has it now, of one of the business's checkouts. Handed over any number of times. */
export interface HandedOver {
  readonly checkout: Checkout;
  readonly payment: ProviderPayment;
}

export async function handOverPayment(_ctx: Ctx, _handed: HandedOver): Promise<void> {}
