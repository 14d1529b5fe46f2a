import { setTimeout as sleep } from "node:timers/promises";
import type { SystemCtx } from "@reminder-app/core/ctx";
import { forgetFiles, forgetUnfinished, forgetVisits } from "@reminder-app/core/documents/forget-files";
import { forgetAnswers } from "@reminder-app/core/idempotency/forget-answers";
import { forgetImportFiles } from "@reminder-app/core/imports/forget-import-files";
import { forgetTexts } from "@reminder-app/core/privacy/forget-texts";
import { forgetEvents } from "@reminder-app/core/system/forget-events";
import { forgetThrottles } from "@reminder-app/core/throttling/forget-throttles";
import { followTagRules } from "@reminder-app/core/tags/follow-tag-rules";
import { forgetWebhookLog } from "@reminder-app/core/webhooks/forget-webhook-log";
import type { FileStore } from "@reminder-app/files/file-store";
import { MINUTE_MS } from "@reminder-app/platform/clock";
import type { Logger } from "@reminder-app/platform/log";

const EVERY_MS = 10 * MINUTE_MS;

export interface HousekeepingDeps {
  readonly system: SystemCtx;
  readonly files: FileStore;
  readonly log: Logger;
}

/** Delete what nobody needs any more, and finish what was left over, at the start and every ten minutes until `signal` aborts. */
export async function runHousekeeping({ system, files, log }: HousekeepingDeps, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await forgetAll({ system, files }, signal).catch((error: unknown) =>
      log.warn({ error }, "old rows could not be deleted; housekeeping comes back"),
    );
    await followTagRules(system).catch((error: unknown) =>
      log.warn({ error }, "tag rules could not be followed; housekeeping comes back"),
    );
    await sleep(EVERY_MS, undefined, { signal }).catch(() => undefined);
  }
}

async function forgetAll({ system, files }: Omit<HousekeepingDeps, "log">, signal: AbortSignal): Promise<void> {
  for (const forget of [forgetThrottles, forgetAnswers, forgetTexts, forgetVisits, forgetWebhookLog, forgetEvents])
    while (!signal.aborted && (await forget(system)) > 0);
  for (const forget of [forgetUnfinished, forgetFiles, forgetImportFiles])
    while (!signal.aborted && (await forget(system, files)) > 0);
}
