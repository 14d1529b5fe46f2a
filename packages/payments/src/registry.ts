import type { Settings } from "@reminder-app/platform/settings";
import type { PaymentGateway } from "./gateway.ts";
import { createStripeGateway } from "./stripe/gateway.ts";

/**
 * The gateway that the settings name; `now` is the database's clock. It is there without a platform too: businesses may
 * take payments by keys of their own.
 */
export function createGateway(settings: Settings, now: () => Date): PaymentGateway {
  return createStripeGateway({
    platformKey: settings.STRIPE_SECRET_KEY,
    baseUrl: settings.STRIPE_BASE_URL,
    timeoutMs: settings.PROVIDER_TIMEOUT_MS,
    now,
  });
}
