import type { Id } from "@reminder-app/platform/ids";
import type { Ctx } from "../ctx.ts";
import { clientTagRepo } from "../tags/client-tags.repo.ts";
import { type Client, clientRepo } from "./clients.repo.ts";
import { type Contact, loadContacts } from "./contact.ts";

export interface ClientWithContacts extends Omit<Client, "businessId"> {
  readonly contacts: readonly Contact[];
  readonly tags: readonly string[];
}

/** Throws `not_found`, also for a client of another business. */
export async function getClient(ctx: Ctx, id: Id<"Client">): Promise<ClientWithContacts> {
  const { businessId: _, ...client } = await clientRepo(ctx).get(id);
  const contacts = await loadContacts(ctx, [id]);
  const tags = await clientTagRepo(ctx).listOf([id]);
  return { ...client, contacts: contacts.get(id) ?? [], tags: tags.get(id) ?? [] };
}
