import type { LinkUse } from "@reminder-app/db/schema/documents";
import { type Id, newId } from "@reminder-app/platform/ids";
import type { Ctx } from "../ctx.ts";
import type { OpenedLink } from "./open-link.ts";
import { linkVisitRepo } from "./link-visits.repo.ts";

/** What somebody did with a link, and from where. */
export interface Visit {
  readonly use: LinkUse;
  /** What was answered, or which document it was about; at most 80 characters. */
  readonly about?: string | undefined;
  readonly network: string;
}

/** Note in a link's access log what was done with it. */
export async function recordVisit(
  ctx: Ctx,
  { link, clientId }: Pick<OpenedLink, "link" | "clientId">,
  { use, about, network }: Visit,
): Promise<void> {
  await linkVisitRepo(ctx).insert({
    id: newId<"LinkVisit">() satisfies Id<"LinkVisit">,
    linkId: link.id,
    clientId,
    use,
    about: about ?? null,
    networkHash: ctx.vault.lookup("link-network", network),
    createdAt: ctx.now(),
  });
}
