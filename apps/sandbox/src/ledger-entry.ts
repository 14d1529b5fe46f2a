import type { ChannelKind } from "@reminder-app/platform/channel-kinds";

/** What a stand-in knows about a message at the moment it takes it. */
export interface Acceptance {
  readonly channel: ChannelKind;
  readonly provider: "smtp" | "twilio" | "whatsapp";
  readonly to: string;
  readonly from: string;
  readonly providerMessageId: string;
  /** Names the sender's attempt: end of the status callback's path, opaque callback data, or `X-Attempt` header. */
  readonly token?: string;
  /** `Message-ID` of a mail. */
  readonly messageId?: string;
  readonly text?: string;
  /** A mail as it came; parsed only when somebody looks. */
  readonly raw?: Buffer;
}

export interface LedgerEntry extends Acceptance {
  readonly seq: number;
  /** ISO instant of the acceptance. */
  readonly at: string;
  readonly status: MessageStatus;
}

export type MessageStatus = "queued" | "sent" | "delivered" | "read" | "undelivered" | "failed";

/** One spelling for each address: digits of a number, a mail address in lower case. */
export function normaliseAddress(channel: ChannelKind, address: string): string {
  return channel === "email" ? address.trim().toLowerCase() : address.replaceAll(/\D/g, "");
}
