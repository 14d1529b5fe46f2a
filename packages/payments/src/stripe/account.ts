import type { Stripe } from "stripe";
import type { ProviderAccount } from "../gateway.ts";

/** Whether real money moves by this key. An account itself does not say. */
export function isLiveKey(secretKey: string): boolean {
  return /^[a-z]+_live_/.test(secretKey);
}

export function readAccount({ id, charges_enabled }: Stripe.Account, liveMode: boolean): ProviderAccount {
  return { accountId: id, chargesEnabled: charges_enabled, liveMode };
}

export function onboardingParams(
  accountId: string,
  { refreshUrl, returnUrl }: { readonly refreshUrl: string; readonly returnUrl: string },
): Stripe.AccountLinkCreateParams {
  return { account: accountId, type: "account_onboarding", refresh_url: refreshUrl, return_url: returnUrl };
}
