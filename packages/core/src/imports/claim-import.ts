import { SECOND_MS } from "@reminder-app/platform/clock";
import type { Id } from "@reminder-app/platform/ids";
import { type Ctx, inTransaction } from "../ctx.ts";
import { type Import, importRepo } from "./imports.repo.ts";

export const IMPORT_LEASE_MS = 60 * SECOND_MS;
const MAX_CRASHES = 3;
const CRASHED = "It was given up after three tries; the fault is ours";

/** `busy`: another worker has it, or the business has another one that runs. */
export type ImportClaim = { readonly kind: "ours"; readonly row: Import } | { readonly kind: "busy" | "over" };

/** Make an import ours. Imports of one business take turns, so that two files with the same client make one. */
export async function claimImport(ctx: Ctx, id: Id<"Import">): Promise<ImportClaim> {
  return inTransaction(ctx, async (tx) => {
    const unfinished = await importRepo(tx).lockUnfinished();
    const own = unfinished.find((row) => row.id === id);
    if (!own) return { kind: "over" };
    if (unfinished.some(({ state, isHeld }) => state === "running" && isHeld)) return { kind: "busy" };
    // A worker that died without a word left its lease behind.
    const crashes = own.crashes + (own.state === "running" ? 1 : 0);
    if (crashes >= MAX_CRASHES) {
      await giveUp(tx, id);
      return { kind: "over" };
    }
    const fence = own.fence + 1;
    await importRepo(tx).lease({ id, fence }, IMPORT_LEASE_MS, { crashes, updatedAt: tx.now() });
    return { kind: "ours", row: { ...own, fence, crashes, state: "running" } };
  });
}

/** A bug of ours threw; the third time at the same place the import has failed. False: it is over. */
export async function recordImportCrash(ctx: Ctx, id: Id<"Import">): Promise<boolean> {
  return inTransaction(ctx, async (tx) => {
    const own = (await importRepo(tx).lockUnfinished()).find((row) => row.id === id);
    if (!own) return false;
    const crashes = own.crashes + 1;
    if (crashes >= MAX_CRASHES) await giveUp(tx, id);
    else await importRepo(tx).update(id, { state: "waiting", crashes, leaseUntil: null, updatedAt: tx.now() });
    return crashes < MAX_CRASHES;
  });
}

async function giveUp(tx: Ctx, id: Id<"Import">): Promise<void> {
  const at = tx.now();
  await importRepo(tx).update(id, {
    state: "failed",
    problem: CRASHED,
    leaseUntil: null,
    updatedAt: at,
    finishedAt: at,
  });
}
