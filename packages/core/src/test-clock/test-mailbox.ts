import type { SentMessage, SentQuery } from "@reminder-app/channels/channel";
import { type TestMailbox, type TestMessage, createTestChannel } from "@reminder-app/channels/test-mode/channel";
import { sealedColumns } from "@reminder-app/db/sealed-columns";
import type { ChannelKind } from "@reminder-app/platform/channel-kinds";
import { type Id, newId } from "@reminder-app/platform/ids";
import type { Ctx } from "../ctx.ts";
import type { Claim } from "../deliveries/claim-deliveries.ts";
import { type TestMessageRow, testMessageRepo } from "./test-messages.repo.ts";

/** So many messages are looked through for one whose outcome is unknown. */
const LOOKED_THROUGH = 1_000;

export interface Bounce {
  readonly token: string;
  readonly code: string;
}

/** The test provider for the messages of one batch, and what it was given. */
export function openTestMailbox(tx: Ctx, kind: ChannelKind) {
  const kept: TestMessage[] = [];
  const bounces: Bounce[] = [];
  const tries = new Map<string, number>();
  const mailbox: TestMailbox = {
    keep: (message) => void kept.push(message),
    bounce: ({ token }, code) => void bounces.push({ token, code }),
    isFirstTry: (deliveryId) => tries.get(deliveryId) === 0,
    findSent: (query) => findSent(tx, kind, query),
  };
  return {
    mailbox,
    channel: createTestChannel(kind, mailbox),
    bounces,
    expect: (claims: readonly Claim[]) => {
      for (const { delivery } of claims) tries.set(delivery.id, delivery.tries);
    },
    /** Write down what was taken. */
    store: () => testMessageRepo(tx).insertMany(kept.map((message) => toRow(tx, message))),
  };
}

function toRow(tx: Ctx, { deliveryId, channel, to, subject, text }: TestMessage): Omit<TestMessageRow, "businessId"> {
  const id = newId<"TestMessage">();
  return {
    id,
    deliveryId: deliveryId as Id<"Delivery">,
    channel,
    recipient: tx.vault.seal(to, sealedColumns.testRecipient.cell({ businessId: tx.businessId, id })),
    subject,
    text,
    sentAt: tx.now(),
  };
}

/** To whom a message went, in clear. */
export function openRecipient(ctx: Ctx, { id, recipient }: Pick<TestMessageRow, "id" | "recipient">): string {
  return ctx.vault.open(recipient, sealedColumns.testRecipient.cell({ businessId: ctx.businessId, id }));
}

/** The attempt's token is the provider's id of the message, so that it is found by what was sent, as elsewhere. */
async function findSent(tx: Ctx, kind: ChannelKind, { to, text, sentAfter }: SentQuery): Promise<SentMessage[]> {
  const rows = await testMessageRepo(tx).sentSince(kind, sentAfter, LOOKED_THROUGH);
  return rows
    .filter((row) => row.text === text && openRecipient(tx, row) === to)
    .map(({ id, sentAt }) => ({ providerMessageId: `test-${id}`, sentAt }));
}
