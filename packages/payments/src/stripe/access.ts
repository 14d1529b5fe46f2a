import type { Stripe } from "stripe";

/** By what a call is made: whose key, and in which account. */
export interface StripeAccess {
  readonly stripe: Stripe;
  readonly options: { readonly stripeAccount?: string };
  readonly liveMode: boolean;
  readonly now: () => Date;
}
