import { insertRows, isOneOf } from "@reminder-app/db/bulk";
import { clients } from "@reminder-app/db/schema/clients";
import { clientTags } from "@reminder-app/db/schema/imports";
import { NotFoundError } from "@reminder-app/platform/errors";
import type { Id } from "@reminder-app/platform/ids";
import { type SQL, and, asc, eq, exists, gt, inArray, isNotNull, isNull, like, or, sql } from "drizzle-orm";
import type { Scope } from "../ctx.ts";
import { withinReach } from "./client-staff.repo.ts";

export type Client = typeof clients.$inferSelect;
export type NewClient = Omit<typeof clients.$inferInsert, "businessId">;

/** Whether reminders reach a client. */
export const clientStates = ["active", "paused", "never_chased"] as const;

export interface ClientFilter {
  readonly state?: (typeof clientStates)[number];
  /** By which a pause is over or not. */
  readonly now?: Date;
  readonly search?: string | undefined;
  readonly archived: boolean;
  readonly ids?: readonly Id<"Client">[];
  readonly tag?: string | undefined;
}

/** Every query below is limited to `businessId`, and to the clients within reach; there is no unscoped way in. */
export function clientRepo(scope: Scope) {
  const { db, businessId } = scope;
  const mine = and(eq(clients.businessId, businessId), withinReach(scope, clients.id));
  const one = (id: Id<"Client">) => and(mine, eq(clients.id, id));

  async function get(id: Id<"Client">): Promise<Client> {
    const [row] = await db.select().from(clients).where(one(id));
    if (!row) throw new NotFoundError("Client", id);
    return row;
  }

  /** The row, locked until the transaction ends. */
  async function lock(id: Id<"Client">): Promise<Client> {
    const [row] = await db.select().from(clients).where(one(id)).for("update");
    if (!row) throw new NotFoundError("Client", id);
    return row;
  }

  /** Which of `ids` are clients of this business that are not archived. */
  async function existing(ids: readonly Id<"Client">[]): Promise<Set<Id<"Client">>> {
    if (ids.length === 0) return new Set();
    const rows = await db
      .select({ id: clients.id })
      .from(clients)
      .where(and(mine, inArray(clients.id, [...ids]), isNull(clients.archivedAt)));
    return new Set(rows.map(({ id }) => id));
  }

  /** Clients by their ids, also archived ones. */
  async function some(ids: readonly Id<"Client">[]): Promise<ReadonlyMap<Id<"Client">, Client>> {
    const rows = await db
      .select()
      .from(clients)
      .where(and(mine, isOneOf(clients.id, ids)));
    return new Map(rows.map((client) => [client.id, client]));
  }

  async function page(
    filter: ClientFilter,
    { limit, cursor }: { limit: number; cursor?: Id<"Client"> | undefined },
  ): Promise<Client[]> {
    return db
      .select()
      .from(clients)
      .where(and(mine, matches(filter), tagged(filter.tag), cursor ? gt(clients.id, cursor) : undefined))
      .orderBy(asc(clients.id))
      .limit(limit + 1);
  }

  function tagged(tag: string | undefined): SQL | undefined {
    if (tag === undefined) return undefined;
    const theirs = db
      .select({ one: sql`1` })
      .from(clientTags)
      .where(
        and(
          eq(clientTags.businessId, clients.businessId),
          eq(clientTags.clientId, clients.id),
          eq(clientTags.tag, tag),
        ),
      );
    return exists(theirs);
  }

  async function insert(client: NewClient): Promise<void> {
    await db.insert(clients).values({ ...client, businessId });
  }

  /** All of them have the fields of the first. */
  async function insertMany(rows: readonly NewClient[]): Promise<void> {
    if (rows.length === 0) return;
    await db.execute(
      insertRows(
        clients,
        rows.map((client) => ({ ...client, businessId })),
      ),
    );
  }

  async function withExternalIds(externalIds: readonly string[]): Promise<Client[]> {
    if (externalIds.length === 0) return [];
    return db
      .select()
      .from(clients)
      .where(and(mine, isOneOf(clients.externalId, externalIds)));
  }

  /** Clients of these names that have no external id and are not archived. */
  async function namedOnly(names: readonly string[]): Promise<Client[]> {
    if (names.length === 0) return [];
    return db
      .select()
      .from(clients)
      .where(and(mine, isOneOf(clients.name, names), isNull(clients.externalId), isNull(clients.archivedAt)));
  }

  /** The client, and those that turned out to be it. */
  async function withMerged(id: Id<"Client">): Promise<Client[]> {
    return db
      .select()
      .from(clients)
      .where(and(eq(clients.businessId, businessId), or(eq(clients.id, id), eq(clients.mergedInto, id))))
      .orderBy(asc(clients.id));
  }

  async function update(id: Id<"Client">, change: Partial<NewClient>): Promise<void> {
    await db.update(clients).set(change).where(one(id));
  }

  return { get, lock, existing, some, page, insert, insertMany, withExternalIds, namedOnly, withMerged, update };
}

function inState({ state, now }: ClientFilter): SQL | undefined {
  if (state === undefined || !now) return undefined;
  if (state === "never_chased") return isNotNull(clients.neverChase);
  const paused = and(isNotNull(clients.pausedAt), or(isNull(clients.pausedUntil), gt(clients.pausedUntil, now)));
  return and(isNull(clients.neverChase), state === "paused" ? paused : sql`not coalesce(${paused}, false)`);
}

function matches(filter: ClientFilter): SQL | undefined {
  const { search, archived, ids } = filter;
  const pattern = search && `%${search.replaceAll(/[\\%_]/g, "\\$&")}%`;
  return and(
    archived ? isNotNull(clients.archivedAt) : isNull(clients.archivedAt),
    pattern ? or(like(clients.name, pattern), like(clients.externalId, pattern)) : undefined,
    ids ? inArray(clients.id, [...ids]) : undefined,
    inState(filter),
  );
}
