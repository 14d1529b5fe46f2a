import { webhookCallStates } from "@reminder-app/db/schema/webhooks";
import type { Id } from "@reminder-app/platform/ids";
import { z } from "zod";
import { type Ctx, requireRole } from "../ctx.ts";
import { type Page, PageQuery, toPage } from "../page.ts";
import { type CallWithEvent, type WebhookTry, webhookCallRepo } from "./webhook-calls.repo.ts";
import { webhookEndpointRepo } from "./webhook-endpoints.repo.ts";

export const PageCallsQuery = PageQuery.extend({ state: z.enum(webhookCallStates).optional() });

export interface CallWithTries extends CallWithEvent {
  readonly tried: readonly WebhookTry[];
}

/** The log of an endpoint: what it was told, and how each try went. The newest first. */
export async function pageCalls(
  ctx: Ctx,
  endpointId: Id<"WebhookEndpoint">,
  { state, limit, cursor }: z.output<typeof PageCallsQuery>,
): Promise<Page<CallWithTries>> {
  requireRole(ctx, "admin", "see calls of webhook endpoints");
  await webhookEndpointRepo(ctx).get(endpointId);
  const at = { limit, cursor: cursor as Id<"WebhookCall"> | undefined };
  const { items, ...rest } = toPage(await webhookCallRepo(ctx).page({ endpointId, state }, at), limit);
  return { items: await withTries(ctx, items), ...rest };
}

async function withTries(ctx: Ctx, calls: readonly CallWithEvent[]): Promise<CallWithTries[]> {
  const tries = await webhookCallRepo(ctx).triesOf(calls.map(({ id }) => id));
  const byCall = Map.groupBy(tries, ({ callId }) => callId);
  return calls.map((call) => ({ ...call, tried: byCall.get(call.id) ?? [] }));
}
