import type { ChannelKind } from "@reminder-app/platform/channel-kinds";

/** One message as it goes to one address. */
export interface OutboundMessage {
  readonly deliveryId: string;
  /** Names this attempt; it travels along, so that whatever the provider reports later can be traced to it. */
  readonly token: string;
  readonly to: string;
  readonly senderName: string;
  readonly content: MessageContent;
  /** An iCalendar file (RFC 5545) that goes with it, where the channel has attachments. */
  readonly calendar?: string;
  /** Where the recipient opts out with one click; given to channels that want it. */
  readonly unsubscribeUrl?: string;
}

export interface MessageContent {
  /** Used by channels that have subjects. */
  readonly subject: string;
  readonly text: string;
  /** Used by channels that show HTML; already escaped and sanitised. */
  readonly html: string;
}

/** What came of handing a message to a provider. */
export type SendResult =
  | { readonly kind: "accepted"; readonly providerMessageId: string }
  /** For good: another try cannot help. */
  | { readonly kind: "refused"; readonly code: string; readonly reason: string }
  /** For now: it may be tried again, at `retryAt` if the provider said when. */
  | { readonly kind: "throttled"; readonly code: string; readonly reason: string; readonly retryAt?: Date }
  /** It may or may not have been accepted. */
  | { readonly kind: "ambiguous"; readonly reason: string };

/**
 * What is done about an ambiguous outcome: ask the provider for the message, wait for its webhook and then hold,
 * or send once more (one possible extra message, counted).
 */
export type UnknownPolicy = "ask" | "await_webhook" | "resend_once";

/** A question to a provider that can be asked: did a message like this leave? */
export interface SentQuery {
  readonly to: string;
  readonly text: string;
  readonly sentAfter: Date;
}

export interface SentMessage {
  readonly providerMessageId: string;
  readonly sentAt: Date;
}

/** The provider of test businesses, which is in this process. Nothing of theirs goes to any other. */
export const TEST_PROVIDER = "test";

export interface Channel {
  readonly kind: ChannelKind;
  readonly provider: string;
  readonly unknownPolicy: UnknownPolicy;
  /** Its messages carry a link to opt out by; where they have no room for one, people write STOP. */
  readonly wantsUnsubscribeUrl?: true;
  /** Resolves for every answer that the provider gives; rejects only for our own bugs. */
  send(message: OutboundMessage, signal: AbortSignal): Promise<SendResult>;
  /** Only where `unknownPolicy` is `ask`. Rejects when the provider cannot be asked now. */
  findSent?(query: SentQuery, signal: AbortSignal): Promise<readonly SentMessage[]>;
  close(): Promise<void>;
}

/** What a provider reports about a message after it was accepted, in our words. */
export interface Receipt {
  readonly provider: string;
  /** The provider account that reports it. */
  readonly account: string;
  /** Equal for a repeated report of the same fact. */
  readonly eventKey: string;
  readonly token?: string;
  readonly providerMessageId?: string;
  readonly status: ReceiptStatus;
  readonly code?: string;
  readonly reason?: string;
}

export const receiptStatuses = ["accepted", "delivered", "read", "undelivered"] as const;
export type ReceiptStatus = (typeof receiptStatuses)[number];

/** What a client wrote to a number of ours. */
export interface InboundMessage {
  readonly provider: string;
  /** The provider account or number that it was written to. */
  readonly account: string;
  /** Equal for a repeated report of the same message. */
  readonly eventKey: string;
  readonly channel: ChannelKind;
  /** E.164 */
  readonly from: string;
  /** Empty when it was no text. */
  readonly text: string;
  /** The provider itself took it as this word, and has answered it. */
  readonly takenAs?: "stop" | "start" | "help";
}
