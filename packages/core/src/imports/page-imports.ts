import type { Id } from "@reminder-app/platform/ids";
import type { z } from "zod";
import { type Ctx, requireRole } from "../ctx.ts";
import { type Page, type PageQuery, toPage } from "../page.ts";
import { type Import, importRepo } from "./imports.repo.ts";

/** An import as callers see it: how far it is, and what became of the rows. */
export type ShownImport = Omit<Import, "businessId" | "fileKey" | "fence" | "leaseUntil" | "crashes">;

export async function pageImports(ctx: Ctx, { limit, cursor }: z.output<typeof PageQuery>): Promise<Page<ShownImport>> {
  requireRole(ctx, "staff", "see imports");
  const rows = await importRepo(ctx).page({ limit, cursor: cursor as Id<"Import"> | undefined });
  return toPage(rows.map(shownImport), limit);
}

export async function getImport(ctx: Ctx, id: Id<"Import">): Promise<ShownImport> {
  requireRole(ctx, "staff", "see imports");
  return shownImport(await importRepo(ctx).get(id));
}

export function shownImport(row: Import): ShownImport {
  const { businessId: _, fileKey: __, fence: ___, leaseUntil: ____, crashes: _____, ...shown } = row;
  return shown;
}
