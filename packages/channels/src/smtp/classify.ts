import type { SendResult } from "../channel.ts";

/** What nodemailer says about a failure. `responseCode` and `response` are the server's last reply. */
interface MailFailure extends Error {
  readonly code?: string;
  readonly responseCode?: number;
  readonly response?: string;
}

/** Where the reply answers a command about this message, and not the connection. */
const MESSAGE_CODES: ReadonlySet<string> = new Set(["EENVELOPE", "EMESSAGE"]);

/** Permanent by their number, yet about the session or our login: wrong sequence, authentication. */
const SESSION_REPLIES: ReadonlySet<number> = new Set([503, 530, 534, 535, 538]);

const MAILBOX_FULL = "5.2.2";

/**
 * What a failed sendMail means for the message. `bodyLeft`: a byte of the message itself was given to the connection;
 * from then on only the server's own reply to it tells that it was not accepted.
 */
export function classifyMailFailure(failure: Error, bodyLeft: boolean): SendResult {
  const { code = "", responseCode, response } = failure as MailFailure;
  const reason = failure.message;

  if (MESSAGE_CODES.has(code)) {
    if (responseCode === undefined || responseCode < 400) return unanswered(bodyLeft, reason);
    return isForGood(responseCode, enhancedCode(response))
      ? { kind: "refused", code: smtpCode(responseCode, response), reason }
      : { kind: "throttled", code: smtpCode(responseCode, response), reason };
  }
  if (bodyLeft) return { kind: "ambiguous", reason };
  return { kind: "throttled", code: responseCode ? smtpCode(responseCode, response) : "unreachable", reason };
}

/** No reply that refuses: nodemailer itself did, before it spoke (an address that no command can carry), or the server talks nonsense. */
function unanswered(bodyLeft: boolean, reason: string): SendResult {
  return bodyLeft ? { kind: "ambiguous", reason } : { kind: "refused", code: "smtp/unsendable", reason };
}

function isForGood(reply: number, enhanced: string | undefined): boolean {
  return reply >= 500 && reply < 600 && !SESSION_REPLIES.has(reply) && enhanced !== MAILBOX_FULL;
}

/** `smtp/550/5.1.1`, or `smtp/550` where the server gives no enhanced code. */
function smtpCode(reply: number, response: string | undefined): string {
  const enhanced = enhancedCode(response);
  return enhanced ? `smtp/${reply}/${enhanced}` : `smtp/${reply}`;
}

function enhancedCode(response: string | undefined): string | undefined {
  return /^\d{3}[ -](\d\.\d{1,3}\.\d{1,3})\b/.exec(response ?? "")?.[1];
}
