import { AsyncLocalStorage } from "node:async_hooks";
import twilio from "twilio";
import type { Channel, SentMessage, SentQuery } from "../channel.ts";
import { createHttpProvider } from "../http-provider.ts";
import { classifyTwilioFailure } from "./classify.ts";
import { twilioStatusUrl } from "./receipt.ts";
import { createRequestClient } from "./request-client.ts";

const API_URL = "https://api.twilio.com";
/** Twilio's largest page. One page is asked for, so that an answer is never half of one. */
const PAGE_SIZE = 1_000;

interface TwilioOptions {
  readonly accountSid: string;
  readonly authToken: string;
  /** The sending number, E.164. */
  readonly from: string;
  /** Another address for Twilio's API. */
  readonly baseUrl?: string | undefined;
  /** Where Twilio reaches our API; status callbacks go there. */
  readonly publicUrl: string;
  readonly timeoutMs: number;
}

/** SMS through Twilio's Messages resource. Its POST is not idempotent, but it can be asked what it sent. */
export function createTwilioChannel(options: TwilioOptions): Channel {
  const { accountSid, authToken, from, publicUrl, timeoutMs } = options;
  const base = new URL(options.baseUrl ?? API_URL);
  const http = createHttpProvider({ origin: base.origin, timeoutMs });
  const signals = new AsyncLocalStorage<AbortSignal>();
  const basePath = base.pathname.replace(/\/+$/, "");
  const { messages } = twilio(accountSid, authToken, { httpClient: createRequestClient({ http, basePath, signals }) });

  return {
    kind: "sms",
    provider: "twilio",
    unknownPolicy: "ask",

    async send({ to, token, content }, signal) {
      const fields = { to, from, body: content.text, statusCallback: twilioStatusUrl(publicUrl, token) };
      try {
        const { sid } = await signals.run(signal, () => messages.create(fields));
        if (!sid) return { kind: "ambiguous", reason: "Twilio answered without the message's id" };
        return { kind: "accepted", providerMessageId: sid };
      } catch (error) {
        return classifyTwilioFailure(error);
      }
    },

    async findSent(query, signal) {
      const dateSentAfter = wholeSecond(query.sentAfter);
      const filter = { to: query.to, from, dateSentAfter, limit: PAGE_SIZE, pageSize: PAGE_SIZE };
      const listed = await signals.run(signal, () => messages.list(filter));
      return listed.flatMap((message) => matching(message, query));
    },

    close: () => http.close(),
  };
}

interface ListedMessage {
  readonly sid: string;
  readonly body: string;
  readonly dateCreated: Date | null;
  readonly dateSent: Date | null;
}

function matching(message: ListedMessage, { text, sentAfter }: SentQuery): SentMessage[] {
  const sentAt = message.dateSent ?? message.dateCreated;
  if (message.body !== text || !sentAt || sentAt < wholeSecond(sentAfter)) return [];
  return [{ providerMessageId: message.sid, sentAt }];
}

/** Twilio's dates have no fraction: a message of 12:00:00.9 says 12:00:00. */
function wholeSecond(date: Date): Date {
  return new Date(Math.floor(date.getTime() / 1_000) * 1_000);
}
