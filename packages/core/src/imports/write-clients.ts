import { sealedColumns } from "@reminder-app/db/sealed-columns";
import type { ChannelKind } from "@reminder-app/platform/channel-kinds";
import { type Id, newId } from "@reminder-app/platform/ids";
import { changeClient } from "../clients/change-client.ts";
import { clientRepo } from "../clients/clients.repo.ts";
import { ContactInput, addressHashes, insertContact, writeAddresses } from "../clients/contact.ts";
import { contactRepo } from "../clients/contacts.repo.ts";
import { pauseClient } from "../clients/pause-client.ts";
import { carrySuppressions } from "../consent/carry-suppressions.ts";
import type { Ctx } from "../ctx.ts";
import { addTagsToClients } from "../tags/change-tags.ts";
import type { ClientChange } from "./compare-client.ts";
import type { ClientRow } from "./read-client-row.ts";

const { contactAddress } = sealedColumns;

/** Create the clients of some rows, in a few statements. Answers their ids, in the order of the rows. */
export async function createClients(tx: Ctx, rows: readonly ClientRow[]): Promise<readonly Id<"Client">[]> {
  const at = { createdAt: tx.now(), updatedAt: tx.now() };
  const made = rows.map((row) => ({ row, id: newId<"Client">(), contactId: newId<"Contact">() }));
  await clientRepo(tx).insertMany(
    made.map(({ id, row: { client, inferredZone, paused } }) => ({
      id,
      name: client.name,
      externalId: client.externalId ?? null,
      timeZone: client.timeZone ?? inferredZone ?? null,
      locale: client.locale ?? null,
      facts: client.facts ?? null,
      neverChase: client.neverChase ?? null,
      pausedAt: paused ? tx.now() : null,
      ...at,
    })),
  );
  const reached = made.filter(({ row }) => row.contact !== undefined);
  await contactRepo(tx).insertMany(
    reached.map(({ id: clientId, contactId: id, row: { client, contact } }) => ({
      id,
      clientId,
      name: contact?.name ?? client.name,
      roles: contact?.roles ?? ["primary"],
      preferences: {},
      ...at,
    })),
  );
  await insertAddresses(tx, reached);
  await addTagsToClients(
    tx,
    made.map(({ id, row }) => ({ clientId: id, tags: row.tags })),
  );
  return made.map(({ id }) => id);
}

async function insertAddresses(
  tx: Ctx,
  reached: readonly { readonly contactId: Id<"Contact">; readonly row: ClientRow }[],
): Promise<void> {
  const { businessId } = tx;
  const addresses = reached.flatMap(({ contactId, row }) =>
    Object.entries(row.contact?.addresses ?? {}).map(([kind, address]) => {
      const channel = kind as ChannelKind;
      return { contactId, channel, address, hashes: addressHashes(tx.vault, channel, address) };
    }),
  );
  for (const { channel, hashes } of addresses) if (hashes.length > 1) await carrySuppressions(tx, { channel, hashes });
  await contactRepo(tx).insertAddresses(
    addresses.flatMap(({ contactId, channel, address, hashes: [addressHash] }) =>
      addressHash
        ? [
            {
              contactId,
              channel,
              address: tx.vault.seal(address, contactAddress.cell({ businessId, contactId, channel })),
              addressHash,
            },
          ]
        : [],
    ),
  );
}

/**
 * Write what is different of clients. What moves due dates or stops messages goes by the verbs that do so for one client;
 * all else is of the clients' rows alone.
 */
export async function changeClients(tx: Ctx, changes: readonly ClientChange[]): Promise<void> {
  for (const { clientId, client, contact, pause } of changes) {
    const { facts, neverChase, ...plain } = client;
    if (Object.keys(plain).length > 0) await clientRepo(tx).update(clientId, { ...plain, updatedAt: tx.now() });
    if (facts !== undefined || neverChase !== undefined)
      await changeClient(tx, clientId, { ...(facts && { facts }), ...(neverChase !== undefined && { neverChase }) });
    if (pause) await pauseClient(tx, clientId, {});
    if (contact) await writeContact(tx, clientId, contact);
  }
  await addTagsToClients(tx, changes);
}

async function writeContact(
  tx: Ctx,
  clientId: Id<"Client">,
  { id, name, roles, addresses }: NonNullable<ClientChange["contact"]>,
): Promise<void> {
  if (id === undefined) {
    const { name: clientName } = await clientRepo(tx).get(clientId);
    const input = ContactInput.parse({ name: name ?? clientName, ...(roles && { roles }), addresses });
    await insertContact(tx, clientId, input);
    return;
  }
  const change = { ...(name !== undefined && { name }), ...(roles && { roles }), updatedAt: tx.now() };
  await contactRepo(tx).update(id, change);
  await writeAddresses(tx, id, addresses);
}
