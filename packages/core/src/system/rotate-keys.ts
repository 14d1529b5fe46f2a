import { isDuplicateKey } from "@reminder-app/db/faults";
import { type SealedColumn, allSealedColumns } from "@reminder-app/db/sealed-columns";
import { AppError } from "@reminder-app/platform/errors";
import type { SystemCtx } from "../ctx.ts";
import { rehashAddress } from "./rehash-address.ts";
import { type SealedValue, sealedValuesRepo } from "./sealed-values.repo.ts";

/** How far one column has come. */
export interface RotationStep {
  readonly kind: "encryption" | "lookup";
  readonly column: string;
  /** Values that were looked at, of those that there were at the start. */
  readonly done: number;
  readonly total: number;
  /** How many of them were written anew; in a dry run, how many would be. */
  readonly changed: number;
  /** Which values stay as they are, and why. */
  readonly failures: readonly string[];
}

export interface RotationOptions {
  /** Values that are read at once. */
  readonly batch: number;
  /** Only tell what is to be done. */
  readonly dryRun: boolean;
  readonly only?: RotationStep["kind"] | undefined;
}

/** Writes that are on their way at once; each is its own transaction. */
const AT_ONCE = 10;

/**
 * Bring all encrypted values under the newest encryption key, and all hashes of addresses under the newest look-up key.
 * Readers that have old and new keys read everything meanwhile; what somebody else writes meanwhile stays. It can be
 * stopped at any moment and run again. Yields after each batch.
 */
export async function* rotateKeys(system: SystemCtx, options: RotationOptions): AsyncGenerator<RotationStep> {
  const { only } = options;
  for (const column of allSealedColumns)
    if (only !== "lookup") yield* rotateColumn(encryptionOf(system, column), options);
  for (const column of allSealedColumns)
    if (only !== "encryption" && column.hashColumn) yield* rotateColumn(lookupOf(system, column), options);
}

/** What is to be done with the values of one column. */
interface Rotation {
  readonly kind: RotationStep["kind"];
  readonly column: SealedColumn;
  count(): Promise<number>;
  page(cursor: SealedValue["row"] | undefined, limit: number): Promise<SealedValue[]>;
  needs(value: SealedValue): boolean;
  /** False when somebody wrote the value meanwhile. */
  write(value: SealedValue): Promise<boolean>;
}

function encryptionOf({ db, vault }: SystemCtx, column: SealedColumn): Rotation {
  const repo = sealedValuesRepo(db, column);
  return {
    kind: "encryption",
    column,
    count: () => repo.countNotUnder(vault.keyId),
    page: (cursor, limit) => repo.page({ cursor, limit, notUnder: vault.keyId }),
    needs: () => true,
    write(value) {
      const cell = column.cell(value.row);
      return repo.replace(value, vault.seal(vault.open(value.sealed, cell), cell));
    },
  };
}

function lookupOf(system: SystemCtx, column: SealedColumn): Rotation {
  const { db, vault } = system;
  const repo = sealedValuesRepo(db, column);
  const hashesOf = ({ row, sealed }: SealedValue) => column.hashes(vault, vault.open(sealed, column.cell(row)), row);
  const newest = (value: SealedValue) => hashesOf(value)[0] ?? Buffer.alloc(0);
  return {
    kind: "lookup",
    column,
    count: () => repo.countValues(),
    page: (cursor, limit) => repo.page({ cursor, limit }),
    needs: (value) => !value.hash?.equals(newest(value)),
    write: (value) =>
      column.name === "contact_addresses.address"
        ? rehashAddress(system, value, hashesOf(value))
        : repo.replaceHash(value, newest(value)),
  };
}

async function* rotateColumn(rotation: Rotation, { batch, dryRun }: RotationOptions): AsyncGenerator<RotationStep> {
  const { kind, column } = rotation;
  const total = await rotation.count();
  let step: RotationStep = { kind, column: column.name, done: 0, total, changed: 0, failures: [] };
  let cursor: SealedValue["row"] | undefined;
  for (;;) {
    const values = await rotation.page(cursor, batch);
    if (values.length === 0) break;
    const outcomes: (boolean | string)[] = [];
    for (let from = 0; from < values.length; from += AT_ONCE)
      outcomes.push(
        ...(await Promise.all(values.slice(from, from + AT_ONCE).map((one) => turn(rotation, one, dryRun)))),
      );
    const failures = outcomes.filter((outcome) => typeof outcome === "string");
    const changed = step.changed + outcomes.filter((outcome) => outcome === true).length;
    step = { ...step, done: step.done + values.length, changed, failures };
    yield step;
    cursor = values.at(-1)?.row;
  }
  if (total === 0) yield step;
}

/** Whether the value was written anew, or why it cannot be. */
async function turn(rotation: Rotation, value: SealedValue, dryRun: boolean): Promise<boolean | string> {
  try {
    if (!rotation.needs(value)) return false;
    return dryRun || (await rotation.write(value));
  } catch (thrown) {
    const { rowId } = rotation.column.cell(value.row);
    if (thrown instanceof AppError) return `${rotation.column.name} of ${rowId}: ${thrown.message}`;
    if (isDuplicateKey(thrown)) return `${rotation.column.name} of ${rowId}: another row has the same address`;
    throw thrown;
  }
}
