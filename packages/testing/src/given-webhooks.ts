import { webhookCalls, webhookEndpoints, webhookEvents } from "@reminder-app/db/schema/webhooks";
import { sealedColumns } from "@reminder-app/db/sealed-columns";
import { newId } from "@reminder-app/platform/ids";
import { and, asc, eq } from "drizzle-orm";
import type { GivenBusiness } from "./given-business.ts";

type Shop = Pick<GivenBusiness, "ctx">;

/** An endpoint that hears of these events, of all when none is named. */
export async function listen({ ctx }: Shop, events: string[] = []): Promise<void> {
  const id = newId<"WebhookEndpoint">();
  const at = ctx.now();
  const secret = ctx.vault.seal("whsec_test", sealedColumns.webhookSecret.cell({ businessId: ctx.businessId, id }));
  const row = { businessId: ctx.businessId, id, url: "https://hooks.firm.example", events, secret };
  await ctx.db.insert(webhookEndpoints).values({ ...row, state: "active", createdAt: at, updatedAt: at });
}

/** What the endpoints of a business hear, event by event. */
export async function toldOf({ ctx }: Shop) {
  return ctx.db
    .select({ type: webhookEvents.type, data: webhookEvents.data, state: webhookCalls.state })
    .from(webhookCalls)
    .innerJoin(
      webhookEvents,
      and(eq(webhookEvents.businessId, webhookCalls.businessId), eq(webhookEvents.id, webhookCalls.eventId)),
    )
    .where(eq(webhookCalls.businessId, ctx.businessId))
    .orderBy(asc(webhookEvents.id));
}

/** The types of all events that are kept of a business. */
export async function keptEvents({ ctx }: Shop): Promise<string[]> {
  const rows = await ctx.db
    .select({ type: webhookEvents.type })
    .from(webhookEvents)
    .where(eq(webhookEvents.businessId, ctx.businessId));
  return rows.map(({ type }) => type);
}
