import type { TargetRules } from "@reminder-app/channels/webhooks/target";
import { AppError } from "@reminder-app/platform/errors";
import { newId } from "@reminder-app/platform/ids";
import { z } from "zod";
import { recordAudit } from "../audit/record-audit.ts";
import { businessRepo } from "../businesses/businesses.repo.ts";
import { type Ctx, inTransaction, requireRole } from "../ctx.ts";
import { endpointFields, originOf, requireTarget } from "./endpoint-input.ts";
import { type EndpointView, viewEndpoint } from "./endpoint-view.ts";
import { webhookEndpointRepo } from "./webhook-endpoints.repo.ts";
import { makeSecret } from "./webhook-secret.ts";

const MOST = 100;

export const CreateEndpointInput = z.strictObject({
  url: endpointFields.url,
  description: endpointFields.description.default(null),
  events: endpointFields.events.default([]),
});

/** Let an address of the business's own hear of events from now on. Its secret is in this answer, and nowhere else. */
export async function createEndpoint(
  ctx: Ctx,
  input: z.output<typeof CreateEndpointInput>,
  rules: TargetRules,
): Promise<EndpointView & { readonly secret: string }> {
  requireRole(ctx, "admin", "make webhook endpoints");
  requireTarget(input.url, rules);
  return inTransaction(ctx, async (tx) => {
    await businessRepo(tx).lock();
    if ((await webhookEndpointRepo(tx).list()).length >= MOST)
      throw new AppError("conflict", `There are ${MOST} webhook endpoints already; remove one first`);
    const id = newId<"WebhookEndpoint">();
    const { secret, sealed } = makeSecret(tx, id);
    const now = tx.now();
    const row = { ...input, id, state: "active" as const, createdAt: now, updatedAt: now };
    await webhookEndpointRepo(tx).insert({ ...row, secret: sealed });
    const made = await webhookEndpointRepo(tx).get(id);
    const details = { to: originOf(input.url), events: input.events };
    await recordAudit(tx, "webhook_endpoint.created", { entityId: id, ...details });
    return { ...viewEndpoint(made), secret };
  });
}
