import type { WebhookEndpoint } from "./webhook-endpoints.repo.ts";

/** An endpoint as its business may see it: without its secrets. */
export type EndpointView = Omit<WebhookEndpoint, "businessId" | "secret" | "oldSecret">;

export function viewEndpoint(endpoint: WebhookEndpoint): EndpointView {
  const { businessId: _, secret: __, oldSecret: ___, ...visible } = endpoint;
  return visible;
}
