import type { TargetRules } from "@reminder-app/channels/webhooks/target";
import type { Id } from "@reminder-app/platform/ids";
import { z } from "zod";
import { changesOf } from "../audit/changes.ts";
import { recordAudit } from "../audit/record-audit.ts";
import { type Ctx, inTransaction, requireRole } from "../ctx.ts";
import { withoutUndefined } from "../defined.ts";
import { endpointFields, originOf, requireTarget } from "./endpoint-input.ts";
import { type EndpointView, viewEndpoint } from "./endpoint-view.ts";
import { webhookEndpointRepo } from "./webhook-endpoints.repo.ts";

export const ChangeEndpointInput = z
  .strictObject({
    ...endpointFields,
    state: z
      .enum(["active", "paused"])
      .describe("paused: nothing is sent; what happens meanwhile waits, as long as the log is kept"),
  })
  .partial();

/** Change where an endpoint is and what it hears of, or pause it. What waits goes to the new address. */
export async function changeEndpoint(
  ctx: Ctx,
  { id, rules, ...input }: z.output<typeof ChangeEndpointInput> & { id: Id<"WebhookEndpoint">; rules: TargetRules },
): Promise<EndpointView> {
  requireRole(ctx, "admin", "change webhook endpoints");
  if (input.url !== undefined) requireTarget(input.url, rules);
  return inTransaction(ctx, async (tx) => {
    const before = await webhookEndpointRepo(tx).lock(id);
    const change = withoutUndefined(input);
    await webhookEndpointRepo(tx).update(id, { ...change, updatedAt: tx.now() });
    const changed = await webhookEndpointRepo(tx).get(id);
    const { url: _, ...shown } = change;
    const changes = {
      ...changesOf(before, shown),
      ...(change.url !== undefined && { to: { before: originOf(before.url), after: originOf(change.url) } }),
    };
    await recordAudit(tx, "webhook_endpoint.changed", { entityId: id, changes });
    return viewEndpoint(changed);
  });
}
