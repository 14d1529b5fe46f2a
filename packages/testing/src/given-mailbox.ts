import type { Channel, OutboundMessage } from "@reminder-app/channels/channel";
import { mailCell } from "@reminder-app/core/account-mail/ask-for-mail";
import { sendAccountMail } from "@reminder-app/core/account-mail/send-account-mail";
import type { SystemCtx } from "@reminder-app/core/ctx";
import { accountMails } from "@reminder-app/db/schema/members";
import type { Id } from "@reminder-app/platform/ids";
import { desc, isNotNull } from "drizzle-orm";

/** A mail about an account, as it came to an address. */
export interface GivenMail {
  readonly subject: string;
  readonly text: string;
  /** The token in its link; empty when it has none. */
  readonly token: string;
}

const RECENT = 2_000;

/** Write what waits to be mailed to an address, as a worker does, the oldest first. Mail to others is left alone. */
export async function readAccountMail(system: SystemCtx, address: string): Promise<GivenMail[]> {
  const rows = await system.db
    .select({ id: accountMails.id, email: accountMails.email })
    .from(accountMails)
    .where(isNotNull(accountMails.nextAt))
    .orderBy(desc(accountMails.id))
    .limit(RECENT);
  const ours = rows.filter(({ id, email }) => opens(system, id, email)?.toLowerCase() === address.toLowerCase());
  const sent: OutboundMessage[] = [];
  for (const { id } of ours.toReversed())
    await sendAccountMail({ system, channel: keepingChannel(sent), publicUrl: "http://localhost:8000" }, id);
  return sent.map(({ content: { subject, text } }) => ({
    subject,
    text,
    token: /\/account\/\w+\/([\w-]{43})\s/.exec(text)?.[1] ?? "",
  }));
}

/** A mail server that accepts everything, and keeps it for the test to look at. */
function keepingChannel(sent: OutboundMessage[]): Channel {
  return {
    kind: "email",
    provider: "kept",
    unknownPolicy: "resend_once",
    async send(message) {
      sent.push(message);
      return { kind: "accepted", providerMessageId: message.deliveryId };
    },
    close: async () => {},
  };
}

/** Undefined when it was sealed by the keys of another test. */
function opens({ vault }: SystemCtx, id: Id<"AccountMail">, email: Buffer): string | undefined {
  try {
    return vault.open(email, mailCell(id));
  } catch {
    return undefined;
  }
}
