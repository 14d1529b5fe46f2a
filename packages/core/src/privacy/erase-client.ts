import { sealedColumns } from "@reminder-app/db/sealed-columns";
import { AppError } from "@reminder-app/platform/errors";
import type { Id } from "@reminder-app/platform/ids";
import { z } from "zod";
import { recordAudit } from "../audit/record-audit.ts";
import { clientRepo } from "../clients/clients.repo.ts";
import { type Ctx, dryRun, inTransaction, requireRole } from "../ctx.ts";
import { stopDeliveries } from "../deliveries/stop-deliveries.ts";
import { clientRecordRepo } from "./client-records.repo.ts";
import { ERASED, erasureRepo } from "./erasure.repo.ts";

export const EraseClientInput = z.strictObject({
  dryRun: z.boolean().describe("true tells what would be erased, and erases nothing"),
});

/** What was erased, or would be. */
export interface Erasure {
  readonly dryRun: boolean;
  readonly contacts: number;
  readonly documents: number;
  /** Messages that were waiting and will not go. */
  readonly cancelled: number;
  /** Messages whose send had started before. */
  readonly inFlight: number;
}

/**
 * Erase what is personal of a client, for good, also of those who were merged into them: names, addresses, texts, notes,
 * files. Nothing is sent to them from the moment this commits. What proves that something was sent or paid stays, without
 * saying to whom, and so does the keyed hash of addresses that may not be written to. Erasing again changes nothing.
 */
export async function eraseClient(
  ctx: Ctx,
  id: Id<"Client">,
  input: z.output<typeof EraseClientInput>,
): Promise<Erasure> {
  requireRole(ctx, "admin", "erase clients");
  const erased = input.dryRun
    ? await dryRun(ctx, (tx) => erase(tx, id))
    : await inTransaction(ctx, (tx) => erase(tx, id));
  return { dryRun: input.dryRun, ...erased };
}

async function erase(tx: Ctx, id: Id<"Client">): Promise<Omit<Erasure, "dryRun">> {
  const { mergedInto } = await clientRepo(tx).get(id);
  if (mergedInto)
    throw new AppError(
      "conflict",
      `The client was merged into ${mergedInto}; erase that one, and this one goes with it`,
    );
  const records = clientRecordRepo(tx);
  const ids = await records.withMerged(id);
  const contacts = await records.contactsOf(ids);
  const stops = { cancelled: 0, inFlight: 0 };
  for (const clientId of ids) {
    const { cancelled, inFlight } = await stopDeliveries(tx, { clientId }, "client_archived");
    stops.cancelled += cancelled;
    stops.inFlight += inFlight;
  }
  const repo = erasureRepo(tx, ids, tx.now());
  await repo.messages();
  await repo.work();
  await repo.money((lineId) =>
    tx.vault.seal(ERASED, sealedColumns.bankLine.cell({ businessId: tx.businessId, id: lineId })),
  );
  const documents = await repo.files();
  await repo.links();
  await repo.profile();
  await recordAudit(tx, "client.erased", { entityId: id, ...stops });
  return { contacts: contacts.filter(({ name }) => name !== ERASED).length, documents, ...stops };
}
