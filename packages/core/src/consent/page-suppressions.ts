import { type ChannelKind, channelKinds } from "@reminder-app/platform/channel-kinds";
import { z } from "zod";
import { contactRepo } from "../clients/contacts.repo.ts";
import { type Ctx, requireAllClients } from "../ctx.ts";
import { PageQuery } from "../page.ts";
import { type Suppression, suppressionRepo } from "./suppressions.repo.ts";

export const PageSuppressionsQuery = PageQuery.extend({
  cursor: z
    .string()
    .regex(/^[a-z]{1,20}\.[0-9a-f]{64}$/, "must be the nextCursor of another page")
    .optional(),
  channel: z.enum(channelKinds).optional(),
});

/** Addresses are not stored in clear, so who is meant is told by the contacts that have them. */
export async function pageSuppressions(ctx: Ctx, { limit, cursor, channel }: z.output<typeof PageSuppressionsQuery>) {
  requireAllClients(ctx, "list suppressed addresses");
  const rows = await suppressionRepo(ctx).page(channel ? [channel] : channelKinds, {
    limit,
    after: cursor === undefined ? undefined : fromCursor(cursor),
  });
  const shown = rows.slice(0, limit);
  const reached = await contactRepo(ctx).withHashes(shown.map(({ addressHash }) => addressHash));
  const items = shown.map((row) => ({
    ...row,
    contacts: reached.filter((one) => one.channel === row.channel && one.addressHash.equals(row.addressHash)),
  }));
  const last = shown.at(-1);
  return rows.length > limit && last ? { items, nextCursor: toCursor(last) } : { items };
}

function toCursor({ channel, addressHash }: Suppression): string {
  return `${channel}.${addressHash.toString("hex")}`;
}

function fromCursor(cursor: string) {
  const [channel, hash] = cursor.split(".");
  return { channel: channel as ChannelKind, addressHash: Buffer.from(hash ?? "", "hex") };
}
