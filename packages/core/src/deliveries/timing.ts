import type { ChannelKind } from "@reminder-app/platform/channel-kinds";
import { HOUR_MS, SECOND_MS } from "@reminder-app/platform/clock";
import type { Settings } from "@reminder-app/platform/settings";

/** How long the steps of a delivery may take, in milliseconds. */
export interface DeliveryTiming {
  readonly leaseMs: number;
  readonly providerMs: number;
  /** Before a provider is asked what became of a message. */
  readonly verifyMs: number;
  /** Before a message that no webhook vouched for is held. */
  readonly holdMs: number;
  readonly retryBaseMs: Readonly<Record<ChannelKind, number>>;
  readonly retryCapMs: number;
}

export function timingOf(settings: Settings): DeliveryTiming {
  const base = settings.RETRY_BASE_MS;
  return {
    leaseMs: settings.LEASE_MS,
    providerMs: settings.PROVIDER_TIMEOUT_MS,
    verifyMs: settings.VERIFY_AFTER_MS,
    holdMs: settings.HOLD_AFTER_MS,
    retryBaseMs: { email: base ?? 30 * SECOND_MS, sms: base ?? 20 * SECOND_MS, whatsapp: base ?? 20 * SECOND_MS },
    retryCapMs: HOUR_MS,
  };
}
