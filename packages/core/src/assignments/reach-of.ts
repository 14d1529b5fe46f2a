import type { Id } from "@reminder-app/platform/ids";
import { clientRepo } from "../clients/clients.repo.ts";
import { loadContacts } from "../clients/contact.ts";
import type { Ctx } from "../ctx.ts";
import type { Reminder } from "../reminders/reminders.repo.ts";
import { allChannels } from "../reminders/step-messages.ts";

/** Why a reminder cannot reach a client, for each of some clients; nothing where it can. Archived ones are not found. */
export async function reachOf(
  tx: Ctx,
  reminder: Reminder,
  ids: readonly Id<"Client">[],
): Promise<(id: Id<"Client">) => string | undefined> {
  const channels = allChannels(reminder);
  const known = await clientRepo(tx).existing(ids);
  const contacts = await loadContacts(tx, [...known]);
  return (id) => {
    if (!known.has(id)) return `Client ${id} not found`;
    const reachable = contacts.get(id)?.some(({ addresses }) => channels.some((kind) => addresses[kind] !== undefined));
    if (reachable) return undefined;
    return `no contact of client ${id} has an address for ${channels.join(", ")}; add one, or allow another channel`;
  };
}
