import { type ChannelKind } from "@reminder-app/platform/channel-kinds";
import { AppError } from "@reminder-app/platform/errors";
import { recordAudit } from "../audit/record-audit.ts";
import { addressHashes } from "../clients/contact.ts";
import { type Ctx, inTransaction, requireAllClients, requireRole } from "../ctx.ts";
import type { ChannelAddress } from "./address-input.ts";
import { entityOf } from "./suppress-address.ts";
import { type HashedAddress, type Suppression, suppressionRepo } from "./suppressions.repo.ts";

/** Where only the person may take an opt-out back. */
const onlyByThePerson: readonly ChannelKind[] = ["sms", "whatsapp"];

/**
 * Let messages go to an address again; false when nothing stood against it. Throws `conflict` when the person opted out
 * by SMS or WhatsApp: the law leaves it to them to write START.
 */
export async function liftSuppression(ctx: Ctx, { channel, address }: ChannelAddress): Promise<boolean> {
  requireRole(ctx, "admin", "lift suppressions");
  requireAllClients(ctx, "lift suppressions");
  const hashed = { channel, hashes: addressHashes(ctx.vault, channel, address) };
  return inTransaction(ctx, async (tx) => {
    const standing = await suppressionRepo(tx).lockActive(hashed);
    if (standing.length === 0) return false;
    if (onlyByThePerson.includes(channel) && standing.some(isOptOut)) {
      const remedy = "only they can take it back, by writing START";
      throw new AppError("conflict", `This person opted out of ${channel}; ${remedy}`);
    }
    await lift(tx, hashed, "member");
    return true;
  });
}

/** The person themselves asks to be written to again. What others hold against the address stays. False: no opt-out stood. */
export async function takeBackOptOut(tx: Ctx, hashed: HashedAddress, source: string): Promise<boolean> {
  const standing = await suppressionRepo(tx).lockActive(hashed);
  const hashes = standing.filter(isOptOut).map(({ addressHash }) => addressHash);
  if (hashes.length === 0) return false;
  await lift(tx, { ...hashed, hashes }, source);
  return true;
}

async function lift(tx: Ctx, { channel, hashes }: HashedAddress, source: string): Promise<void> {
  await suppressionRepo(tx).lift({ channel, hashes }, tx.now());
  await recordAudit(tx, "address.suppression_lifted", { entityId: entityOf(hashes), channel, source });
}

function isOptOut({ reason }: Suppression): boolean {
  return reason === "opted_out";
}
