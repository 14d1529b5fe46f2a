import type { Id } from "@reminder-app/platform/ids";
import { type Ctx, requireRole } from "../ctx.ts";
import { type EndpointView, viewEndpoint } from "./endpoint-view.ts";
import { webhookEndpointRepo } from "./webhook-endpoints.repo.ts";

/** All endpoints of the business, the oldest first. */
export async function listEndpoints(ctx: Ctx): Promise<{ items: EndpointView[] }> {
  requireRole(ctx, "admin", "see webhook endpoints");
  return { items: (await webhookEndpointRepo(ctx).list()).map(viewEndpoint) };
}

export async function getEndpoint(ctx: Ctx, id: Id<"WebhookEndpoint">): Promise<EndpointView> {
  requireRole(ctx, "admin", "see webhook endpoints");
  return viewEndpoint(await webhookEndpointRepo(ctx).get(id));
}
