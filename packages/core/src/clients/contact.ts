import { addressSchemas } from "@reminder-app/channels/addresses";
import { sealedColumns } from "@reminder-app/db/sealed-columns";
import { type ChannelPreferences, contactRoles } from "@reminder-app/db/schema/clients";
import { reminderTypes } from "@reminder-app/db/schema/reminder-types";
import { type ChannelKind, channelKinds } from "@reminder-app/platform/channel-kinds";
import type { Vault } from "@reminder-app/platform/crypto";
import { type Id, newId } from "@reminder-app/platform/ids";
import { zoneSchema } from "@reminder-app/schedule/zones";
import { z } from "zod";
import { channelOrder } from "../channel-order.ts";
import { carrySuppressions } from "../consent/carry-suppressions.ts";
import { type Suppression, suppressionRepo } from "../consent/suppressions.repo.ts";
import type { Ctx } from "../ctx.ts";
import { withoutUndefined } from "../defined.ts";
import { line, localeSchema } from "../texts.ts";
import { type AddressRow, type ContactRow, contactRepo } from "./contacts.repo.ts";

const contactRoleList = z
  .array(z.enum(contactRoles))
  .max(contactRoles.length)
  .refine((roles) => new Set(roles).size === roles.length, "must name each role once");
const nullableAddress = (kind: ChannelKind) => addressSchemas[kind].nullable();

const { contactAddress } = sealedColumns;

/** Addresses by channel; null removes one. */
const addressesSchema = z
  .strictObject(
    Object.fromEntries(channelKinds.map((kind) => [kind, nullableAddress(kind)])) as Record<
      ChannelKind,
      ReturnType<typeof nullableAddress>
    >,
  )
  .partial();

export const ContactInput = z.strictObject({
  name: line(200),
  roles: contactRoleList.default(["primary"]),
  preferences: z
    .strictObject({ any: channelOrder, ...perType(channelOrder) })
    .partial()
    .default({}),
  timeZone: zoneSchema.nullable().default(null),
  locale: localeSchema.nullable().default(null),
  addresses: addressesSchema.default({}),
});

export const ContactChange = z
  .strictObject({
    name: line(200),
    roles: contactRoleList,
    preferences: z.strictObject({ any: channelOrder, ...perType(channelOrder) }).partial(),
    timeZone: zoneSchema.nullable(),
    locale: localeSchema.nullable(),
    addresses: addressesSchema,
  })
  .partial();

function perType<Schema>(schema: Schema) {
  return Object.fromEntries(reminderTypes.map((type) => [type, schema])) as Record<
    (typeof reminderTypes)[number],
    Schema
  >;
}

/** A contact with its addresses in clear. */
export interface Contact extends Omit<ContactRow, "businessId" | "archived"> {
  readonly addresses: Readonly<Partial<Record<ChannelKind, string>>>;
  /** The hashes of the addresses as they are stored: of some perhaps under an older look-up key. */
  readonly storedHashes: Readonly<Partial<Record<ChannelKind, Buffer>>>;
  /** Why nothing may go to an address, by channel; absent where it may. */
  readonly suppressed: Readonly<Partial<Record<ChannelKind, Pick<Suppression, "reason" | "createdAt">>>>;
}

export async function insertContact(
  tx: Ctx,
  clientId: Id<"Client">,
  { addresses, ...contact }: z.output<typeof ContactInput>,
): Promise<Id<"Contact">> {
  const id = newId<"Contact">();
  const now = tx.now();
  const preferences: ChannelPreferences = withoutUndefined(contact.preferences);
  await contactRepo(tx).insert({ id, clientId, ...contact, preferences, createdAt: now, updatedAt: now });
  await writeAddresses(tx, id, addresses);
  return id;
}

export async function writeAddresses(
  tx: Ctx,
  contactId: Id<"Contact">,
  addresses: z.output<typeof addressesSchema>,
): Promise<void> {
  for (const channel of channelKinds) {
    const address = addresses[channel];
    if (address === null) await contactRepo(tx).removeAddress(contactId, channel);
    if (typeof address === "string") {
      await carrySuppressions(tx, { channel, hashes: addressHashes(tx.vault, channel, address) });
      await contactRepo(tx).putAddress(contactId, {
        channel,
        address: tx.vault.seal(address, contactAddress.cell({ businessId: tx.businessId, contactId, channel })),
        addressHash: addressHash(tx.vault, channel, address),
      });
    }
  }
}

export function addressHash(vault: Vault, channel: ChannelKind, address: string): Buffer {
  const [newest] = addressHashes(vault, channel, address);
  if (!newest) throw new TypeError("A key ring needs at least one key");
  return newest;
}

/** The hashes of an address under the newest look-up key and all older ones. */
export function addressHashes(vault: Vault, channel: ChannelKind, address: string): readonly Buffer[] {
  return contactAddress.hashes(vault, address, { channel });
}

export function openAddress(ctx: Ctx, row: Pick<AddressRow, "contactId" | "channel" | "address">): string {
  return ctx.vault.open(row.address, contactAddress.cell({ ...row, businessId: ctx.businessId }));
}

/** Contacts of some clients with their addresses, by client. */
export async function loadContacts(
  ctx: Ctx,
  clientIds: readonly Id<"Client">[],
): Promise<Map<Id<"Client">, Contact[]>> {
  const rows = await contactRepo(ctx).listOf(clientIds);
  const addresses = await contactRepo(ctx).addresses(rows.map(({ id }) => id));
  const byContact = Map.groupBy(addresses, ({ contactId }) => contactId);
  const standing = await suppressionRepo(ctx).activeAmong(addresses.map(({ addressHash }) => addressHash));
  const against = new Map(standing.map((one) => [keyOf(one), one]));
  const loaded = rows.map(({ businessId: _, archived: __, ...contact }): Contact => {
    const own = byContact.get(contact.id) ?? [];
    return {
      ...contact,
      addresses: Object.fromEntries(own.map((row) => [row.channel, openAddress(ctx, row)])),
      storedHashes: Object.fromEntries(own.map((row) => [row.channel, row.addressHash])),
      suppressed: Object.fromEntries(
        own.flatMap((row) => {
          const found = against.get(keyOf(row));
          return found ? [[row.channel, { reason: found.reason, createdAt: found.createdAt }]] : [];
        }),
      ),
    };
  });
  return Map.groupBy(loaded, ({ clientId }) => clientId);
}

function keyOf({ channel, addressHash }: Pick<AddressRow, "channel" | "addressHash">): string {
  return `${channel}:${addressHash.toString("hex")}`;
}
