import type { SendResult } from "../channel.ts";
import { neverLeft } from "../http-provider.ts";
import { retryAtOf } from "../retry-after.ts";
import { TwilioReplyError } from "./request-client.ts";

/** 400s that are about our queue or pace, and pass: too many queued messages, rate exceeded, queue overflow. */
const PASSING_CODES: ReadonlySet<number> = new Set([14107, 21611, 30001]);

/** What a failed `messages.create` means for the message. */
export function classifyTwilioFailure(error: unknown): SendResult {
  const reason = error instanceof Error ? error.message : String(error);
  if (neverLeft(error)) return { kind: "throttled", code: "unreachable", reason };
  if (!(error instanceof TwilioReplyError)) return { kind: "ambiguous", reason };

  const { status, headers } = error.reply;
  if (status < 400 || status >= 500) return { kind: "ambiguous", reason };

  const code = `twilio/${error.code ?? status}`;
  // Only Twilio's own 400 is about this message. A bad token, an empty account or a proxy's page pass once someone mends them.
  return status === 400 && error.code !== undefined && !PASSING_CODES.has(error.code)
    ? { kind: "refused", code, reason }
    : { kind: "throttled", code, reason, ...retryAtOf(headers) };
}
