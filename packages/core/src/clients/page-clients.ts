import { addressSchemas } from "@reminder-app/channels/addresses";
import { channelKinds } from "@reminder-app/platform/channel-kinds";
import type { Id } from "@reminder-app/platform/ids";
import { z } from "zod";
import type { Ctx } from "../ctx.ts";
import { type Page, PageQuery, toPage } from "../page.ts";
import { tagSchema } from "../tags/tag-input.ts";
import { type Client, clientRepo, clientStates } from "./clients.repo.ts";
import { addressHashes } from "./contact.ts";
import { contactRepo } from "./contacts.repo.ts";

export const PageClientsQuery = PageQuery.extend({
  search: z.string().trim().min(1).max(100).optional().describe("Part of the name or external id"),
  address: z.string().trim().min(3).max(254).optional().describe("Exact e-mail address or phone number of a contact"),
  tag: tagSchema.optional().describe("A tag that they have"),
  state: z
    .enum(clientStates)
    .optional()
    .describe("Those who are reminded, whose reminders are paused, or who are never reminded"),
  archived: z.boolean().default(false),
});

/** A page of clients, the oldest first. Addresses are encrypted, so they are found only when given whole. */
export async function pageClients(
  ctx: Ctx,
  { search, address, tag, state, archived, limit, cursor }: z.output<typeof PageClientsQuery>,
): Promise<Page<Omit<Client, "businessId">>> {
  const ids = address === undefined ? undefined : await contactRepo(ctx).clientsWithAddress(hashesOf(ctx, address));
  if (ids?.length === 0) return { items: [] };
  const rows = await clientRepo(ctx).page(
    { search, tag, archived, ...(state && { state, now: ctx.now() }), ...(ids && { ids }) },
    { limit, cursor: cursor as Id<"Client"> | undefined },
  );
  return toPage(
    rows.map(({ businessId: _, ...client }) => client),
    limit,
  );
}

function hashesOf(ctx: Ctx, address: string): Buffer[] {
  return channelKinds.flatMap((channel) => {
    const parsed = addressSchemas[channel].safeParse(address);
    return addressHashes(ctx.vault, channel, parsed.success ? parsed.data : address);
  });
}
