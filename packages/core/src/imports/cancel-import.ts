import { AppError } from "@reminder-app/platform/errors";
import type { Id } from "@reminder-app/platform/ids";
import { recordAudit } from "../audit/record-audit.ts";
import { type Ctx, inTransaction, requireRole } from "../ctx.ts";
import { importRepo } from "./imports.repo.ts";
import { type ShownImport, shownImport } from "./page-imports.ts";

/** Stop an import. The rows that are done stay; the ones in hand are taken back. */
export async function cancelImport(ctx: Ctx, id: Id<"Import">): Promise<ShownImport> {
  requireRole(ctx, "staff", "cancel imports");
  return inTransaction(ctx, async (tx) => {
    const unfinished = await importRepo(tx).lockUnfinished();
    const { state } = await importRepo(tx).get(id);
    if (state === "cancelled") return shownImport(await importRepo(tx).get(id));
    if (!unfinished.some((row) => row.id === id))
      throw new AppError("conflict", `The import is ${state} already, so it cannot be cancelled`);
    const at = tx.now();
    await importRepo(tx).update(id, { state: "cancelled", leaseUntil: null, updatedAt: at, finishedAt: at });
    const cancelled = await importRepo(tx).get(id);
    await recordAudit(tx, "import.cancelled", { entityId: id, rowsDone: cancelled.rowsDone });
    return shownImport(cancelled);
  });
}
