import { addressHashes, openAddress } from "../clients/contact.ts";
import { contactRepo } from "../clients/contacts.repo.ts";
import type { Ctx } from "../ctx.ts";
import type { Delivery } from "../deliveries/deliveries.repo.ts";
import type { HashedAddress } from "./suppressions.repo.ts";

export interface AddressOfDelivery extends HashedAddress {
  /** In clear, when the contact still has it. */
  readonly address: string | undefined;
}

/**
 * The address that a delivery went to; undefined when it never had one. Only the contact's present address is known in
 * clear: when it is still this one, all its hashes are given.
 */
export async function addressOfDelivery(
  ctx: Ctx,
  { addressHash, channel, contactId }: Pick<Delivery, "addressHash" | "channel" | "contactId">,
): Promise<AddressOfDelivery | undefined> {
  if (!addressHash) return undefined;
  const present = (await contactRepo(ctx).addresses([contactId])).find((row) => row.channel === channel);
  const address = present && openAddress(ctx, present);
  const hashes = address === undefined ? [] : addressHashes(ctx.vault, channel, address);
  return hashes.some((hash) => hash.equals(addressHash))
    ? { channel, hashes, address }
    : { channel, hashes: [addressHash], address: undefined };
}
