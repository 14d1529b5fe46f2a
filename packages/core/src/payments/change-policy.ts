import { type PaymentPolicy, defaultPaymentPolicy } from "@reminder-app/db/schema/payment-policy";
import { withoutUndefined } from "../defined.ts";

/** What of a policy is to be otherwise. */
export type PolicyChange = { readonly [Part in keyof PaymentPolicy]?: PaymentPolicy[Part] | undefined };

/** What a business does with money that is not the whole of what is owed, where it has not said otherwise of a request. */
export function policyOf({ paymentPolicy }: { readonly paymentPolicy: PaymentPolicy | null }): PaymentPolicy {
  return { ...defaultPaymentPolicy, ...paymentPolicy };
}

export function changePolicy(policy: PaymentPolicy, change: PolicyChange = {}): PaymentPolicy {
  return { ...policy, ...withoutUndefined(change) };
}
