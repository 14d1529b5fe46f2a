import type { Id } from "@reminder-app/platform/ids";
import type { z } from "zod";
import { type Ctx, requireRole } from "../ctx.ts";
import { type Page, type PageQuery, toPage } from "../page.ts";
import { type ApiKey, apiKeyRepo } from "./api-keys.repo.ts";

/** The business's keys, also those that have ended, the newest first. */
export async function pageApiKeys(ctx: Ctx, { limit, cursor }: z.output<typeof PageQuery>): Promise<Page<ApiKey>> {
  requireRole(ctx, "admin", "list API keys");
  return toPage(await apiKeyRepo(ctx).page({ limit, cursor: cursor as Id<"ApiKey"> | undefined }), limit);
}
