import { NotFoundError } from "@reminder-app/platform/errors";
import type { Id } from "@reminder-app/platform/ids";
import type { z } from "zod";
import { clientRepo } from "../clients/clients.repo.ts";
import type { Ctx } from "../ctx.ts";
import { type Page, type PageQuery, toPage } from "../page.ts";
import { type ClientLink, clientLinkRepo } from "./client-links.repo.ts";
import { type LinkVisit, linkVisitRepo } from "./link-visits.repo.ts";

type Query = z.output<typeof PageQuery>;

/** A visit, and a short name for the network that it came from: equal names are one network. */
export type ToldVisit = LinkVisit & { readonly network: string | null };

/** The links of a client, the newest first, without their secrets. */
export async function pageLinks(ctx: Ctx, clientId: Id<"Client">, { limit, cursor }: Query): Promise<Page<ClientLink>> {
  await clientRepo(ctx).get(clientId);
  const rows = await clientLinkRepo(ctx).page(clientId, { limit, cursor: cursor as Id<"ClientLink"> | undefined });
  return toPage(rows, limit);
}

/** The access log of a link, the newest first. */
export async function pageVisits(
  ctx: Ctx,
  { clientId, linkId }: { readonly clientId: Id<"Client">; readonly linkId: Id<"ClientLink"> },
  { limit, cursor }: Query,
): Promise<Page<ToldVisit>> {
  await linkOfClient(ctx, clientId, linkId);
  const rows = await linkVisitRepo(ctx).page(linkId, { limit, cursor: cursor as Id<"LinkVisit"> | undefined });
  const told = rows.map((visit) => ({ ...visit, network: visit.networkHash?.toString("hex", 0, 4) ?? null }));
  return toPage(told, limit);
}

/** Throws `not_found` where the link is not this client's. */
export async function linkOfClient(ctx: Ctx, clientId: Id<"Client">, id: Id<"ClientLink">): Promise<ClientLink> {
  const link = await clientLinkRepo(ctx).get(id);
  if (link.clientId !== clientId) throw new NotFoundError("Link", id);
  return link;
}
