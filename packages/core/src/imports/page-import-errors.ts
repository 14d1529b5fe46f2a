import type { FileStore } from "@reminder-app/files/file-store";
import { AppError } from "@reminder-app/platform/errors";
import type { Id } from "@reminder-app/platform/ids";
import { z } from "zod";
import { type Ctx, requireRole } from "../ctx.ts";
import { importRepo } from "./imports.repo.ts";
import { readCsv } from "./read-csv.ts";
import { MOST_ISSUES, type RowIssue } from "./row-issue.ts";

const PAGE = 200;

export const ImportErrorsQuery = z.strictObject({
  limit: z.int().min(1).max(100).default(50).describe("How many rows"),
  after: z.int().min(0).max(2_000_000).default(0).describe("The row after which to go on; the heading is row 1"),
});

/** A row that was refused, and all that is wrong with it. */
export interface RefusedRow {
  readonly row: number;
  readonly issues: readonly RowIssue[];
}

/** Rows that were refused, in the order of the file. `next` is the `after` of the next page. */
export async function pageImportErrors(
  ctx: Ctx,
  id: Id<"Import">,
  { limit, after }: z.output<typeof ImportErrorsQuery>,
): Promise<{ readonly items: readonly RefusedRow[]; readonly next?: number }> {
  requireRole(ctx, "staff", "see imports");
  await importRepo(ctx).get(id);
  const found = await refusedRows(ctx, id, { limit: limit + 1, after });
  const items = found.slice(0, limit);
  const last = items.at(-1);
  return found.length > limit && last ? { items, next: last.row } : { items };
}

/** The refused rows as they stood in the file, with the reasons first, some at a time: to be mended and imported again. */
export async function exportImportErrors(
  ctx: Ctx,
  id: Id<"Import">,
  files: FileStore,
): Promise<AsyncGenerator<readonly (readonly string[])[]>> {
  requireRole(ctx, "staff", "see imports");
  const { fileKey } = await importRepo(ctx).get(id);
  if (fileKey === "") throw new AppError("conflict", "The file of this import is not kept any more");
  return refusedLines(ctx, id, await files.read(fileKey));
}

async function* refusedLines(
  ctx: Ctx,
  id: Id<"Import">,
  file: AsyncIterable<Buffer>,
): AsyncGenerator<readonly (readonly string[])[]> {
  let waiting: RefusedRow[] = [];
  let lines: (readonly string[])[] = [];
  let hasMore = true;
  for await (const { row, cells } of readCsv(file)) {
    if (row === 1) lines.push(["row", "reason", ...cells]);
    if (waiting.length === 0 && hasMore) {
      waiting = await refusedRows(ctx, id, { limit: PAGE, after: row - 1 });
      hasMore = waiting.length > 0;
    }
    if (!hasMore && waiting.length === 0) break;
    const [next] = waiting;
    if (next?.row !== row) continue;
    waiting.shift();
    lines.push([String(row), next.issues.map(inWords).join("; "), ...cells]);
    if (lines.length < PAGE) continue;
    yield lines;
    lines = [];
  }
  if (lines.length > 0) yield lines;
}

const inWords = ({ field, message }: RowIssue) => (field === "" ? message : `${field}: ${message}`);

async function refusedRows(
  ctx: Ctx,
  id: Id<"Import">,
  { limit, after }: { limit: number; after: number },
): Promise<RefusedRow[]> {
  const errors = await importRepo(ctx).pageErrors(id, { limit: limit * MOST_ISSUES, after });
  const rows = [...Map.groupBy(errors, ({ row }) => row)].map(([row, issues]) => ({
    row,
    issues: issues.map(({ field, message }) => ({ field, message })),
  }));
  return rows.slice(0, limit);
}
