import { type Readable, Transform, pipeline } from "node:stream";
import type { ColumnMapping } from "@reminder-app/db/schema/imports";
import type { FileStore } from "@reminder-app/files/file-store";
import { AppError, invalid } from "@reminder-app/platform/errors";
import { type Id, newId } from "@reminder-app/platform/ids";
import type { z } from "zod";
import { recordAudit } from "../audit/record-audit.ts";
import { type Ctx, actorName, inTransaction, requireAllClients, requireRole } from "../ctx.ts";
import { type RunImportInput, type StartImportQuery, mappingSchema, parseMapping } from "./import-options.ts";
import { importMappingRepo } from "./import-mappings.repo.ts";
import { type NewImport, importRepo } from "./imports.repo.ts";
import { type ImportPreview, previewImport } from "./preview-import.ts";
import type { ShownImport } from "./page-imports.ts";
import { shownImport } from "./page-imports.ts";

const MOST_BYTES = 200 * 1_048_576;
const MOST_UNFINISHED = 500;

export interface StartedImport extends ShownImport {
  readonly preview: ImportPreview;
}

/**
 * Take in a CSV file and let it be read by a job. Throws `validation_failed`, and keeps nothing, when its first rows
 * cannot be read or a column is missing.
 */
export async function startImport(
  ctx: Ctx,
  options: z.output<typeof StartImportQuery>,
  { files, content }: { readonly files: FileStore; readonly content: Readable },
): Promise<StartedImport> {
  const { kind, dryRun, fileName } = options;
  requireImporter(ctx);
  const given = await givenMapping(ctx, options);
  const id = newId<"Import">();
  const fileKey = `imports/${ctx.businessId}/${id}`;
  const limited = notMoreThan(MOST_BYTES);
  // Whatever breaks on the way breaks what is written, which rejects.
  pipeline(content, limited, () => undefined);
  const { bytes } = await files.write(fileKey, limited);
  try {
    if (bytes === 0) throw new AppError("validation_failed", "The file is empty; send it as the body, as text/csv");
    return await begin(ctx, { id, kind, dryRun, fileName, fileKey, mapping: given }, files);
  } catch (thrown) {
    await files.remove(fileKey);
    throw thrown;
  }
}

/** Read the file of an import once more: in earnest after a dry run, or by another mapping. */
export async function runAgain(
  ctx: Ctx,
  id: Id<"Import">,
  { files, dryRun, mapping }: z.output<typeof RunImportInput> & { readonly files: FileStore },
): Promise<StartedImport> {
  requireImporter(ctx);
  const { kind, fileName, fileKey, ...before } = await importRepo(ctx).get(id);
  if (fileKey === "") throw new AppError("conflict", "The file of this import is not kept any more; send it again");
  const given = mapping ? parseMapping(kind, mapping) : before.mapping;
  return begin(ctx, { id: newId<"Import">(), kind, dryRun, fileName, fileKey, mapping: given }, files);
}

type Begun = Pick<NewImport, "id" | "kind" | "dryRun" | "fileName" | "fileKey"> & {
  readonly mapping: ColumnMapping | undefined;
};

async function begin(ctx: Ctx, { mapping, ...begun }: Begun, files: FileStore): Promise<StartedImport> {
  const { id, kind, dryRun, fileName, fileKey } = begun;
  const preview = await previewImport(ctx, { files, fileKey, kind, mapping });
  return inTransaction(ctx, async (tx) => {
    const unfinished = await importRepo(tx).lockUnfinished();
    if (unfinished.length >= MOST_UNFINISHED)
      throw new AppError("conflict", `${MOST_UNFINISHED} imports are under way; wait for one, or cancel it`);
    await importRepo(tx).insert({
      ...begun,
      mapping: preview.mapping,
      state: "waiting",
      createdBy: actorName(tx.actor),
      createdAt: tx.now(),
      updatedAt: tx.now(),
    });
    const made = shownImport(await importRepo(tx).get(id));
    await recordAudit(tx, "import.started", { entityId: id, kind, dryRun, fileName });
    return { ...made, preview };
  });
}

function requireImporter(ctx: Ctx): void {
  requireRole(ctx, "staff", "import files");
  requireAllClients(ctx, "import files");
}

async function givenMapping(
  ctx: Ctx,
  { kind, mapping, importMappingId }: z.output<typeof StartImportQuery>,
): Promise<ColumnMapping | undefined> {
  if (importMappingId !== undefined) {
    const saved = await importMappingRepo(ctx).get(importMappingId as Id<"ImportMapping">);
    if (saved.kind !== kind) throw invalid("importMappingId", `it is a mapping of ${saved.kind}, not of ${kind}`);
    return saved.mapping;
  }
  return mapping === undefined ? undefined : parseMapping(kind, mappingSchema.parse(parseJson(mapping)));
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw invalid("mapping", 'must be JSON such as {"name":"Kunde"}');
  }
}

function notMoreThan(most: number): Transform {
  let bytes = 0;
  return new Transform({
    transform(piece: Buffer, _encoding, done) {
      bytes += piece.length;
      if (bytes <= most) return done(null, piece);
      return done(new AppError("payload_too_large", `A file may have ${most / 1_048_576} MiB at most; divide it`));
    },
  });
}
