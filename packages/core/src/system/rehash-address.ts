import { sealedColumns } from "@reminder-app/db/sealed-columns";
import type { ChannelKind } from "@reminder-app/platform/channel-kinds";
import type { Id } from "@reminder-app/platform/ids";
import { carrySuppressions } from "../consent/carry-suppressions.ts";
import { type SystemCtx, actFor, inTransaction } from "../ctx.ts";
import { deliveryRowsRepo } from "../deliveries/delivery-rows.repo.ts";
import { type SealedValue, sealedValuesRepo } from "./sealed-values.repo.ts";

/**
 * Write a contact's address under its newest hash, and with it what is known by the hash alone: suppressions, which have
 * no plain address, and messages that went there or wait. All in one transaction, so that no claim misses a suppression.
 */
export async function rehashAddress(
  system: SystemCtx,
  value: SealedValue,
  [newest, ...older]: readonly Buffer[],
): Promise<boolean> {
  const { hash: present } = value;
  if (!newest || !present) return false;
  const { businessId, contactId, channel } = value.row as {
    businessId: Id<"Business">;
    contactId: Id<"Contact">;
    channel: ChannelKind;
  };
  return inTransaction(actFor(system, businessId, "rotate-keys"), async (tx) => {
    if (!(await sealedValuesRepo(tx.db, sealedColumns.contactAddress).replaceHash(value, newest))) return false;
    await carrySuppressions(tx, { channel, hashes: [newest, present, ...older] });
    await deliveryRowsRepo(tx).rehash({ contactId, channel }, { from: present, to: newest });
    return true;
  });
}
