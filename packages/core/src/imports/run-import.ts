import { isDuplicateKey } from "@reminder-app/db/faults";
import type { FileStore } from "@reminder-app/files/file-store";
import { SECOND_MS } from "@reminder-app/platform/clock";
import { AppError } from "@reminder-app/platform/errors";
import type { Id } from "@reminder-app/platform/ids";
import { recordAudit } from "../audit/record-audit.ts";
import { type Ctx, inTransaction } from "../ctx.ts";
import { emitEvent } from "../webhooks/emit-event.ts";
import { IMPORT_LEASE_MS, claimImport } from "./claim-import.ts";
import { type Columns, findColumns } from "./fields.ts";
import { type Importer, type Verdict, refused } from "./importer.ts";
import { type Import, importRepo } from "./imports.repo.ts";
import { makeImporter } from "./make-importer.ts";
import { type CsvRow, readCsv } from "./read-csv.ts";
import { MOST_ISSUES } from "./row-issue.ts";

export interface RunImportDeps {
  readonly files: FileStore;
  /** Once it is aborted the import stops after the rows in hand, and another worker may go on. */
  readonly stopping?: AbortSignal | undefined;
}

const RENEW_MS = 10 * SECOND_MS;
const LONGEST_PROBLEM = 500;

/** The import is not ours any more: it was cancelled, or taken over. */
const lost = new Error("The import is not ours any more");

/**
 * Read an import's file to its end, some rows in each transaction, from where it was. First all of it is read once, so
 * that a file that is broken further down changes nothing. `later`: somebody else has to go first.
 */
export async function runImport(ctx: Ctx, id: Id<"Import">, deps: RunImportDeps): Promise<"over" | "later"> {
  const claim = await claimImport(ctx, id);
  if (claim.kind !== "ours") return claim.kind === "busy" ? "later" : "over";
  const { row } = claim;
  try {
    const columns = await checkWhole(ctx, row, deps);
    if (await importRows(ctx, row, { ...deps, columns })) {
      await finish(ctx, row, null);
      return "over";
    }
    await importRepo(ctx).updateHeld(row, { state: "waiting", leaseUntil: null, updatedAt: ctx.now() });
    return "later";
  } catch (thrown) {
    if (thrown === lost) return "over";
    if (!(thrown instanceof AppError) || thrown.code !== "validation_failed") throw thrown;
    await finish(ctx, row, thrown.message.slice(0, LONGEST_PROBLEM));
    return "over";
  }
}

/** Read it to the end. Throws `validation_failed` when that is not possible. */
async function checkWhole(ctx: Ctx, row: Import, { files }: RunImportDeps): Promise<Columns> {
  let columns: Columns | undefined;
  let renewAt = Date.now() + RENEW_MS;
  for await (const csv of readCsv(await files.read(row.fileKey))) {
    columns ??= findColumns(row.kind, csv.cells, row.mapping);
    if (row.rowsDone > 0) break;
    if (Date.now() < renewAt) continue;
    if (!(await importRepo(ctx).updateHeld(row, { updatedAt: ctx.now() }, IMPORT_LEASE_MS))) throw lost;
    renewAt = Date.now() + RENEW_MS;
  }
  if (!columns) throw new AppError("validation_failed", "The file is empty");
  return columns;
}

/** False: it was told to stop before the end. */
async function importRows(
  ctx: Ctx,
  row: Import,
  { files, stopping, columns }: RunImportDeps & { readonly columns: Columns },
): Promise<boolean> {
  const importer = await makeImporter(ctx, row.kind, columns);
  for await (const read of readAhead(readRows(importer, readCsv(await files.read(row.fileKey))))) {
    if (stopping?.aborted) return false;
    const isDone = (one: unknown) => importer.rowOf(one) - 1 <= row.rowsDone;
    const [before, after] = [read.filter(isDone), read.filter((one) => !isDone(one))];
    // Whom they meant is found out once more, because rows that follow may mean the same.
    if (before.length > 0) importer.applied(await importer.apply(ctx, before, false));
    if (after.length > 0) await importChunk(ctx, row, { importer, rows: after });
  }
  return true;
}

