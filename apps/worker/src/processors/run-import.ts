import { type SystemCtx, actFor } from "@reminder-app/core/ctx";
import { recordImportCrash } from "@reminder-app/core/imports/claim-import";
import { runImport } from "@reminder-app/core/imports/run-import";
import { isTestBusiness, onTestClock } from "@reminder-app/core/test-clock/on-test-clock";
import type { FileStore } from "@reminder-app/files/file-store";
import { SECOND_MS, after } from "@reminder-app/platform/clock";
import type { Id } from "@reminder-app/platform/ids";
import { runImportJob } from "@reminder-app/queues/jobs";
import type { JobHandler } from "../run-job.ts";

const TURN_MS = 5 * SECOND_MS;

export interface RunImportDeps {
  readonly system: SystemCtx;
  readonly files: FileStore;
  /** Told when this worker is to leave: what it is reading then goes on elsewhere. */
  readonly stopping: AbortSignal;
}

/** Read a file that a business sent, row by row. */
export function runImportHandler({ system, files, stopping }: RunImportDeps): JobHandler<typeof runImportJob.payload> {
  const contextOf = async (businessId: string) => {
    const ctx = actFor(system, businessId as Id<"Business">, "import");
    return (await isTestBusiness(ctx)) ? onTestClock(ctx) : ctx;
  };
  return {
    definition: runImportJob,
    async handle({ businessId, importId }) {
      const ctx = await contextOf(businessId);
      const outcome = await runImport(ctx, importId as Id<"Import">, { files, stopping });
      return outcome === "over" ? { kind: "done" } : { kind: "wait", until: after(system.now(), TURN_MS) };
    },
    async crashed({ businessId, importId }) {
      const goesOn = await recordImportCrash(await contextOf(businessId), importId as Id<"Import">);
      return goesOn ? after(system.now(), TURN_MS) : undefined;
    },
  };
}
