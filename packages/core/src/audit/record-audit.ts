import { type Id, newId } from "@reminder-app/platform/ids";
import { type Ctx, actorName, realNow } from "../ctx.ts";
import { digestOf } from "./audit-digest.ts";
import { auditRepo } from "./audit.repo.ts";
import { redactDetails } from "./redact.ts";

/**
 * Note that the actor did `action` to an entity. The last statement of a verb's transaction, because from here to the
 * commit other verbs of the business wait. Addresses and secrets in `details` are redacted.
 */
export async function recordAudit(
  ctx: Ctx,
  action: string,
  { entityId, ...details }: { readonly entityId: string; readonly [detail: string]: unknown },
): Promise<void> {
  const event = {
    id: newId<"AuditEvent">() satisfies Id<"AuditEvent">,
    actor: actorName(ctx.actor),
    action,
    entityId,
    // As it comes back from the database, because the digest is compared with what does.
    details: JSON.parse(JSON.stringify(redactDetails(action, details))) as Readonly<Record<string, unknown>>,
    requestId: ctx.requestId ?? null,
    at: realNow(ctx),
  };
  await auditRepo(ctx).append({ ...event, digest: digestOf({ ...event, businessId: ctx.businessId }) });
}
