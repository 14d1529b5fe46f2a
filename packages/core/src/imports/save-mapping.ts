import { type Id, newId } from "@reminder-app/platform/ids";
import type { z } from "zod";
import { recordAudit } from "../audit/record-audit.ts";
import { type Ctx, inTransaction, requireRole } from "../ctx.ts";
import { type Page, type PageQuery, toPage } from "../page.ts";
import { type SaveMappingInput, parseMapping } from "./import-options.ts";
import { type ImportMapping, importMappingRepo } from "./import-mappings.repo.ts";

type Shown = Omit<ImportMapping, "businessId">;

/** Keep a mapping for files that look the same. One of the same kind and name is replaced. */
export async function saveMapping(
  ctx: Ctx,
  { kind, name, mapping }: z.output<typeof SaveMappingInput>,
): Promise<Shown> {
  requireRole(ctx, "staff", "save mappings");
  const checked = parseMapping(kind, mapping);
  return inTransaction(ctx, async (tx) => {
    const at = { createdAt: tx.now(), updatedAt: tx.now() };
    const saved = await importMappingRepo(tx).put({ id: newId(), kind, name, mapping: checked, ...at });
    await recordAudit(tx, "import_mapping.saved", { entityId: saved.id, kind, name });
    return shown(saved);
  });
}

export async function pageMappings(ctx: Ctx, { limit, cursor }: z.output<typeof PageQuery>): Promise<Page<Shown>> {
  requireRole(ctx, "staff", "see mappings");
  const rows = await importMappingRepo(ctx).page({ limit, cursor: cursor as Id<"ImportMapping"> | undefined });
  return toPage(rows.map(shown), limit);
}

export async function removeMapping(ctx: Ctx, id: Id<"ImportMapping">): Promise<void> {
  requireRole(ctx, "staff", "remove mappings");
  await inTransaction(ctx, async (tx) => {
    const { name } = await importMappingRepo(tx).get(id);
    await importMappingRepo(tx).remove(id);
    await recordAudit(tx, "import_mapping.removed", { entityId: id, name });
  });
}

function shown({ businessId: _, ...mapping }: ImportMapping): Shown {
  return mapping;
}
