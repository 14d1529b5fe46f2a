import { isDuplicateKey } from "@reminder-app/db/faults";
import type { Ctx } from "../ctx.ts";
import type { Verdict } from "./check-sendable.ts";
import { type Delivery, type SendContext, deliveryRepo } from "./deliveries.repo.ts";

interface Sendable {
  readonly delivery: Delivery;
  readonly context: SendContext;
  readonly verdict: Verdict;
}

/**
 * An address may have changed since a delivery was made. Its row follows, so that receipts and the links in the message
 * are about the address that it goes to; but where another message of the same moment goes there, this one is skipped.
 */
export async function followAddress<Judged extends Sendable>(tx: Ctx, judged: Judged): Promise<Judged> {
  const { delivery, context, verdict } = judged;
  const { addressHash } = context;
  if (verdict.kind !== "send" || !addressHash || delivery.addressHash?.equals(addressHash)) return judged;
  try {
    await deliveryRepo(tx).setAddress(delivery.id, addressHash);
    return { ...judged, delivery: { ...delivery, addressHash } };
  } catch (thrown) {
    if (!isDuplicateKey(thrown)) throw thrown;
    return { ...judged, verdict: { kind: "stop", state: "skipped", reason: "duplicate_address" } };
  }
}
