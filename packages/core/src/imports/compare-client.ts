import type { Id } from "@reminder-app/platform/ids";
import { canonicalJson } from "../audit/audit-digest.ts";
import type { Client } from "../clients/clients.repo.ts";
import { addressHashes } from "../clients/contact.ts";
import { type AddressRow, type ContactRow, contactRepo } from "../clients/contacts.repo.ts";
import type { Ctx } from "../ctx.ts";
import { clientTagRepo } from "../tags/client-tags.repo.ts";
import { tagKey } from "../tags/tag-input.ts";
import { externalKey } from "./find-clients.ts";
import type { ClientRow, ContactOfRow } from "./read-client-row.ts";

/** What a row says that is not so yet. */
export interface ClientChange {
  readonly clientId: Id<"Client">;
  readonly client: Partial<Pick<Client, "name" | "externalId" | "timeZone" | "locale" | "facts" | "neverChase">>;
  /** The contact that is changed; a new one when it has no id. */
  readonly contact?: ContactOfRow & { readonly id?: Id<"Contact"> };
  readonly tags: readonly string[];
  readonly pause: boolean;
}

/** Compare rows with the clients whom they mean. Undefined: nothing is different. */
export async function compareClients(
  tx: Ctx,
  clientIds: readonly Id<"Client">[],
): Promise<(row: ClientRow, client: Client) => ClientChange | undefined> {
  const contacts = await contactRepo(tx).listOf(clientIds);
  const byClient = Map.groupBy(contacts, ({ clientId }) => clientId);
  const addresses = Map.groupBy(
    await contactRepo(tx).addresses(contacts.map(({ id }) => id)),
    ({ contactId }) => contactId,
  );
  const tags = await clientTagRepo(tx).listOf(clientIds);

  return (row, client) => {
    const had = new Set((tags.get(client.id) ?? []).map(tagKey));
    const own = (byClient.get(client.id) ?? []).map((contact) => ({
      contact,
      addresses: addresses.get(contact.id) ?? [],
    }));
    const contact = row.contact && compareContact(tx, row.contact, own);
    const change = {
      clientId: client.id,
      client: compareFields(row, client),
      ...(contact && { contact }),
      tags: row.tags.filter((tag) => !had.has(tagKey(tag))),
      pause: row.paused && !client.pausedAt,
    };
    const isSame = Object.keys(change.client).length === 0 && !contact && change.tags.length === 0 && !change.pause;
    return isSame ? undefined : change;
  };
}

function compareFields({ client: said, inferredZone }: ClientRow, client: Client): ClientChange["client"] {
  const facts = said.facts && { ...client.facts, ...said.facts };
  const { externalId, ...others } = said;
  // Of a client that turned out to be this one the row has the other's external id, and that stays where it is.
  const isOwnId = !client.externalId || (externalId && externalKey(externalId) === externalKey(client.externalId));
  const wanted = {
    ...others,
    ...(externalId && isOwnId && { externalId }),
    ...(facts && { facts }),
    ...(inferredZone !== undefined && client.timeZone === null && { timeZone: inferredZone }),
  };
  const before = client as Readonly<Record<string, unknown>>;
  return Object.fromEntries(
    Object.entries(wanted).filter(([field, value]) => canonicalJson(before[field] ?? null) !== canonicalJson(value)),
  );
}

interface OwnContact {
  readonly contact: ContactRow;
  readonly addresses: readonly AddressRow[];
}

/** The contact with one of the row's addresses, else the one of its name, else the only one. */
function compareContact(tx: Ctx, said: ContactOfRow, own: readonly OwnContact[]): ClientChange["contact"] {
  const has = ({ addresses }: OwnContact, channel: string, address: string) =>
    addresses.some(
      (row) =>
        row.channel === channel &&
        addressHashes(tx.vault, row.channel, address).some((hash) => hash.equals(row.addressHash)),
    );
  const known = Object.entries(said.addresses).map(([channel, address]) =>
    own.find((one) => has(one, channel, address)),
  );
  const meant =
    known.find((one) => one !== undefined) ??
    own.find(({ contact }) => contact.name.toLowerCase() === said.name?.toLowerCase()) ??
    (own.length === 1 ? own[0] : undefined);
  if (!meant) return said;
  const addresses = Object.entries(said.addresses).filter(([channel, address]) => !has(meant, channel, address));
  const { contact } = meant;
  const isNamed = said.name !== undefined && said.name !== contact.name;
  const isElse =
    said.roles !== undefined && canonicalJson(said.roles.toSorted()) !== canonicalJson(contact.roles.toSorted());
  if (addresses.length === 0 && !isNamed && !isElse) return undefined;
  return {
    id: contact.id,
    ...(isNamed && { name: said.name }),
    ...(isElse && { roles: said.roles }),
    addresses: Object.fromEntries(addresses),
  };
}
