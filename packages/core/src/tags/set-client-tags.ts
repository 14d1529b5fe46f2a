import type { Id } from "@reminder-app/platform/ids";
import { z } from "zod";
import { changesOf } from "../audit/changes.ts";
import { recordAudit } from "../audit/record-audit.ts";
import { clientRepo } from "../clients/clients.repo.ts";
import { type Ctx, inTransaction, requireRole } from "../ctx.ts";
import { type Tagging, setTagsOfClients } from "./change-tags.ts";
import { clientTagRepo } from "./client-tags.repo.ts";
import { tagListSchema } from "./tag-input.ts";

export const ClientTagsInput = z.strictObject({ tags: tagListSchema.describe("All of them: others are taken away") });

/**
 * Let these be the tags of a client. Rules put the client on reminders for new tags, and take them off again for those
 * that are gone; what was done by hand stays.
 */
export async function setClientTags(
  ctx: Ctx,
  clientId: Id<"Client">,
  { tags }: z.output<typeof ClientTagsInput>,
): Promise<Tagging & { readonly tags: readonly string[] }> {
  requireRole(ctx, "staff", "tag clients");
  return inTransaction(ctx, async (tx) => {
    await clientRepo(tx).get(clientId);
    const tagsNow = async () => (await clientTagRepo(tx).listOf([clientId])).get(clientId) ?? [];
    const before = await tagsNow();
    const followed = await setTagsOfClients(tx, [{ clientId, tags }]);
    const after = await tagsNow();
    const changes = changesOf({ tags: before }, { tags: after });
    if (Object.keys(changes).length > 0) await recordAudit(tx, "client.tagged", { entityId: clientId, changes });
    return { ...followed, tags: after };
  });
}
