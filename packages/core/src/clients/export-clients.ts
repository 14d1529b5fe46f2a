import type { z } from "zod";
import type { Ctx } from "../ctx.ts";
import { allPages } from "../page.ts";
import { clientTagRepo } from "../tags/client-tags.repo.ts";
import { loadContacts } from "./contact.ts";
import { type PageClientsQuery, pageClients } from "./page-clients.ts";

/** A client with one of its contacts; a client without any has one row too. Importing these rows changes nothing. */
export type ClientLine = Awaited<ReturnType<typeof linesOf>>[number];

/** Clients with their contacts and tags, page by page. */
export async function* exportClients(
  ctx: Ctx,
  filter: Omit<z.output<typeof PageClientsQuery>, "limit" | "cursor">,
): AsyncGenerator<readonly ClientLine[]> {
  for await (const clients of allPages((at) => pageClients(ctx, { ...filter, ...at }))) yield linesOf(ctx, clients);
}

async function linesOf(ctx: Ctx, clients: Awaited<ReturnType<typeof pageClients>>["items"]) {
  const ids = clients.map(({ id }) => id);
  const [contacts, tags] = await Promise.all([loadContacts(ctx, ids), clientTagRepo(ctx).listOf(ids)]);
  return clients.flatMap(({ facts, ...client }) => {
    const own = contacts.get(client.id) ?? [undefined];
    return own.map((contact) => ({
      ...client,
      ...facts,
      tags: tags.get(client.id) ?? [],
      contactId: contact?.id ?? null,
      contactName: contact?.name ?? null,
      roles: contact?.roles ?? null,
      email: contact?.addresses.email ?? null,
      phone: contact?.addresses.sms ?? null,
      whatsapp: contact?.addresses.whatsapp ?? null,
      contactTimeZone: contact?.timeZone ?? null,
      contactLocale: contact?.locale ?? null,
    }));
  });
}
