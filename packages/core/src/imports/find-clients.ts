import { type Client, clientRepo } from "../clients/clients.repo.ts";
import { addressHashes } from "../clients/contact.ts";
import { contactRepo } from "../clients/contacts.repo.ts";
import type { Ctx } from "../ctx.ts";
import type { ClientRow } from "./read-client-row.ts";
import type { RowIssue } from "./row-issue.ts";

/** Whom a row means: nobody yet, a client, or it cannot be told. */
export type Found =
  | { readonly kind: "new" }
  | { readonly kind: "client"; readonly client: Client }
  | { readonly kind: "refused"; readonly issue: RowIssue };

/** External ids as the database compares them: without regard to case and marks. */
export function externalKey(externalId: string): string {
  return externalId.normalize("NFKD").replaceAll(/\p{M}/gu, "").toLowerCase();
}

/**
 * Whom each row means: the client with its external id; without one the only client with its e-mail address, else with
 * its phone number, else, where it has neither, with its name. A row with a new external id gives it to the only client
 * with its e-mail address that has none.
 */
export async function findClients(tx: Ctx, rows: readonly ClientRow[]): Promise<(row: ClientRow) => Found> {
  const external = await byExternalId(
    tx,
    rows.flatMap(({ client }) => client.externalId ?? []),
  );
  const named = Map.groupBy(
    await clientRepo(tx).namedOnly(rows.filter(hasNameOnly).map(({ client }) => client.name)),
    ({ name }) => nameKey(name),
  );
  const addressed = await clientsByAddress(tx, rows);

  return (row) => {
    const { externalId, name } = row.client;
    const byId = externalId ? external.get(externalKey(externalId)) : undefined;
    if (byId) return one([byId], "externalId");
    const asked = addressOf(row);
    if (externalId) {
      const free = asked ? addressed(asked).filter((client) => client.externalId === null) : [];
      return free.length === 1 ? one(free, "email") : { kind: "new" };
    }
    if (asked) return one(addressed(asked), asked.channel === "sms" ? "phone" : asked.channel);
    return one(named.get(nameKey(name)) ?? [], "name");
  };
}

/** A client that turned out to be another one is that one. */
async function byExternalId(tx: Ctx, externalIds: readonly string[]): Promise<ReadonlyMap<string, Client>> {
  const found = await clientRepo(tx).withExternalIds(externalIds);
  const survivors = await clientRepo(tx).some(found.flatMap(({ mergedInto }) => mergedInto ?? []));
  return new Map(
    found.map((client) => [
      externalKey(client.externalId ?? ""),
      (client.mergedInto && survivors.get(client.mergedInto)) || client,
    ]),
  );
}

/** By what a row is told from all others of its file. The first is what it goes by; it has the others too. */
export function keysOf({ client: { externalId, name }, contact }: ClientRow): readonly [string, ...string[]] {
  const { email, sms, whatsapp } = contact?.addresses ?? {};
  const others = [
    ...(email ? [`e:${email.toLowerCase()}`] : []),
    ...(sms ? [`s:${sms}`] : []),
    ...(whatsapp ? [`w:${whatsapp}`] : []),
  ];
  const [first = `n:${nameKey(name)}`, ...rest] = externalId ? [`x:${externalKey(externalId)}`, ...others] : others;
  return [first, ...rest];
}

const nameKey = (name: string) => name.toLowerCase();

function hasNameOnly({ client, contact }: ClientRow): boolean {
  return !client.externalId && Object.keys(contact?.addresses ?? {}).length === 0;
}

function one(found: readonly Client[], field: string): Found {
  const free = found.filter(({ externalId }) => externalId === null);
  const [client, ...others] = found.length > 1 && free.length === 1 ? free : found;
  if (!client) return { kind: "new" };
  if (others.length > 0)
    return {
      kind: "refused",
      issue: { field, message: "belongs to several clients; name the one by its external id" },
    };
  if (!client.archivedAt) return { kind: "client", client };
  return { kind: "refused", issue: { field, message: "belongs to a client that is archived; restore it first" } };
}

interface Asked {
  readonly channel: "email" | "sms" | "whatsapp";
  readonly address: string;
}

/** The address by which a row may mean a client; with an external id only one by email. */
function addressOf({ client: { externalId }, contact }: ClientRow): Asked | undefined {
  const { email, sms, whatsapp } = contact?.addresses ?? {};
  if (email) return { channel: "email", address: email };
  if (externalId) return undefined;
  if (sms) return { channel: "sms", address: sms };
  return whatsapp ? { channel: "whatsapp", address: whatsapp } : undefined;
}

async function clientsByAddress(tx: Ctx, rows: readonly ClientRow[]) {
  const hashesOf = ({ channel, address }: Asked) => addressHashes(tx.vault, channel, address);
  const wanted = rows.flatMap((row) => addressOf(row) ?? []).flatMap(hashesOf);
  const reached = await contactRepo(tx).withHashes(wanted);
  const clients = await clientRepo(tx).some([...new Set(reached.map(({ clientId }) => clientId))]);
  const keyOf = (channel: string, hash: Buffer) => `${channel}:${hash.toString("hex")}`;
  const clientsWith = Map.groupBy(reached, ({ channel, addressHash }) => keyOf(channel, addressHash));
  return (asked: Asked): Client[] => {
    if (clientsWith.size === 0) return [];
    const found = hashesOf(asked).flatMap((hash) => clientsWith.get(keyOf(asked.channel, hash)) ?? []);
    const ids = new Set(found.map(({ clientId }) => clientId));
    return [...ids].flatMap((id) => clients.get(id) ?? []).filter(({ archivedAt }) => !archivedAt);
  };
}
