import { insertRows, isOneOf } from "@reminder-app/db/bulk";
import { suppressionReasons, suppressions } from "@reminder-app/db/schema/consent";
import { type ChannelKind, channelKinds } from "@reminder-app/platform/channel-kinds";
import { type SQL, and, asc, eq, gt, inArray, isNull, or, sql } from "drizzle-orm";
import type { Scope } from "../ctx.ts";

export type Suppression = typeof suppressions.$inferSelect;

/** One address on one channel, by its hashes: under the newest look-up key and all older ones. */
export interface HashedAddress {
  readonly channel: ChannelKind;
  readonly hashes: readonly Buffer[];
}

type NewSuppression = Pick<Suppression, "reason" | "source" | "createdAt">;

/** Every query below is limited to `businessId`; there is no unscoped way in. */
export function suppressionRepo({ db, businessId }: Scope) {
  const mine = eq(suppressions.businessId, businessId);
  const active = isNull(suppressions.liftedAt);
  const of = ({ channel, hashes }: HashedAddress) =>
    and(mine, eq(suppressions.channel, channel), isOneOf(suppressions.addressHash, hashes));

  /** Write the fact under every hash. A stronger reason that stands already is kept. */
  async function put({ channel, hashes }: HashedAddress, fact: NewSuppression): Promise<void> {
    const rows = hashes.map((addressHash) => ({ businessId, channel, addressHash, ...fact, liftedAt: null }));
    const strength = (reason: SQL) => sql`field(${reason}, ${sql.param(suppressionReasons)})`;
    const wins = sql`(lifted_at is not null or ${strength(sql`values(reason)`)} < ${strength(sql`reason`)})`;
    // Assigned from left to right: what decides is written last.
    await db.execute(sql`${insertRows(suppressions, rows)} on duplicate key update
      source = if(${wins}, values(source), source), created_at = if(${wins}, values(created_at), created_at),
      reason = if(${wins}, values(reason), reason), lifted_at = null`);
  }

  /** Write rows that have no row yet; those that have, lifted or not, stay as they are. */
  async function insertMissing(rows: readonly Omit<Suppression, "businessId">[]): Promise<void> {
    if (rows.length === 0) return;
    const insert = insertRows(
      suppressions,
      rows.map((row) => ({ ...row, businessId })),
    );
    await db.execute(sql`${insert} on duplicate key update reason = reason`);
  }

  async function lift(address: HashedAddress, liftedAt: Date): Promise<void> {
    await db
      .update(suppressions)
      .set({ liftedAt })
      .where(and(of(address), active));
  }

  /** What stands against an address, locked until the transaction ends. */
  async function lockActive(address: HashedAddress): Promise<Suppression[]> {
    return db
      .select()
      .from(suppressions)
      .where(and(of(address), active))
      .for("update");
  }

  /** What stands against any of these hashes, on whatever channel. */
  async function activeAmong(hashes: readonly Buffer[]): Promise<Suppression[]> {
    if (hashes.length === 0) return [];
    return db
      .select()
      .from(suppressions)
      .where(
        and(mine, inArray(suppressions.channel, [...channelKinds]), isOneOf(suppressions.addressHash, hashes), active),
      );
  }

  /** By channel, then by hash; the order has no meaning but to page on. */
  async function page(
    channels: readonly ChannelKind[],
    { limit, after }: { limit: number; after?: { channel: ChannelKind; addressHash: Buffer } | undefined },
  ): Promise<Suppression[]> {
    const further =
      after &&
      or(
        gt(suppressions.channel, after.channel),
        and(eq(suppressions.channel, after.channel), gt(suppressions.addressHash, after.addressHash)),
      );
    return db
      .select()
      .from(suppressions)
      .where(and(mine, inArray(suppressions.channel, [...channels]), active, further))
      .orderBy(asc(suppressions.channel), asc(suppressions.addressHash))
      .limit(limit + 1);
  }

  return { put, insertMissing, lift, lockActive, activeAmong, page };
}