interface Chunk {
  readonly importer: Importer<unknown>;
  readonly rows: readonly unknown[];
}

/** Rows, their count and how far it got, all at once. Where somebody made the same client meanwhile, in smaller parts. */
async function importChunk(ctx: Ctx, row: Import, { importer, rows }: Chunk): Promise<void> {
  try {
    const verdicts = await inTransaction(ctx, async (tx) => {
      const made = await importer.apply(tx, rows, !row.dryRun);
      await file(tx, row, made);
      return made;
    });
    importer.applied(verdicts);
  } catch (thrown) {
    if (!isDuplicateKey(thrown)) throw thrown;
    const half = Math.floor(rows.length / 2);
    if (half > 0) {
      await importChunk(ctx, row, { importer, rows: rows.slice(0, half) });
      return importChunk(ctx, row, { importer, rows: rows.slice(half) });
    }
    const issue = { field: "externalId", message: "another client has this external id already" };
    await inTransaction(ctx, (tx) =>
      file(
        tx,
        row,
        rows.map((one) => refused(importer.rowOf(one), issue)),
      ),
    );
  }
}

async function file(tx: Ctx, row: Import, verdicts: readonly Verdict[]): Promise<void> {
  const count = (outcome: Verdict["outcome"]) => verdicts.filter((one) => one.outcome === outcome).length;
  const rowsDone = (verdicts.at(-1)?.row ?? 1) - 1;
  const isOurs = await importRepo(tx).moveOn(row, {
    rowsDone,
    created: count("created"),
    changed: count("changed"),
    unchanged: count("unchanged"),
    refused: count("refused"),
    leaseMs: IMPORT_LEASE_MS,
    now: tx.now(),
  });
  if (!isOurs) throw lost;
  await importRepo(tx).insertErrors(
    row.id,
    verdicts.flatMap(({ row: number, issues }) =>
      issues
        .slice(0, MOST_ISSUES)
        .map(({ field, message }, position) => ({ row: number, position, field, message: message.slice(0, 500) })),
    ),
  );
}

async function finish(ctx: Ctx, row: Import, problem: string | null): Promise<void> {
  await inTransaction(ctx, async (tx) => {
    const at = tx.now();
    const state = problem === null ? ("done" as const) : ("failed" as const);
    const change = { state, problem, leaseUntil: null, updatedAt: at, finishedAt: at };
    if (!(await importRepo(tx).updateHeld(row, change))) return;
    const { created, changed, unchanged, refused: without } = await importRepo(tx).get(row.id);
    const counts = { created, changed, unchanged, refused: without };
    const { id: importId, kind, dryRun } = row;
    await emitEvent(tx, "import.finished", { importId, kind, state, ...counts });
    await recordAudit(tx, `import.${state}`, {
      entityId: importId,
      kind,
      dryRun,
      ...counts,
      ...(problem !== null && { problem }),
    });
  });
}

/** The next of `source` is made while the one before is worked on, which is mostly waiting for the database. */
async function* readAhead<Item>(source: AsyncGenerator<Item>): AsyncGenerator<Item> {
  let coming = source.next();
  try {
    for (;;) {
      const next = await coming;
      if (next.done) return;
      coming = source.next();
      // It is heard of when it is asked for.
      coming.catch(() => undefined);
      yield next.value;
    }
  } finally {
    await source.return(undefined);
  }
}

/** What the rows below the heading say, some at a time. */
async function* readRows(importer: Importer<unknown>, rows: AsyncIterable<CsvRow>): AsyncGenerator<readonly unknown[]> {
  let chunk: CsvRow[] = [];
  let isHeading = true;
  for await (const row of rows) {
    if (!isHeading) chunk.push(row);
    isHeading = false;
    if (chunk.length < importer.chunk) continue;
    yield importer.read(chunk);
    chunk = [];
  }
  if (chunk.length > 0) yield importer.read(chunk);
}
