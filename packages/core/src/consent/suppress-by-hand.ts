import { z } from "zod";
import { addressHashes } from "../clients/contact.ts";
import { type Ctx, requireAllClients, requireRole } from "../ctx.ts";
import type { StopAnswer } from "../deliveries/stop-deliveries.ts";
import { type ChannelAddress, addressFields, checkAddress } from "./address-input.ts";
import { suppressAddress } from "./suppress-address.ts";

export const SuppressByHandInput = z
  .strictObject({ ...addressFields, reason: z.literal("manual").default("manual") })
  .transform(checkAddress);

/** A member says that nothing more may go to an address, whether a contact has it or not. */
export async function suppressByHand(ctx: Ctx, { channel, address }: ChannelAddress): Promise<StopAnswer> {
  requireRole(ctx, "staff", "suppress addresses");
  requireAllClients(ctx, "suppress addresses");
  const hashes = addressHashes(ctx.vault, channel, address);
  return suppressAddress(ctx, { channel, hashes, reason: "manual", source: "member" });
}
