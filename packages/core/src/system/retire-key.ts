import { allSealedColumns, sealedColumns } from "@reminder-app/db/sealed-columns";
import type { AddressRow } from "../clients/contacts.repo.ts";
import type { SystemCtx } from "../ctx.ts";
import { type RotationStep, rotateKeys } from "./rotate-keys.ts";
import { type SealedValue, sealedValuesRepo } from "./sealed-values.repo.ts";
import { hashedOnlyRepo } from "./hashed-only.repo.ts";

/** What still needs a key, and how much of it there is. */
export type StillNeeded = Readonly<Record<string, number>>;

const PAGE = 500;

/** Which columns have values under the encryption key `keyId`; empty when none. */
export async function needOfEncryptionKey({ db }: Pick<SystemCtx, "db">, keyId: number): Promise<StillNeeded> {
  const found: Record<string, number> = {};
  for (const column of allSealedColumns) {
    const values = await sealedValuesRepo(db, column).countValues(keyId);
    if (values > 0) found[column.name] = values;
  }
  return found;
}

/**
 * What would not be found again if only the newest look-up key were left: addresses that have another hash, and what
 * has nothing but a hash, of which nobody can tell the key.
 */
export async function needOfOldLookupKeys(system: SystemCtx): Promise<StillNeeded> {
  const found: Record<string, number> = {};
  const last = new Map<string, RotationStep>();
  for await (const step of rotateKeys(system, { batch: PAGE, dryRun: true, only: "lookup" }))
    last.set(step.column, step);
  for (const { column, changed } of last.values()) if (changed > 0) found[column] = changed;

  const suppressions = await countForgottenSuppressions(system);
  if (suppressions > 0) found["suppressions of addresses that are no longer stored"] = suppressions;
  const codes = await hashedOnlyRepo(system.db).countRecoveryCodes();
  if (codes > 0) found["unused recovery codes"] = codes;
  return found;
}

/** A suppression under an old key has a copy under the newest one, as long as some client has the address. */
async function countForgottenSuppressions({ db, vault }: SystemCtx): Promise<number> {
  const unexplained = new Set((await hashedOnlyRepo(db).suppressionsOfNoAddress()).map(nameOf));
  const { contactAddress } = sealedColumns;
  const repo = sealedValuesRepo(db, contactAddress);
  let cursor: SealedValue["row"] | undefined;
  while (unexplained.size > 0) {
    const values = await repo.page({ cursor, limit: PAGE });
    cursor = values.at(-1)?.row;
    if (!cursor) break;
    for (const value of values) {
      const row = value.row as Pick<AddressRow, "businessId" | "contactId" | "channel">;
      const address = vault.open(value.sealed, contactAddress.cell(row));
      for (const addressHash of contactAddress.hashes(vault, address, row))
        unexplained.delete(nameOf({ ...row, addressHash }));
    }
  }
  return unexplained.size;
}

function nameOf(row: { readonly businessId: string; readonly channel: string; readonly addressHash: Buffer }): string {
  return `${row.businessId}/${row.channel}/${row.addressHash.toString("base64")}`;
}
