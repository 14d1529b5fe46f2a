import type { Id } from "@reminder-app/platform/ids";
import { type Business, businessRepo } from "../businesses/businesses.repo.ts";
import { clientRepo } from "../clients/clients.repo.ts";
import { contactRepo } from "../clients/contacts.repo.ts";
import { type Ctx, inTransaction } from "../ctx.ts";
import { clientLinkRepo } from "./client-links.repo.ts";
import { pageTokens } from "./page-tokens.ts";

/** A link that takes the place of another one, and who writes it in which language. */
export interface Renewed {
  readonly token: string;
  readonly business: Business;
  readonly locale: string;
}

/** A link that opens, for the contact of one that does not; undefined where nobody is there to get it any more. */
export async function renewLink(ctx: Ctx, id: Id<"ClientLink">): Promise<Renewed | undefined> {
  return inTransaction(ctx, async (tx) => {
    const { contactId } = await clientLinkRepo(tx).get(id);
    const contact = contactId && (await contactRepo(tx).find(contactId));
    if (!contact || contact.archived) return undefined;
    const client = await clientRepo(tx).get(contact.clientId);
    if (client.archivedAt) return undefined;
    const business = await businessRepo(tx).get();
    const whose = { contactId: contact.id, clientId: client.id, since: tx.now() };
    const [token] = await pageTokens(tx, [whose]);
    return token === undefined
      ? undefined
      : { token, business, locale: contact.locale ?? client.locale ?? business.locale };
  });
}
