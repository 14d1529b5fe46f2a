import type { DbOrTransaction } from "@reminder-app/db/database";
import type { SealedColumn } from "@reminder-app/db/sealed-columns";
import { type SQL, and, asc, count, eq, gt, isNotNull, ne, or, sql } from "drizzle-orm";

/** A sealed value, with the primary key that its row has and the hash that it is found by. */
export interface SealedValue {
  readonly row: Readonly<Record<string, unknown>>;
  readonly sealed: Buffer;
  readonly hash: Buffer | undefined;
}

type Row = Readonly<Record<string, unknown>> & { readonly sealed: Buffer; readonly hash: Buffer | null };

/** The sealed values of one column over all businesses; for the rotation of keys only. */
export function sealedValuesRepo(
  db: DbOrTransaction,
  { table, column, form, primaryKey, hashColumn }: Omit<SealedColumn, "cell" | "hashes">,
) {
  const bytes = form === "bytes" ? sql`${column}` : sql`from_base64(json_unquote(json_extract(${column}, '$.body')))`;
  const parts = Object.entries(primaryKey);
  const keyByte = sql`substring(${bytes}, 2, 1)`;

  /** How many values there are; only those under a key, where it is given. */
  async function countValues(keyId?: number): Promise<number> {
    const under = keyId === undefined ? undefined : eq(keyByte, Buffer.of(keyId));
    const [row] = await db
      .select({ count: count() })
      .from(table)
      .where(and(isNotNull(column), under));
    return row?.count ?? 0;
  }

  async function countNotUnder(keyId: number): Promise<number> {
    const [row] = await db
      .select({ count: count() })
      .from(table)
      .where(ne(keyByte, Buffer.of(keyId)));
    return row?.count ?? 0;
  }

  /** In the order of the primary key, after the row that `cursor` names; without those under `notUnder`. */
  async function page({
    cursor,
    limit,
    notUnder,
  }: {
    cursor: SealedValue["row"] | undefined;
    limit: number;
    notUnder?: number;
  }): Promise<SealedValue[]> {
    const rows = (await db
      .select({ ...primaryKey, sealed: sql`${bytes}`, hash: hashColumn ?? sql`null` })
      .from(table)
      .where(
        and(
          isNotNull(column),
          notUnder === undefined ? undefined : ne(keyByte, Buffer.of(notUnder)),
          cursor && isAfter(cursor),
        ),
      )
      .orderBy(...parts.map(([, part]) => asc(part)))
      .limit(limit)) as unknown as Row[];
    return rows.map(({ sealed, hash, ...own }) => ({ row: own, sealed, hash: hash ?? undefined }));
  }

  /** `(a, b) > (x, y)`, written so that the index is used. */
  function isAfter(cursor: SealedValue["row"]): SQL | undefined {
    return or(
      ...parts.map(([name, part], place) =>
        and(...parts.slice(0, place).map(([before, column]) => eq(column, cursor[before])), gt(part, cursor[name])),
      ),
    );
  }

  const one = ({ row: own, sealed }: SealedValue) =>
    and(...parts.map(([name, part]) => eq(part, own[name])), eq(bytes, sealed));

  /** False when somebody wrote the value meanwhile: theirs stays. */
  async function replace(value: SealedValue, sealed: Buffer): Promise<boolean> {
    const stored = form === "bytes" ? sealed : sql`json_set(${column}, '$.body', ${sealed.toString("base64")})`;
    const [{ affectedRows }] = await db.execute(
      sql`update ${table} set ${sql.identifier(column.name)} = ${stored} where ${one(value)}`,
    );
    return affectedRows === 1;
  }

  /** The same for the hash. */
  async function replaceHash(value: SealedValue, hash: Buffer): Promise<boolean> {
    if (!hashColumn) return false;
    const [{ affectedRows }] = await db.execute(
      sql`update ${table} set ${sql.identifier(hashColumn.name)} = ${hash} where ${one(value)}`,
    );
    return affectedRows === 1;
  }

  return { countValues, countNotUnder, page, replace, replaceHash };
}
