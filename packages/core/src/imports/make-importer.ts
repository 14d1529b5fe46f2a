import type { ImportKind } from "@reminder-app/db/schema/imports";
import type { Ctx } from "../ctx.ts";
import { bankImporter } from "./bank-importer.ts";
import { clientImporter } from "./client-importer.ts";
import type { Columns } from "./fields.ts";
import type { Importer } from "./importer.ts";

const makers = { clients: clientImporter, bank: bankImporter } as const satisfies Record<ImportKind, unknown>;

/** What the rows of a file are made into. Callers hand back what `read` gave them and look no further. */
export function makeImporter(ctx: Ctx, kind: ImportKind, columns: Columns): Promise<Importer<unknown>> {
  return makers[kind](ctx, columns);
}
