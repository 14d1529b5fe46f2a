import type { Id } from "@reminder-app/platform/ids";
import type { z } from "zod";
import { changesOf } from "../audit/changes.ts";
import { recordAudit } from "../audit/record-audit.ts";
import { type Ctx, inTransaction, requireRole } from "../ctx.ts";
import { withoutUndefined } from "../defined.ts";
import { stopDeliveries } from "../deliveries/stop-deliveries.ts";
import { warn } from "../validation-rules.ts";
import { clientRepo } from "./clients.repo.ts";
import { type ContactChange, type ContactInput, insertContact, writeAddresses } from "./contact.ts";
import { contactRepo } from "./contacts.repo.ts";
import { slippedEmail } from "./email-domain.ts";
import { type ClientWithContacts, getClient } from "./get-client.ts";

/** Which contact of which client. */
export interface ContactKey {
  readonly clientId: Id<"Client">;
  readonly contactId: Id<"Contact">;
}

export async function addContact(
  ctx: Ctx,
  clientId: Id<"Client">,
  input: z.output<typeof ContactInput>,
): Promise<ClientWithContacts> {
  requireRole(ctx, "staff", "add contacts");
  warn(ctx, slippedEmail(input.addresses.email));
  return inTransaction(ctx, async (tx) => {
    await clientRepo(tx).get(clientId);
    const id = await insertContact(tx, clientId, input);
    const client = await getClient(tx, clientId);
    await recordAudit(tx, "contact.created", { entityId: id, clientId, name: input.name, roles: input.roles });
    return client;
  });
}

export async function changeContact(
  ctx: Ctx,
  { clientId, contactId }: ContactKey,
  { addresses, preferences, ...change }: z.output<typeof ContactChange>,
): Promise<ClientWithContacts> {
  requireRole(ctx, "staff", "change contacts");
  warn(ctx, slippedEmail(addresses?.email));
  return inTransaction(ctx, async (tx) => {
    const before = await contactRepo(tx).get(clientId, contactId);
    const after = {
      ...withoutUndefined(change),
      ...(preferences && { preferences: withoutUndefined(preferences) }),
    };
    await contactRepo(tx).update(contactId, { ...after, updatedAt: tx.now() });
    if (addresses) await writeAddresses(tx, contactId, addresses);
    const client = await getClient(tx, clientId);
    await recordAudit(tx, "contact.changed", {
      entityId: contactId,
      clientId,
      changes: changesOf(before, after),
      channels: Object.keys(withoutUndefined(addresses ?? {})),
    });
    return client;
  });
}

/** Put a contact away: what is queued for them is cancelled. */
export async function archiveContact(ctx: Ctx, { clientId, contactId }: ContactKey): Promise<ClientWithContacts> {
  requireRole(ctx, "staff", "archive contacts");
  return inTransaction(ctx, async (tx) => {
    await contactRepo(tx).get(clientId, contactId);
    await contactRepo(tx).update(contactId, { archived: true, updatedAt: tx.now() });
    await stopDeliveries(tx, { contactId }, "contact_archived");
    const client = await getClient(tx, clientId);
    await recordAudit(tx, "contact.archived", { entityId: contactId, clientId });
    return client;
  });
}
