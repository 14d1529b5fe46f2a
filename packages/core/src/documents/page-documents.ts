import { documentDirections } from "@reminder-app/db/schema/documents";
import type { Id } from "@reminder-app/platform/ids";
import { z } from "zod";
import { clientRepo } from "../clients/clients.repo.ts";
import type { Ctx } from "../ctx.ts";
import { type Page, PageQuery, toPage } from "../page.ts";
import { type Document, documentRepo } from "./documents.repo.ts";

export const PageDocumentsQuery = PageQuery.extend({ direction: z.enum(documentDirections).optional() });

/** The files of a client, the newest first: also those that were deleted, or not taken because of a virus. */
export async function pageDocuments(
  ctx: Ctx,
  clientId: Id<"Client">,
  { limit, cursor, direction }: z.output<typeof PageDocumentsQuery>,
): Promise<Page<Document>> {
  await clientRepo(ctx).get(clientId);
  const at = { limit, cursor: cursor as Id<"Document"> | undefined };
  return toPage(await documentRepo(ctx).page({ clientId, direction }, at), limit);
}
