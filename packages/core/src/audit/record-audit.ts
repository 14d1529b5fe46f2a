import { newId } from "@reminder-app/platform/ids";
import { type Ctx, actorName } from "../ctx.ts";
import { auditRepo } from "./audit.repo.ts";

/** Note that the actor did `action` to an entity; the last statement of a verb. `details` hold no personal data. */
export async function recordAudit(
  ctx: Ctx,
  action: string,
  { entityId, ...details }: { readonly entityId: string; readonly [detail: string]: unknown },
): Promise<void> {
  await auditRepo(ctx).insert({
    id: newId(),
    actor: actorName(ctx.actor),
    action,
    entityId,
    details,
    requestId: ctx.requestId ?? null,
    at: ctx.now(),
  });
}
