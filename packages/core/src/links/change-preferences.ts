import type { ChannelKind } from "@reminder-app/platform/channel-kinds";
import { AppError } from "@reminder-app/platform/errors";
import { type Contact, addressHashes, loadContacts } from "../clients/contact.ts";
import { changeContact } from "../clients/change-contacts.ts";
import { takeBackOptOut } from "../consent/lift-suppression.ts";
import { suppressAddress } from "../consent/suppress-address.ts";
import { type Ctx, inTransaction } from "../ctx.ts";
import type { OpenedLink } from "./open-link.ts";
import { type Visit, recordVisit } from "./record-visit.ts";

const SOURCE = "client-page";

/** How the contact of a link is written to, with their addresses; undefined where the link names nobody. */
export async function getPreferences({ ctx, clientId, contact }: OpenedLink): Promise<Contact | undefined> {
  const theirs = (await loadContacts(ctx, [clientId])).get(clientId);
  return theirs?.find(({ id }) => id === contact?.id);
}

/** In which language the contact is written to. */
export async function chooseLanguage(opened: OpenedLink, locale: string, network: string): Promise<void> {
  await change(
    opened,
    { use: "answered", about: `language:${locale}`, network },
    async (tx, { id, clientId, ...now }) => {
      if (now.locale !== locale) await changeContact(tx, { clientId, contactId: id }, { locale });
    },
  );
}

/** On which channel the contact is written to first. Throws `conflict` where they have no address for it. */
export async function chooseFirstChannel(opened: OpenedLink, first: ChannelKind, network: string): Promise<void> {
  const visit = { use: "answered" as const, about: `first_channel:${first}`, network };
  await change(opened, visit, async (tx, { id, clientId, addresses, preferences }) => {
    requireAddress(addresses[first]);
    const order = preferences.any ?? opened.business.defaultChannels;
    const any = [first, ...order.filter((kind) => kind !== first)];
    if (order[0] !== first)
      await changeContact(tx, { clientId, contactId: id }, { preferences: { ...preferences, any } });
  });
}

/** Write to the contact on some channels no more. */
export async function stopChannels(
  opened: OpenedLink,
  channels: readonly ChannelKind[],
  network: string,
): Promise<void> {
  const visit = { use: "answered" as const, about: `stop:${channels.join(",")}`, network };
  await change(opened, visit, async (tx, { addresses, suppressed }) => {
    for (const channel of channels) {
      const address = requireAddress(addresses[channel]);
      if (suppressed[channel]?.reason === "opted_out") continue;
      const hashes = addressHashes(tx.vault, channel, address);
      await suppressAddress(tx, { channel, hashes, reason: "opted_out", source: SOURCE });
    }
  });
}

/** Take that back. What others hold against the address, such as a bounce, stays. */
export async function startChannel(opened: OpenedLink, channel: ChannelKind, network: string): Promise<void> {
  const visit = { use: "answered" as const, about: `start:${channel}`, network };
  await change(opened, visit, async (tx, { addresses }) => {
    const hashes = addressHashes(tx.vault, channel, requireAddress(addresses[channel]));
    await takeBackOptOut(tx, { channel, hashes }, SOURCE);
  });
}

async function change(
  opened: OpenedLink,
  visit: Visit,
  act: (tx: Ctx, contact: Contact) => Promise<void>,
): Promise<void> {
  await inTransaction(opened.ctx, async (tx) => {
    const contact = await getPreferences({ ...opened, ctx: tx });
    if (!contact) throw new AppError("conflict", "This link is for no one person, so it has no preferences");
    await recordVisit(tx, opened, visit);
    await act(tx, contact);
  });
}

function requireAddress(address: string | undefined): string {
  if (address !== undefined) return address;
  throw new AppError("conflict", "There is no address for this channel");
}
