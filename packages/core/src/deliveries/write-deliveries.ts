import type { Business } from "../businesses/businesses.repo.ts";
import type { Ctx } from "../ctx.ts";
import { isStaffReason } from "../outbox/waits-for-person.ts";
import type { NewDelivery } from "./deliveries.repo.ts";
import { deliveryRowsRepo } from "./delivery-rows.repo.ts";
import { deliveryStopRepo } from "./delivery-stops.repo.ts";
import { personQueueRepo } from "./person-queue.repo.ts";
import { RECEIPT_STEP } from "./receipts.ts";
import { separateLines } from "./stop-deliveries.ts";

/**
 * Write what was planned. An older message about the same work, to the same person, that still waits because the person
 * has had too many gives way to a newer one, unless that waits for somebody to let it go.
 */
export async function writeDeliveries(
  tx: Ctx,
  { contactCap }: Pick<Business, "contactCap">,
  rows: readonly NewDelivery[],
): Promise<void> {
  await deliveryRowsRepo(tx).insertNew(rows);
  if (contactCap) await supersede(tx, rows);
}

async function supersede(tx: Ctx, rows: readonly NewDelivery[]): Promise<void> {
  const newer = Map.groupBy(
    rows.filter(({ state, reason, stepId }) => state === "queued" && !isStaffReason(reason) && stepId !== RECEIPT_STEP),
    ({ assignmentId, contactId }) => `${assignmentId} ${contactId}`,
  );
  const assignments = new Set(rows.map(({ assignmentId }) => assignmentId));
  const capped = await personQueueRepo(tx).lockCapped([...assignments]);
  const deliveryIds = capped
    .filter(
      ({ assignmentId, contactId, dueAt, stepId }) =>
        stepId !== RECEIPT_STEP && newer.get(`${assignmentId} ${contactId}`)?.some((row) => row.dueAt > dueAt),
    )
    .map(({ id }) => id);
  if (deliveryIds.length === 0) return;
  await separateLines(tx, { deliveryIds });
  await deliveryStopRepo(tx).endWaiting({ deliveryIds }, { state: "skipped", reason: "superseded", at: tx.now() });
}
