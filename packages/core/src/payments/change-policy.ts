import type { PaymentPolicy } from "@reminder-app/db/schema/payment-policy";
import { withoutUndefined } from "../defined.ts";

/** What of a policy is to be otherwise. */
export type PolicyChange = { readonly [Part in keyof PaymentPolicy]?: PaymentPolicy[Part] | undefined };

export function changePolicy(policy: PaymentPolicy, change: PolicyChange = {}): PaymentPolicy {
  return { ...policy, ...withoutUndefined(change) };
}
