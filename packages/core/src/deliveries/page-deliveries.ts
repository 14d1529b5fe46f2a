import { deliveryStates } from "@reminder-app/db/schema/deliveries";
import { channelKinds } from "@reminder-app/platform/channel-kinds";
import type { Id } from "@reminder-app/platform/ids";
import { z } from "zod";
import { clientRepo } from "../clients/clients.repo.ts";
import type { Ctx } from "../ctx.ts";
import { type Page, PageQuery, toPage } from "../page.ts";
import { type Delivery } from "./deliveries.repo.ts";
import { deliveryRowsRepo } from "./delivery-rows.repo.ts";

export const PageDeliveriesQuery = PageQuery.extend({
  reminderId: z.uuid().optional(),
  clientId: z.uuid().optional(),
  channel: z.enum(channelKinds).optional(),
  state: z.enum(deliveryStates).optional(),
  dueFrom: z.iso
    .datetime()
    .transform((text) => new Date(text))
    .optional(),
  dueBefore: z.iso
    .datetime()
    .transform((text) => new Date(text))
    .optional(),
});

/** The history of what was sent and what waits, the newest first. */
export async function pageDeliveries(ctx: Ctx, query: z.output<typeof PageDeliveriesQuery>): Promise<Page<Delivery>> {
  const { limit, cursor, clientId, ...filter } = query;
  // What was sent to who turned out to be this client is this client's history.
  const clients = clientId === undefined ? undefined : await clientRepo(ctx).withMerged(clientId as Id<"Client">);
  const rows = await deliveryRowsRepo(ctx).page(
    { ...filter, reminderId: filter.reminderId as Id<"Reminder">, clientIds: clients?.map(({ id }) => id) },
    { limit, cursor: cursor as Id<"Delivery"> | undefined },
  );
  return toPage(rows, limit);
}
