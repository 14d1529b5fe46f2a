import { type Channel, type OutboundMessage, type SendResult, TEST_PROVIDER, type UnknownPolicy } from "../channel.ts";
import type { ChannelKind } from "@reminder-app/platform/channel-kinds";
import { scriptedOutcome } from "./scripts.ts";

/** A message that a real provider would have taken. */
export interface TestMessage extends Pick<OutboundMessage, "deliveryId" | "token" | "to"> {
  readonly channel: ChannelKind;
  readonly subject: string | null;
  readonly text: string;
}

/** What the channel asks of whoever keeps its messages. */
export interface TestMailbox {
  keep(message: TestMessage): void;
  /** The message comes back after it was accepted, with the code that a provider would give. */
  bounce(message: TestMessage, code: string): void;
  isFirstTry(deliveryId: string): boolean;
  readonly findSent: NonNullable<Channel["findSent"]>;
}

/** As the real channels of the kinds have it. */
const unknownPolicy = {
  email: "resend_once",
  sms: "ask",
  whatsapp: "await_webhook",
} as const satisfies Record<ChannelKind, UnknownPolicy>;

const bounceCodes = {
  email: "smtp/550/5.1.1",
  sms: "twilio/30005",
  whatsapp: "test/bounced",
} as const satisfies Record<ChannelKind, string>;

/**
 * The provider of test businesses. It is in this process and opens no socket; it takes every message, but for those to
 * addresses that ask for something else (`scripts.ts`).
 */
export function createTestChannel(kind: ChannelKind, mailbox: TestMailbox): Channel {
  function take(message: OutboundMessage): { readonly taken: TestMessage; readonly result: SendResult } {
    const { deliveryId, token, to, content } = message;
    const subject = kind === "email" ? content.subject : null;
    const taken = { deliveryId, token, to, channel: kind, subject, text: content.text };
    mailbox.keep(taken);
    return { taken, result: { kind: "accepted", providerMessageId: `${TEST_PROVIDER}-${token}` } };
  }

  function answer(message: OutboundMessage): SendResult {
    const outcome = scriptedOutcome(kind, message.to);
    switch (outcome) {
      case "refused":
        return { kind: "refused", code: "test/refused", reason: "the address asks to be refused" };
      case "throttled-once":
        return mailbox.isFirstTry(message.deliveryId) ? throttled : take(message).result;
      case "throttled":
        return throttled;
      case "unknown":
        take(message);
        return { kind: "ambiguous", reason: "the address asks for an answer that is lost" };
      case "bounced": {
        const { taken, result } = take(message);
        mailbox.bounce(taken, bounceCodes[kind]);
        return result;
      }
      case undefined:
        return take(message).result;
    }
  }

  return {
    kind,
    provider: TEST_PROVIDER,
    unknownPolicy: unknownPolicy[kind],
    findSent: mailbox.findSent,
    send: async (message) => answer(message),
    close: async () => {},
  };
}

const throttled: SendResult = {
  kind: "throttled",
  code: "test/throttled",
  reason: "the address asks to be tried later",
};
