import type { ColumnMapping, ImportKind } from "@reminder-app/db/schema/imports";
import type { FileStore } from "@reminder-app/files/file-store";
import { AppError } from "@reminder-app/platform/errors";
import type { Ctx } from "../ctx.ts";
import { withBankOptions } from "./bank-options.ts";
import { findColumns } from "./fields.ts";
import type { Verdict } from "./importer.ts";
import { makeImporter } from "./make-importer.ts";
import { type CsvRow, readCsv } from "./read-csv.ts";

const MOST_SHOWN = 20;
/** So many are looked at to find out how days and amounts are written. */
const MOST_READ = 2_000;

/** How a file is understood, shown before anything is done. */
export interface ImportPreview {
  readonly mapping: ColumnMapping;
  /** Columns that no field is taken from. */
  readonly unused: readonly string[];
  readonly rows: readonly (Pick<Verdict, "row" | "outcome" | "issues"> & { readonly cells: readonly string[] })[];
}

/** Read the first rows of a file and say what each would become. Throws `validation_failed` when it cannot be read or lacks a column. */
export async function previewImport(
  ctx: Ctx,
  {
    files,
    fileKey,
    kind,
    mapping,
  }: { files: FileStore; fileKey: string; kind: ImportKind; mapping?: ColumnMapping | undefined },
): Promise<ImportPreview> {
  const [heading, ...rows] = await firstRows(await files.read(fileKey), kind === "bank" ? MOST_READ : MOST_SHOWN);
  if (!heading) throw new AppError("validation_failed", "The file is empty");
  const found = findColumns(kind, heading.cells, mapping);
  const columns = kind === "bank" ? { ...found, mapping: await withBankOptions(ctx, found, rows) } : found;
  const importer = await makeImporter(ctx, kind, columns);
  const shown = rows.slice(0, MOST_SHOWN);
  const verdicts = await importer.apply(ctx, importer.read(shown), false);
  return {
    mapping: columns.mapping,
    unused: columns.unused,
    rows: verdicts.map(({ row, outcome, issues }, at) => ({ row, outcome, issues, cells: shown[at]?.cells ?? [] })),
  };
}

/** The heading, and so many rows below it. */
async function firstRows(file: AsyncIterable<Buffer>, most: number): Promise<CsvRow[]> {
  const rows: CsvRow[] = [];
  for await (const row of readCsv(file)) {
    rows.push(row);
    if (rows.length > most) break;
  }
  return rows;
}
