import type { InboundMessage } from "@reminder-app/channels/channel";
import { sealedColumns } from "@reminder-app/db/sealed-columns";
import { type Id, newId } from "@reminder-app/platform/ids";
import { addressHash, addressHashes } from "../clients/contact.ts";
import { keywordOf } from "../consent/keyword.ts";
import { takeBackOptOut } from "../consent/lift-suppression.ts";
import { suppressAddress } from "../consent/suppress-address.ts";
import type { HashedAddress } from "../consent/suppressions.repo.ts";
import { type Ctx, type SystemCtx, actFor, inTransaction } from "../ctx.ts";
import { inboundMessageRepo } from "./inbound-messages.repo.ts";

export interface StoredInbound {
  readonly id: Id<"InboundMessage">;
  /** How it is to be answered: in the answer to the webhook, by a job, or not at all. */
  readonly answer: "now" | "later" | undefined;
}

const { inboundSender } = sealedColumns;
const ACTOR = "inbound";

/**
 * Store what a client wrote, and do what it says if it is a keyword, in one transaction. Our number is shared, so STOP
 * and START bind every business that would write to this address; to a business's own number they bind `only` that
 * business. Undefined when it came before.
 */
export async function storeInbound(
  system: SystemCtx,
  message: InboundMessage,
  only?: Id<"Business">,
): Promise<StoredInbound | undefined> {
  const { channel, from, takenAs } = message;
  const keyword = takenAs ?? keywordOf(message.text);
  const hashed = { channel, hashes: addressHashes(system.vault, channel, from) };
  const id = newId<"InboundMessage">();
  const answer = keyword === "help" ? howToAnswer(message, only) : undefined;

  return inTransaction(actFor(system, "" as Id<"Business">, ACTOR), async (tx) => {
    const fresh = await inboundMessageRepo(tx.db).insertOnce({
      id,
      provider: message.provider,
      account: message.account.slice(0, 64),
      eventKey: message.eventKey.slice(0, 255),
      channel,
      sender: system.vault.seal(from, inboundSender.cell({ id })),
      senderHash: addressHash(system.vault, channel, from),
      keyword: keyword ?? null,
      receivedAt: tx.now(),
      answeredAt: keyword === "help" && answer !== "later" ? tx.now() : null,
    });
    if (!fresh) return undefined;
    if (keyword === "stop" || keyword === "start") await bindAll(tx, hashed, { keyword, only });
    return { id, answer };
  });
}

async function bindAll(
  tx: Ctx,
  hashed: HashedAddress,
  { keyword, only }: { keyword: "stop" | "start"; only: Id<"Business"> | undefined },
): Promise<void> {
  const { channel, hashes } = hashed;
  const bound = only ? [only] : await inboundMessageRepo(tx.db).businessesReaching(channel, hashes);
  for (const businessId of bound) {
    const within = { ...tx, businessId };
    if (keyword === "start") await takeBackOptOut(within, hashed, `START by ${channel}`);
    else await suppressAddress(within, { ...hashed, reason: "opted_out", source: `STOP by ${channel}` });
  }
}

/**
 * Twilio answers by what the webhook says, unless it has answered itself; WhatsApp knows no such thing, and by our own
 * number nobody is answered who wrote to another one.
 */
function howToAnswer({ channel, takenAs }: InboundMessage, only: string | undefined): StoredInbound["answer"] {
  if (takenAs) return undefined;
  if (channel === "sms") return "now";
  return only ? undefined : "later";
}
