import type { SendResult } from "@reminder-app/channels/channel";
import type { AttemptState, DeliveryState } from "@reminder-app/db/schema/deliveries";
import type { ChannelKind } from "@reminder-app/platform/channel-kinds";
import { after } from "@reminder-app/platform/clock";
import { type Reason, providerCode } from "../reasons.ts";
import { backOffMs } from "./back-off.ts";
import type { DeliveryTiming } from "./timing.ts";

/** More tries than this and the delivery is given up as `dead`. */
const MAX_TRIES = 20;

/** What a delivery becomes. `nextAt` is when the next step is due; null when there is none. */
export interface NextState {
  readonly state: DeliveryState;
  readonly reason: Reason | null;
  readonly nextAt: Date | null;
}

export interface Tried {
  readonly channel: ChannelKind;
  readonly tries: number;
  readonly expiresAt: Date;
}

/** What an answer of the provider makes of the delivery. */
export function nextState(
  tried: Tried,
  result: SendResult,
  { now, timing }: { now: Date; timing: DeliveryTiming },
): NextState {
  switch (result.kind) {
    case "accepted":
      return { state: "accepted", reason: null, nextAt: null };
    case "refused":
      return { state: "failed", reason: providerCode(result.code), nextAt: null };
    case "ambiguous":
      return { state: "unknown", reason: "outcome_unknown", nextAt: now };
    case "throttled":
      return retry(tried, { code: result.code, retryAt: result.retryAt, now, timing });
  }
}

interface Refusal {
  readonly code: string;
  readonly retryAt: Date | undefined;
  readonly now: Date;
  readonly timing: DeliveryTiming;
}

function retry(tried: Tried, { code, retryAt, now, timing }: Refusal): NextState {
  if (tried.tries >= MAX_TRIES) return { state: "dead", reason: "attempts_used_up", nextAt: null };
  const baseMs = timing.retryBaseMs[tried.channel];
  const backOff = after(now, backOffMs(tried.tries, { baseMs, capMs: timing.retryCapMs }));
  const nextAt = retryAt && retryAt > now ? retryAt : backOff;
  if (nextAt >= tried.expiresAt) return { state: "expired", reason: "retries_past_expiry", nextAt: null };
  return { state: "retry", reason: providerCode(code), nextAt };
}

const ATTEMPT_STATE = {
  accepted: "accepted",
  refused: "refused",
  throttled: "throttled",
  ambiguous: "unknown",
} as const satisfies Record<SendResult["kind"], AttemptState>;

/** How the attempt is filed. */
export function attemptState(result: SendResult): AttemptState {
  return ATTEMPT_STATE[result.kind];
}
