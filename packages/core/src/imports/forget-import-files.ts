import type { FileStore } from "@reminder-app/files/file-store";
import { DAY_MS, after } from "@reminder-app/platform/clock";
import type { Id } from "@reminder-app/platform/ids";
import { type Ctx, type SystemCtx, actFor } from "../ctx.ts";
import { importJobRepo } from "../system/import-jobs.repo.ts";
import { importRepo } from "./imports.repo.ts";

/** So long what was refused can be looked at, and a file be read once more. */
const KEPT_MS = 30 * DAY_MS;
const AT_ONCE = 100;

/** Delete files that were imported long ago, some at a time; what is known of the imports stays. Answers how many. */
export async function forgetImportFiles(system: SystemCtx, files: FileStore): Promise<number> {
  const old = await importJobRepo(system.db).withOldFiles(after(system.now(), -KEPT_MS), AT_ONCE);
  for (const { businessId, importId } of old)
    await forgetImportFile(actFor(system, businessId, "housekeeping"), importId, files);
  return old.length;
}

/** Let go of one import's file. One that was read once more is deleted with the latest reading of it. */
export async function forgetImportFile(ctx: Ctx, id: Id<"Import">, files: FileStore): Promise<void> {
  const { fileKey } = await importRepo(ctx).get(id);
  if (!(await importRepo(ctx).isNeeded(fileKey, after(ctx.now(), -KEPT_MS)))) await files.remove(fileKey);
  await importRepo(ctx).update(id, { fileKey: "" });
}
