import { webhookCalls, webhookEndpoints, webhookEvents } from "@reminder-app/db/schema/webhooks";
import { sealedColumns } from "@reminder-app/db/sealed-columns";
import { actFor } from "@reminder-app/core/ctx";
import { testEndpoint } from "@reminder-app/core/webhooks/test-endpoint";
import { type Id, newId } from "@reminder-app/platform/ids";
import { and, asc, eq, min } from "drizzle-orm";
import { type GivenBusiness, liveSystem } from "./given-business.ts";

type Shop = Pick<GivenBusiness, "ctx">;

/** An endpoint that hears of these events, of all when none is named. */
export async function listen({ ctx }: Shop, events: string[] = []): Promise<void> {
  const id = newId<"WebhookEndpoint">();
  const at = ctx.now();
  const secret = ctx.vault.seal("whsec_test", sealedColumns.webhookSecret.cell({ businessId: ctx.businessId, id }));
  const row = { businessId: ctx.businessId, id, url: "https://hooks.firm.example", events, secret };
  await ctx.db.insert(webhookEndpoints).values({ ...row, state: "active", createdAt: at, updatedAt: at });
}

/** A call to an endpoint that went through, so that it can be replayed. */
export async function givenSettledCall(businessId: string, endpointId: string): Promise<string> {
  const ctx = actFor(liveSystem, businessId as Id<"Business">, "test");
  const { id } = await testEndpoint(ctx, endpointId as Id<"WebhookEndpoint">);
  await ctx.db.update(webhookCalls).set({ state: "delivered", nextAt: null }).where(eq(webhookCalls.id, id));
  return id;
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

/** When the next call of a business is tried; undefined when none waits. */
export async function whenNext({ ctx }: Shop): Promise<Date | undefined> {
  const [row] = await ctx.db
    .select({ at: min(webhookCalls.nextAt) })
    .from(webhookCalls)
    .where(and(eq(webhookCalls.businessId, ctx.businessId), eq(webhookCalls.state, "waiting")));
  return row?.at ?? undefined;
}
